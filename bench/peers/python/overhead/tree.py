"""The shape of the row `tree`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def reduce_tree(leaves: Sequence[T], combine: Callable[[T, T], T]) -> T:
    """Combines adjacent pairs, level by level, until one is left; an odd one is carried up."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [combine(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
