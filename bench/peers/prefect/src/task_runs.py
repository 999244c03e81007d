"""What the server's database says of the task runs of one flow run."""

from __future__ import annotations

from uuid import UUID

import psycopg

# Task runs of the flow run; of a sub-flow, which stands for itself as a task run of its parent, its own.
TASK_RUNS = """
    SELECT count(*) FROM task_run t JOIN flow_run f ON f.id = t.flow_run_id
    LEFT JOIN task_run parent ON parent.id = f.parent_task_run_id
    WHERE (f.id = %(run)s OR parent.flow_run_id = %(run)s)
      AND NOT EXISTS (SELECT FROM flow_run child WHERE child.parent_task_run_id = t.id)
"""
ENDED = "AND t.state_type IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')"
CACHED = "AND t.state_name = 'Cached'"


def count_ended(connection: psycopg.Connection, flow_run: UUID) -> int:
    """Task runs in a terminal state."""
    return _count(connection, TASK_RUNS + ENDED, flow_run)


def count_cached(connection: psycopg.Connection, flow_run: UUID) -> int:
    """Task runs whose result came from a cache."""
    return _count(connection, TASK_RUNS + CACHED, flow_run)


def count_all_completed(connection: psycopg.Connection) -> int:
    """Task runs of any flow run that have been executed, not taken from a cache."""
    row = connection.execute(
        "SELECT count(*) FROM task_run WHERE state_type = 'COMPLETED' AND state_name <> 'Cached'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def _count(connection: psycopg.Connection, query: str, flow_run: UUID) -> int:
    row = connection.execute(query, {"run": flow_run}).fetchone()
    assert row is not None
    return int(row[0])
