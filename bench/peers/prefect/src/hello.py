"""The row `cold-hello`: the whole of a program that runs a flow of one task against a running server.

Arguments: threads | dask, processes, threads of each, folder for temporary files.
"""

from __future__ import annotations

import sys
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from overhead import work

noop = task(work.noop, cache_policy=NO_CACHE)


def runner(kind: str, processes: int, threads: int, folder: str) -> TaskRunner[Any]:
    """The runner that the variant names; Dask's makes a cluster for the flow run."""
    if kind == "threads":
        return ThreadPoolTaskRunner(max_workers=processes * threads)
    from prefect_dask import DaskTaskRunner

    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": processes,
            "threads_per_worker": threads,
            "dashboard_address": ":0",
            "local_directory": folder,
        }
    )


if __name__ == "__main__":
    kind, processes, threads, folder = sys.argv[1:]

    @flow(task_runner=runner(kind, int(processes), int(threads), folder))
    def hello() -> int:
        return noop.submit().result()

    hello()
