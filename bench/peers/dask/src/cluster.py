"""A cluster on this machine, and how many tasks it has executed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
from distributed import Client, LocalCluster

from overhead.case import Case
from overhead.work import noop

TASKS = ("leaf", "add", "add_pair", "noop")
"""The key prefixes of the rows' tasks: the names of their functions."""


@contextmanager
def local_cluster(case: Case, folder: Path) -> Iterator[Client]:
    """Workers as the case has processes, each with as many threads; warm: every slot has run a task."""
    with (
        dask.config.set({"temporary-directory": str(folder)}),
        LocalCluster(
            n_workers=case.processes, threads_per_worker=case.threads, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        client.wait_for_workers(case.processes)
        client.run(_import_work)
        client.gather(client.map(noop, range(case.slots), pure=False))
        yield client


def executed(client: Client) -> int:
    """Calls of the rows' functions whose result has come into the cluster's memory since it started. Delayed
    literals, which Dask counts as tasks too, are not among them."""
    prefixes = client.cluster.scheduler.task_prefixes
    return sum(prefixes[name].state_counts["memory"] for name in TASKS if name in prefixes)


def _import_work() -> None:
    import numpy  # noqa: F401
