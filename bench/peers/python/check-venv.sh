#!/usr/bin/env bash
# Exits 0 if .venv in the current folder was made from its requirements.lock and holds the named modules.
set -euo pipefail
if ! cmp --silent requirements.lock .venv/made-from.lock; then
  echo "$(basename "$PWD"): its environment is missing or not the pinned one; make it with $PWD/install.sh" >&2
  exit 1
fi
for module in "$@"; do
  .venv/bin/python -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$module') is None)" || {
    echo "$(basename "$PWD"): $module is missing from $PWD/.venv; remove that folder and run $PWD/install.sh" >&2
    exit 1
  }
done
