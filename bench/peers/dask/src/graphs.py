"""The rows as graphs of delayed calls: what is handed to one `dask.compute`."""

from __future__ import annotations

from dask import delayed
from dask.delayed import Delayed

from overhead.case import FAN_WIDTH, Case
from overhead.tree import reduce_tree
from overhead.work import add, leaf, noop


def lean_tree(case: Case) -> Delayed:
    """The tree as an expert writes it: two nodes a leaf, literals inside the calls."""
    make, combine = delayed(leaf, pure=False), delayed(add, pure=False)
    leaves = [make(case.min_seconds, case.max_seconds, case.mebibytes) for _ in range(case.n)]
    return reduce_tree(leaves, combine)


def seed_tree(case: Case) -> Delayed:
    """The tree as the published benchmark builds it: each literal is a delayed object of its own, and a
    reducer takes its pair as a list."""
    leaves = [
        delayed(leaf)(delayed(case.min_seconds), delayed(case.max_seconds), delayed(case.mebibytes))
        for _ in range(case.n)
    ]
    return reduce_tree(leaves, lambda left, right: delayed(add_pair)([left, right], delayed({})))


def add_pair(pair: list, _parameters: dict) -> tuple:
    """`add` with the arguments of the published benchmark."""
    return add(pair[0], pair[1])


def chain(case: Case) -> Delayed:
    """Each call waits for the one before."""
    step, last = delayed(noop, pure=False), 0
    for _ in range(case.n):
        last = step(last)
    return last


def fan(case: Case) -> Delayed:
    """Rounds of sixteen calls from one, gathered by one."""
    step, one = delayed(noop, pure=False), 0
    for _ in range(case.n):
        one = step(*[step(one) for _ in range(FAN_WIDTH)])
    return one
