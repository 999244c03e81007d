"""Where the tasks of a flow run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from overhead.case import Case


@contextmanager
def thread_runner(case: Case) -> Iterator[TaskRunner[Any]]:
    """Threads of the flow's own process."""
    yield ThreadPoolTaskRunner(max_workers=case.slots)


@contextmanager
def dask_runner(case: Case, folder: Path) -> Iterator[TaskRunner[Any]]:
    """A cluster that runs already, joined by its address as in the published tests."""
    import dask
    from distributed import Client, LocalCluster
    from prefect_dask import DaskTaskRunner

    with (
        dask.config.set({"temporary-directory": str(folder)}),
        LocalCluster(
            n_workers=case.processes, threads_per_worker=case.threads, dashboard_address=":0"
        ) as cluster,
    ):
        with Client(cluster, set_as_default=False) as client:
            client.wait_for_workers(case.processes)
            client.run(_import_flows)
        yield DaskTaskRunner(address=cluster.scheduler_address)


def _import_flows() -> None:
    import flows  # noqa: F401
