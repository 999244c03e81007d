"""A place for one case, and the promise that nothing of the case outlives it.

`Scratch` makes a temporary folder and, where the peer has a database, a database of its own. Everything that
the case starts carries its mark in the environment. A guard, a small process in a session of its own, holds
the other end of a pipe: when the case ends, well or killed, the pipe closes, and the guard ends all processes
with the mark, drops the database and removes the folder. A process group would not do: schedulers put the
processes of their tasks into groups of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from types import TracebackType

from . import guard


class Scratch:
    """Folder, database name and mark of one case. A context manager; leaving it cleans up."""

    def __init__(self, peer: str, server: str | None = None) -> None:
        """`server` is the URL of the PostgreSQL server on which the case may create its database."""
        self.mark = uuid.uuid4().hex
        self.server = server
        self.database = f"sidereal_bench_{peer}_{self.mark[:8]}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"sidereal-bench-{peer}-"))
        command = [sys.executable, "-m", guard.__name__, self.mark, str(self.folder)]
        if server is not None:
            command += [server, self.database]
        self._guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        # Children inherit it; this process, which was started without it, is not ended by the guard.
        os.environ[guard.MARK] = self.mark

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()
