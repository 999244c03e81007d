"""The rows as Prefect flows. Import this once Prefect's settings are in the environment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from prefect import Flow, Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner

from overhead import work
from overhead.case import FAN_WIDTH, Case
from overhead.tree import reduce_tree

leaf = task(work.leaf, cache_policy=NO_CACHE)
add = task(work.add, cache_policy=NO_CACHE)
noop = task(work.noop, cache_policy=NO_CACHE)
noop_item = task(work.noop_item, cache_policy=NO_CACHE)


class Submissions:
    """Counts the task runs that a flow asks for. It returns only with the results of them all, so that they
    have been executed by then, whether or not the server has heard of them."""

    def __init__(self) -> None:
        self.count = 0
        self.ended_at: float | None = None

    def submit(self, one: Task[..., Any], *inputs: Any) -> Any:
        """Submits one call; a future of it."""
        self.count += 1
        return one.submit(*inputs)

    def end(self) -> None:
        """The last one has been submitted."""
        self.ended_at = time.perf_counter()


def row_flow(case: Case, runner: TaskRunner[Any], asked: Submissions) -> Flow[[], Any]:
    """The flow of a row; running it returns the row's result."""
    rows: dict[str, Callable[[Case, Submissions], Any]] = {
        "tree": _tree,
        "noop-map": _noop_map,
        "chain": _chain,
        "fan": _fan,
    }
    if case.row == "stages":
        return _stages(case, asked)
    body = rows[case.row]

    @flow(name=case.row, task_runner=runner)
    def run() -> Any:
        return body(case, asked)

    return run


def warm_up_flow(case: Case, runner: TaskRunner[Any]) -> Flow[[], Any]:
    """A task for each slot, long enough that every slot gets one."""

    @flow(name="warm-up", task_runner=runner)
    def run() -> None:
        for future in [leaf.submit(0.5, 0.5, 0.001) for _ in range(case.slots)]:
            future.result()

    return run


def _tree(case: Case, asked: Submissions) -> work.Part:
    sizes = (case.min_seconds, case.max_seconds, case.mebibytes)
    leaves = [asked.submit(leaf, *sizes) for _ in range(case.n)]
    root = reduce_tree(leaves, lambda left, right: asked.submit(add, left, right))
    asked.end()
    return root.result()


def _noop_map(case: Case, asked: Submissions) -> None:
    futures = noop_item.map(range(case.n))
    asked.end()
    asked.count += len(futures.result())


def _chain(case: Case, asked: Submissions) -> int:
    last: Any = 0
    for _ in range(case.n):
        last = asked.submit(noop, last)
    asked.end()
    return last.result()


def _fan(case: Case, asked: Submissions) -> int:
    one: Any = 0
    for _ in range(case.n):
        one = asked.submit(noop, *[asked.submit(noop, one) for _ in range(FAN_WIDTH)])
    asked.end()
    return one.result()


def _stages(case: Case, asked: Submissions) -> Flow[[], Any]:
    """Sub-flows have no `submit`; that several run at once takes async flows and `asyncio.gather`, which is
    what the documentation shows. As many at once as the case has slots."""

    @task(name="noop", cache_policy=NO_CACHE)
    async def noop_async() -> None:
        work.noop()

    @flow(name="stage")
    async def stage() -> None:
        await noop_async()

    @flow(name="stages")
    async def run() -> None:
        slots = asyncio.Semaphore(case.slots)

        async def one() -> None:
            async with slots:
                await stage()
                asked.count += 1

        await asyncio.gather(*[one() for _ in range(case.n)])

    return run
