"""How far a system's record is behind its runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Record:
    """Task runs in an ended state: when the run was reported ended, and in the end."""

    at_end: int
    finally_there: int
    seconds: float | None
    """Until all were there; `None` if they never were."""


def watch_record(count: Callable[[], int], expected: int) -> Record:
    """Looks at once, then again and again until all are there, or none has come for a minute."""
    began = advanced = time.perf_counter()
    at_end = seen = count()
    now = time.perf_counter()
    if at_end >= expected:
        return Record(at_end, seen, 0.0)
    while seen < expected and now - advanced < PATIENCE_SECONDS:
        time.sleep(LOOK_SECONDS)
        before, seen = seen, count()
        now = time.perf_counter()
        if seen > before:
            advanced = now
    if seen >= expected:
        return Record(at_end, seen, now - began)
    print(f"only {seen} of {expected} task runs were recorded as ended", file=sys.stderr)
    return Record(at_end, seen, None)
