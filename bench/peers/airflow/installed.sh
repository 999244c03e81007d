#!/usr/bin/env bash
# Exits 0 if the environment is there and PostgreSQL answers, else says what is missing.
set -euo pipefail
cd "$(dirname "$0")"
../python/check-venv.sh airflow numpy psycopg
../python/check-postgres.sh
