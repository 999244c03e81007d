#!/usr/bin/env bash
# Makes .venv in the current folder from its requirements.lock; does nothing if it was made from the same.
set -euo pipefail
made=.venv/made-from.lock
if ! cmp --silent requirements.lock "$made"; then
  python="${SIDEREAL_BENCH_PYTHON:-python3.11}"
  "$python" --version >&2 || { echo "$python is missing: install Python 3.11, or name it in SIDEREAL_BENCH_PYTHON" >&2; exit 1; }
  rm -rf .venv
  "$python" -m venv .venv
  .venv/bin/pip install -qq --no-deps --requirement requirements.lock >&2
  .venv/bin/pip check >&2
  cp requirements.lock "$made"
fi
echo "$(basename "$PWD"): $PWD/.venv, $(wc -l < requirements.lock) packages, $(.venv/bin/python --version)"
