"""Runs one case on Airflow 3."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import psycopg

from dag_runs import Api, count_ended, final_part, wait_for_dag, wait_for_run
from deployment import AIRFLOW, Deployment, deployment
from overhead.answer import answer
from overhead.case import Case
from overhead.database import connect, server_url, settled_size_bytes
from overhead.outcome import Measured, Outcome
from overhead.record import watch_record
from overhead.scratch import Scratch
from overhead.versions import versions_of

VERSIONS = versions_of("apache-airflow", "apache-airflow-task-sdk", "numpy", "psycopg2-binary", "sqlalchemy")
RUN = "measured"
QUIET_SECONDS = 2.0


def main(case: Case) -> Outcome:
    """Answers a case."""
    with (
        Scratch("airflow", server_url()) as scratch,
        deployment(case, sys.argv[1], scratch, is_serving=case.row != "cold-hello") as place,
        connect(server_url(), scratch.database) as connection,
    ):
        if case.row == "cold-hello":
            return cold_hello(connection, place)
        return run_dag(case, connection, place)


def run_dag(case: Case, connection: psycopg.Connection, place: Deployment) -> Measured:
    """Times a DAG run, from its trigger until its success is in the database."""
    dag_id = case.row.replace("-", "_")
    api = Api(place.url)
    wait_for_dag(connection, place, dag_id)
    api.trigger("warm_up", "warm")
    wait_for_run(connection, place, "warm_up", "warm")
    before = settled_size_bytes(connection, QUIET_SECONDS)

    start = time.perf_counter()
    api.trigger(dag_id, RUN)
    submitted = time.perf_counter() - start
    wait_for_run(connection, place, dag_id, RUN)
    part = final_part(connection, RUN) if case.row == "tree" else None
    array = None if part is None else np.load(part[0])
    seconds = time.perf_counter() - start

    record = watch_record(lambda: count_ended(connection, dag_id, RUN), case.task_runs)
    after = settled_size_bytes(connection, QUIET_SECONDS)
    return Measured(
        t_workflow=seconds,
        t_submit=submitted,
        t_sum_task_times=None if part is None else part[1],
        check=None if array is None else float(array[0]),
        tasks_executed=record.finally_there,
        tasks_cached=0,
        recorded_at_end=record.at_end,
        recorded_expected=case.task_runs,
        seconds_until_recorded=record.seconds,
        bytes_per_task=(after - before) / case.task_runs,
        versions=VERSIONS,
        settings=settings(case, place),
    )


def cold_hello(connection: psycopg.Connection, place: Deployment) -> Measured:
    """Times `airflow dags test`, which runs a DAG in one fresh process without the scheduler."""
    wait_for_dag(connection, place, "hello")
    start = time.perf_counter()
    subprocess.run([AIRFLOW, "dags", "test", "hello"], check=True)
    seconds = time.perf_counter() - start
    row = connection.execute("SELECT count(*) FROM task_instance WHERE state = 'success'").fetchone()
    assert row is not None
    return Measured(
        t_workflow=seconds,
        tasks_executed=int(row[0]),
        tasks_cached=0,
        versions=VERSIONS,
        settings=place.settings | {"command": "airflow dags test"},
    )


def settings(case: Case, place: Deployment) -> dict[str, str | int | float | bool]:
    """The settings to report."""
    return place.settings | {
        "task process": "LocalExecutor forks one for each task run, whatever the case says of threads",
        "arrays": "files; XCom carries their paths" if case.row == "tree" else "none",
        "schedulers": 1,
    }


if __name__ == "__main__":
    answer(main)
