"""Runs one case on Prefect 3."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from deployment import deployment
from overhead.answer import answer
from overhead.case import Case
from overhead.database import connect, server_url, settled_size_bytes
from overhead.outcome import Measured, Outcome, Unable
from overhead.record import watch_record
from overhead.scratch import Scratch
from overhead.versions import versions_of
from task_runs import count_all_completed, count_cached, count_ended

VERSIONS = versions_of("prefect", "prefect-dask", "prefect-redis", "distributed", "numpy", "asyncpg")

QUIET_SECONDS = 6.0
"""Events are flushed to the database every 5 s."""


def main(case: Case) -> Outcome:
    """Answers a case."""
    runner, _, setup = (case.variant or "threads").partition("-")
    if runner == "threads" and case.processes > 1:
        return Unable(
            "ThreadPoolTaskRunner runs tasks in threads of the flow's process; several processes are DaskTaskRunner's"
        )
    with (
        Scratch("prefect", server_url()) as scratch,
        deployment(scratch, is_scaled=setup == "scaled") as settings,
        connect(server_url(), scratch.database) as connection,
    ):
        settings = settings | {"cache_policy": "NO_CACHE", "task_runner": runner}
        if case.row == "cold-hello":
            return cold_hello(case, runner, scratch.folder, connection, settings)
        return run_flow(case, runner, scratch.folder, connection, settings)


def run_flow(
    case: Case, kind: str, folder: Path, connection: psycopg.Connection, settings: dict[str, str]
) -> Measured:
    """Times the call of a flow, from the call until it has returned in its final state."""
    # Reads its settings when it is imported, which the deployment has made by now.
    from flows import Submissions, row_flow, warm_up_flow
    from runners import dask_runner, thread_runner

    asked = Submissions()
    with dask_runner(case, folder) if kind == "dask" else thread_runner(case) as runner:
        warm = warm_up_flow(case, runner)(return_state=True)
        watch_record(lambda: count_ended(connection, warm.state_details.flow_run_id), case.slots)
        before = settled_size_bytes(connection, QUIET_SECONDS)

        described = row_flow(case, runner, asked)
        start = time.perf_counter()
        state = described(return_state=True)
        if inspect.iscoroutine(state):
            state = asyncio.run(state)
        seconds = time.perf_counter() - start

        if not state.is_completed():
            raise RuntimeError(f"the flow run ended as {state.name}: {state.message}")
        run = state.state_details.flow_run_id
        record = watch_record(lambda: count_ended(connection, run), case.task_runs)
        after = settled_size_bytes(connection, QUIET_SECONDS)

    result = state.result() if case.row == "tree" else None
    cached = count_cached(connection, run)
    return Measured(
        t_workflow=seconds,
        t_submit=None if asked.ended_at is None else asked.ended_at - start,
        t_sum_task_times=None if result is None else result[1],
        check=None if result is None else float(result[0][0]),
        tasks_executed=asked.count - cached,
        tasks_cached=cached,
        recorded_at_end=record.at_end,
        recorded_expected=case.task_runs,
        seconds_until_recorded=record.seconds,
        bytes_per_task=(after - before) / case.task_runs,
        versions=VERSIONS,
        settings=settings | {"task runs recorded in the end": record.finally_there},
    )


def cold_hello(
    case: Case, kind: str, folder: Path, connection: psycopg.Connection, settings: dict[str, str]
) -> Measured:
    """Times a fresh program from its start to its end; the server runs already."""
    program = Path(__file__).with_name("hello.py")
    command = [sys.executable, str(program), kind, str(case.processes), str(case.threads), str(folder)]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    record = watch_record(lambda: count_all_completed(connection), 1)
    return Measured(
        t_workflow=seconds,
        tasks_executed=record.finally_there,
        tasks_cached=0,
        recorded_at_end=record.at_end,
        recorded_expected=1,
        seconds_until_recorded=record.seconds,
        versions=VERSIONS,
        settings=dict(settings),
    )


if __name__ == "__main__":
    answer(main)
