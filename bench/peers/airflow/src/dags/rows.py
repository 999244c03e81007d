"""The DAG of the row that is measured, the DAG that warms up, and what stages are made of.

Airflow parses this file again in the process of every task, so it imports nothing heavy at the top, as its
best practices ask: numpy only inside the tasks that need it. The case comes by the environment.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, get_current_context, task

from overhead.case import FAN_WIDTH, read_case

CASE = read_case(os.environ["SIDEREAL_BENCH_ASKED"])
DATA = Path(os.environ["SIDEREAL_BENCH_DATA"])

Part = list[str | float]
"""What an XCom carries of a part: the path of its array, and the seconds that its tasks took. A list, which
JSON has; a tuple would be wrapped."""

Position = tuple[str, int]
"""Where a part is made: task and index in its map."""


@task
def noop(index: int = 0) -> None:
    """Does nothing."""


@task
def leaf(index: int) -> Part:
    """Makes a part. The array goes to a file and only its path through XCom."""
    from overhead import work

    return _keep(work.leaf(CASE.min_seconds, CASE.max_seconds, CASE.mebibytes))


@task
def add(pair: tuple[Position, Position]) -> Part:
    """Adds the parts made at two positions, and removes their files."""
    from overhead import work

    (left, left_file), (right, right_file) = (_fetch(*position) for position in pair)
    part = _keep(work.add(left, right))
    left_file.unlink()
    right_file.unlink()
    return part


def _keep(part: tuple[Any, float]) -> Part:
    import numpy as np

    array, seconds = part
    path = DATA / f"{uuid.uuid4().hex}.npy"
    np.save(path, array)
    return [str(path), seconds]


def _fetch(task_id: str, index: int) -> tuple[tuple[Any, float], Path]:
    import numpy as np

    path, seconds = get_current_context()["ti"].xcom_pull(task_ids=task_id, map_indexes=index)
    return (np.load(path), seconds), Path(path)


@dag(schedule=None, max_active_tasks=CASE.slots)
def warm_up() -> None:
    """A task for each slot, long enough that every slot gets one."""

    @task
    def doze(index: int) -> None:
        import time

        import numpy  # noqa: F401

        time.sleep(1)

    doze.expand(index=list(range(CASE.slots)))


@dag(schedule=None, max_active_tasks=CASE.slots)
def tree() -> None:
    """A mapped task for each level. The indexes to add are known when the DAG is parsed, so each reducer pulls
    the two XComs that it needs; mapping over the output of a level would hand each of them all."""
    level: list[Position] = [("leaf", index) for index in range(CASE.n)]
    made = leaf.expand(index=list(range(CASE.n)))
    depth = 0
    while len(level) > 1:
        depth += 1
        pairs = [(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        reduced = add.override(task_id=f"add_{depth}").expand(pair=pairs)
        made >> reduced
        made = reduced
        level = [(f"add_{depth}", index) for index in range(len(pairs))] + level[2 * len(pairs) :]


@dag(schedule=None, max_active_tasks=CASE.slots)
def noop_map() -> None:
    """One mapped task."""
    noop.expand(index=list(range(CASE.n)))


@dag(schedule=None, max_active_tasks=CASE.slots)
def chain() -> None:
    """Each task waits for the one before."""
    last = None
    for hop in range(CASE.n):
        here = noop.override(task_id=f"hop_{hop}")()
        if last is not None:
            last >> here
        last = here


@dag(schedule=None, max_active_tasks=CASE.slots)
def fan() -> None:
    """Rounds of a map over sixteen and a task that waits for it."""
    one = None
    for turn in range(CASE.n):
        spread = noop.override(task_id=f"spread_{turn}").expand(index=list(range(FAN_WIDTH)))
        if one is not None:
            one >> spread
        one = noop.override(task_id=f"gather_{turn}")()
        spread >> one


@dag(schedule=None, max_active_tasks=CASE.slots, max_active_runs=CASE.slots)
def stage() -> None:
    """One stage, which is a DAG run of its own."""
    noop()


@dag(schedule=None, max_active_tasks=CASE.slots)
def stages() -> None:
    """Starts a DAG run for each stage and waits for it without holding a slot."""
    TriggerDagRunOperator.partial(
        task_id="start_stage",
        trigger_dag_id="stage",
        wait_for_completion=True,
        deferrable=True,
        poke_interval=1,
    ).expand(trigger_run_id=[f"stage_{index}" for index in range(CASE.n)])


@dag(schedule=None)
def hello() -> None:
    """One task."""
    noop()


warm_up()
match CASE.row:
    case "tree":
        tree()
    case "noop-map":
        noop_map()
    case "chain":
        chain()
    case "fan":
        fan()
    case "stages":
        stage()
        stages()
    case "cold-hello":
        hello()
