#!/usr/bin/env bash
# Exits 0 if a case can run here; else says on stderr what is missing.
set -euo pipefail
cd "$(dirname "$0")"
node=../../../node_modules/.bin/node
[ -x "$node" ] || { echo "no Node.js 24 in $(realpath ../../..)/node_modules: run npm ci there" >&2; exit 1; }
[ "$(cat node_modules/.sidereal-lock 2> /dev/null)" = "$(sha256sum package-lock.json)" ] ||
  { echo "packages of $(pwd)/package-lock.json are not installed: run $(pwd)/install.sh" >&2; exit 1; }
exec timeout 20 "$node" --disable-warning=ExperimentalWarning installed.ts
