"""DAG runs: started by the REST API, watched in the database."""

from __future__ import annotations

import json
import time
import urllib.request

import psycopg

from deployment import Deployment

LOOK_SECONDS = 0.05
ENDED = "('success', 'failed', 'skipped', 'upstream_failed', 'removed')"


class Api:
    """The REST API, as an admin."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = self._request("GET", "/auth/token")["access_token"]

    def trigger(self, dag_id: str, run_id: str) -> None:
        """Starts a run."""
        body = {"dag_run_id": run_id, "logical_date": None}
        self._request("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)

    def _request(self, method: str, path: str, body: object = None) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if path != "/auth/token":
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)


def wait_for_dag(connection: psycopg.Connection, place: Deployment, dag_id: str, seconds: float = 300.0) -> None:
    """Returns once the dag-processor has stored the DAG."""
    deadline = time.monotonic() + seconds
    while connection.execute("SELECT FROM serialized_dag WHERE dag_id = %s", [dag_id]).fetchone() is None:
        place.services.check()
        errors = connection.execute("SELECT stacktrace FROM import_error").fetchall()
        if errors:
            raise RuntimeError(f"the DAG file cannot be imported: {errors[0][0]}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"the dag-processor has not stored {dag_id} after {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)


def wait_for_run(connection: psycopg.Connection, place: Deployment, dag_id: str, run_id: str) -> None:
    """Returns once the run's success is in the database. Raises if it has failed."""
    query = "SELECT state FROM dag_run WHERE dag_id = %s AND run_id = %s"
    while (row := connection.execute(query, [dag_id, run_id]).fetchone()) is None or row[0] != "success":
        if row is not None and row[0] == "failed":
            raise RuntimeError(f"{dag_id} has failed; the scheduler said: {place.services.said('scheduler')}")
        place.services.check()
        time.sleep(LOOK_SECONDS)


def count_ended(connection: psycopg.Connection, dag_id: str, run_id: str) -> int:
    """Task instances of the row that are in an ended state; of stages, those of the runs that they are."""
    if dag_id == "stages":
        query = f"SELECT count(*) FROM task_instance WHERE dag_id = 'stage' AND state IN {ENDED}"
        row = connection.execute(query).fetchone()
    else:
        query = f"SELECT count(*) FROM task_instance WHERE dag_id = %s AND run_id = %s AND state IN {ENDED}"
        row = connection.execute(query, [dag_id, run_id]).fetchone()
    assert row is not None
    return int(row[0])


def final_part(connection: psycopg.Connection, run_id: str) -> tuple[str, float]:
    """The XCom of the tree's last reducer: the path of the array and the sum of the times."""
    query = """
        SELECT value FROM xcom WHERE dag_id = 'tree' AND run_id = %s AND key = 'return_value'
        ORDER BY timestamp DESC LIMIT 1
    """
    row = connection.execute(query, [run_id]).fetchone()
    assert row is not None
    path, seconds = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return path, seconds
