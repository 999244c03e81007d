"""The entry of every peer: reads the case, runs it, and prints the outcome as the last line of stdout."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from .case import Case, read_case
from .outcome import Outcome, to_json


def answer(run: Callable[[Case], Outcome]) -> None:
    """Runs the case given as the one argument.

    Whatever is printed meanwhile, by libraries and by child processes too, goes to stderr. SIGTERM ends the
    case as an exception does, so that what it opened is closed.
    """
    stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _terminate)
    outcome = run(read_case(sys.argv[1]))
    print(to_json(outcome), file=stdout, flush=True)


def _terminate(_signal: int, _frame: object) -> None:
    # Once: closing what is open is not interrupted by a second request.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit("ended by SIGTERM")
