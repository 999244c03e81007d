#!/usr/bin/env bash
# Runs one case: ./run.sh '<case JSON>'. The last line of stdout is the outcome.
set -euo pipefail
cd "$(dirname "$0")"
exec ../../../node_modules/.bin/node --disable-warning=ExperimentalWarning main.ts "$@"
