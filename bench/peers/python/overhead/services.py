"""Servers that a case starts and stops: their logs in files of its folder."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType

STOP_SECONDS = 10.0


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Services:
    """Programs that run beside the case. A context manager; leaving it ends them, last started first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, *command: str) -> None:
        """Starts a program; what it says goes to `<name>.log`."""
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder
            )
        self._running.append((name, process))

    def run(self, name: str, *command: str) -> None:
        """Runs a program to its end; raises with the end of what it said if it fails."""
        with self._log(name).open("wb") as log:
            code = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder
            ).returncode
        if code != 0:
            raise RuntimeError(f"{name} ended with {code}: {self.said(name)}")

    def wait_for_http(self, url: str, seconds: float = 180.0) -> None:
        """Returns once a GET of `url` succeeds. Raises if one of the programs has ended, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except OSError as error:
                self.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{url} does not answer after {seconds:.0f} s: {error}") from error
                time.sleep(0.1)

    def check(self) -> None:
        """Raises if one of the programs has ended."""
        for name, process in self._running:
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended with {process.returncode}: {self.said(name)}") from None

    def said(self, name: str) -> str:
        """The end of what a program has said."""
        return self._log(name).read_bytes()[-4096:].decode(errors="replace")

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def __enter__(self) -> Services:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for _, process in reversed(self._running):
            process.terminate()
        for _, process in reversed(self._running):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
