#!/usr/bin/env bash
# Makes the pinned environment: .venv beside this file, from requirements.lock.
set -euo pipefail
cd "$(dirname "$0")"
exec ../python/make-venv.sh
