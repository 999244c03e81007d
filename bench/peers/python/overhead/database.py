"""PostgreSQL, as seen from outside of the system that is measured."""

from __future__ import annotations

import os
import time

import psycopg
from psycopg import sql

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432"


def server_url() -> str:
    """Where the PostgreSQL server is, without a database: from SIDEREAL_BENCH_POSTGRES."""
    return os.environ.get("SIDEREAL_BENCH_POSTGRES", DEFAULT_SERVER).rstrip("/")


def create_database(server: str, name: str) -> None:
    """Creates an empty database."""
    _administer(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(server: str, name: str) -> None:
    """Drops a database if it is there; who is connected is disconnected."""
    _administer(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(server: str, name: str) -> psycopg.Connection:
    """Opens a connection that sees each commit of others at once."""
    return psycopg.connect(f"{server}/{name}", autocommit=True)


def size_bytes(connection: psycopg.Connection) -> int:
    """The size of the connected database on disk."""
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])


def settled_size_bytes(connection: psycopg.Connection, quiet_seconds: float, at_most: float = 120.0) -> int:
    """The size once it has not grown for `quiet_seconds`: what is written with a delay has been written."""
    began = grown = time.monotonic()
    size = size_bytes(connection)
    while time.monotonic() - grown < quiet_seconds and time.monotonic() - began < at_most:
        time.sleep(0.25)
        before, size = size, size_bytes(connection)
        if size != before:
            grown = time.monotonic()
    return size


def _administer(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)
