#!/usr/bin/env bash
# Exits 0 if the environment is there, else says what is missing.
set -euo pipefail
cd "$(dirname "$0")"
exec ../python/check-venv.sh distributed numpy
