#!/usr/bin/env bash
# Exits 0 if the environment is there and PostgreSQL answers, else says what is missing.
set -euo pipefail
cd "$(dirname "$0")"
../python/check-venv.sh prefect prefect_dask prefect_redis psycopg
../python/check-postgres.sh
if ! command -v redis-server > /dev/null; then
  echo "prefect: redis-server is not on the PATH; the scaled set-up starts one of its own (Debian: apt-get install redis-server)" >&2
  exit 1
fi
