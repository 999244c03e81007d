#!/usr/bin/env bash
# Installs what package-lock.json pins into this folder. No install scripts run, nothing else is fetched.
set -euo pipefail
cd "$(dirname "$0")"
root=$(realpath ../../..)
[ -x "$root/node_modules/.bin/node" ] || { echo "no Node.js 24 in $root/node_modules: run npm ci there" >&2; exit 1; }
export PATH="$root/node_modules/.bin:$PATH"
lock=$(sha256sum package-lock.json)
if [ "$(cat node_modules/.sidereal-lock 2> /dev/null)" != "$lock" ]; then
  npm ci --ignore-scripts --no-audit --no-fund >&2
  echo "$lock" > node_modules/.sidereal-lock
fi
