"""Runs one case on Dask distributed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import dask
from dask.delayed import Delayed
from distributed import Client

from cluster import executed, local_cluster
from graphs import chain, fan, lean_tree, seed_tree
from overhead.answer import answer
from overhead.case import Case
from overhead.outcome import Measured, Outcome, Unable
from overhead.scratch import Scratch
from overhead.versions import versions_of
from overhead.work import noop

VERSIONS = versions_of("dask", "distributed", "numpy")


def main(case: Case) -> Outcome:
    """Answers a case."""
    if case.row == "stages":
        return Unable(
            "Dask has task graphs only: a task can launch tasks (get_client, worker_client), but they join the "
            "same scheduler's graph; no sub-graph is a run of its own"
        )
    with Scratch("dask") as scratch:
        if case.row == "cold-hello":
            return cold_hello(case, scratch.folder)
        with local_cluster(case, scratch.folder) as client:
            return noop_map(case, client) if case.row == "noop-map" else compute(case, client)


def compute(case: Case, client: Client) -> Measured:
    """Describes the graph, then times one `dask.compute` of it."""
    graph = describe(case)
    before = executed(client)
    start = time.perf_counter()
    (result,) = dask.compute(graph)
    seconds = time.perf_counter() - start
    is_tree = case.row == "tree"
    return Measured(
        t_workflow=seconds,
        t_sum_task_times=result[1] if is_tree else None,
        check=float(result[0][0]) if is_tree else None,
        tasks_executed=executed(client) - before,
        tasks_cached=0,
        versions=VERSIONS,
        settings=settings(case) | {"submitted by": "dask.compute of one delayed object"},
    )


def describe(case: Case) -> Delayed:
    """The graph of a row."""
    match case.row:
        case "tree":
            return seed_tree(case) if case.variant == "seed" else lean_tree(case)
        case "chain":
            return chain(case)
        case "fan":
            return fan(case)
        case row:
            raise ValueError(f"there is no row {row}")


def noop_map(case: Case, client: Client) -> Measured:
    """Times `client.map` and the gathering of its futures."""
    before = executed(client)
    start = time.perf_counter()
    futures = client.map(noop, range(case.n), pure=False)
    submitted = time.perf_counter() - start
    client.gather(futures)
    seconds = time.perf_counter() - start
    return Measured(
        t_workflow=seconds,
        t_submit=submitted,
        tasks_executed=executed(client) - before,
        tasks_cached=0,
        versions=VERSIONS,
        settings=settings(case) | {"submitted by": "client.map, client.gather"},
    )


def cold_hello(case: Case, folder: Path) -> Measured:
    """Times a fresh program from its start to its end."""
    program = Path(__file__).with_name("hello.py")
    command = [sys.executable, str(program), str(case.processes), str(case.threads), str(folder)]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    return Measured(
        t_workflow=seconds, tasks_executed=1, tasks_cached=0, versions=VERSIONS, settings=settings(case)
    )


def settings(case: Case) -> dict[str, str | int | float | bool]:
    """What an expert would ask about; all else is as Dask ships it."""
    return {
        "LocalCluster n_workers": case.processes,
        "LocalCluster threads_per_worker": case.threads,
        "distributed.scheduler.worker-saturation": dask.config.get("distributed.scheduler.worker-saturation"),
        "distributed.worker.memory.target": dask.config.get("distributed.worker.memory.target"),
    }


if __name__ == "__main__":
    answer(main)
