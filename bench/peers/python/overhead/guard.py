"""Cleans up after a case once its pipe to here closes: see `scratch.py`. Started as a program by it.

Arguments: mark, folder, and where there is a database the server's URL and the database's name.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

MARK = "SIDEREAL_BENCH_CASE"


def main(mark: str, folder: str, server: str | None = None, database: str | None = None) -> None:
    """Waits for the end of stdin, then cleans up."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    while marked := _marked(mark):
        for pid in marked:
            _kill(pid)
        time.sleep(0.02)
    if server is not None and database is not None:
        from .database import drop_database

        drop_database(server, database)
    shutil.rmtree(folder, ignore_errors=True)


def _marked(mark: str) -> list[int]:
    """The processes that were started with the mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _has(entry, wanted)]


def _has(process: Path, wanted: bytes) -> bool:
    try:
        return wanted in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False  # it has ended, or is somebody else's


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
