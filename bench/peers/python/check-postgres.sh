#!/usr/bin/env bash
# Exits 0 if PostgreSQL answers and lets us make databases; asked with the .venv of the current folder.
set -euo pipefail
PYTHONPATH="$(dirname "$0")" PYTHONDONTWRITEBYTECODE=1 .venv/bin/python - << 'PYTHON'
import sys

import psycopg

from overhead.database import server_url

try:
    with psycopg.connect(f"{server_url()}/postgres", connect_timeout=5) as connection:
        (may_create,) = connection.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
except psycopg.OperationalError as error:
    sys.exit(
        f"PostgreSQL does not answer at {server_url()} ({error}); start one of version 14.9 or newer, or name it "
        "in SIDEREAL_BENCH_POSTGRES=postgresql://USER:PASSWORD@HOST:PORT"
    )
if not may_create:
    sys.exit(f"the user of {server_url()} may not create databases; name one who may in SIDEREAL_BENCH_POSTGRES")
PYTHON
