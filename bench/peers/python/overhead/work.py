"""What the tasks of the rows do. Each peer wraps these functions as its tasks; none adds to their work."""

from __future__ import annotations

import random
import time

import numpy as np

Part = tuple[np.ndarray, float]
"""An array, and the seconds that the tasks which made it took."""


def leaf(min_seconds: float, max_seconds: float, mebibytes: float) -> Part:
    """Sleeps for a time drawn here and returns an array of ones. Oversleep and making it count as task time."""
    start = time.perf_counter()
    time.sleep(random.uniform(min_seconds, max_seconds))
    array = np.ones(int(mebibytes * 1024 * 1024 / 8), dtype=np.float64)
    return array, time.perf_counter() - start


def add(left: Part, right: Part) -> Part:
    """Adds two arrays, and their times and its own."""
    start = time.perf_counter()
    array = left[0] + right[0]
    seconds = left[1] + right[1]
    return array, seconds + (time.perf_counter() - start)


def noop(*_inputs: object) -> int:
    """Does nothing. Its inputs are there to wait for."""
    return 0


def noop_item(item: object) -> int:
    """Does nothing with one item of a map."""
    return 0
