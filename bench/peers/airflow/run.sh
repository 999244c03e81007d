#!/usr/bin/env bash
# Runs one case, given as JSON; the outcome is the last line of stdout.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
export PYTHONPATH="$here/src:$here/../python" PYTHONDONTWRITEBYTECODE=1
exec "$here/.venv/bin/python" "$here/src/main.py" "$@"
