"""Airflow for one case: its own home, database, api-server, scheduler with LocalExecutor and dag-processor."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overhead.case import Case
from overhead.database import create_database
from overhead.scratch import Scratch
from overhead.services import Services, free_port

AIRFLOW = str(Path(sys.executable).with_name("airflow"))
DAGS = Path(__file__).with_name("dags")


def tuned(case: Case) -> dict[str, str]:
    """What is not as Airflow ships it, and may matter; `README.md` says why."""
    return {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(case.slots),
        "AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG": str(case.slots),
        "AIRFLOW__CORE__MAX_MAP_LENGTH": str(max(1024, case.n)),
        "AIRFLOW__SCHEDULER__MAX_TIS_PER_QUERY": "0",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "86400",
        "AIRFLOW__API__WORKERS": str(os.cpu_count()),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
    }


class Deployment:
    """A set-up that is there: its programs, its address and its settings."""

    def __init__(self, services: Services, url: str, settings: dict[str, str]) -> None:
        self.services = services
        self.url = url
        self.settings = settings


@contextmanager
def deployment(case: Case, asked: str, scratch: Scratch, is_serving: bool) -> Iterator[Deployment]:
    """Migrates a database and starts the programs; without `is_serving` only what `airflow dags test` needs.

    `asked` is the case as it came; the DAG file reads it.
    """
    assert scratch.server is not None
    create_database(scratch.server, scratch.database)
    settings = tuned(case)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    os.environ.update(settings | _housekeeping(asked, scratch, url))
    with Services(scratch.folder) as services:
        services.run("db-migrate", AIRFLOW, "db", "migrate")
        services.start("dag-processor", AIRFLOW, "dag-processor")
        if is_serving:
            services.start("api-server", AIRFLOW, "api-server", "--host", "127.0.0.1", "--port", str(port))
            services.start("scheduler", AIRFLOW, "scheduler", "--skip-serve-logs")
            if case.row == "stages":
                services.start("triggerer", AIRFLOW, "triggerer", "--skip-serve-logs")
            services.wait_for_http(f"{url}/api/v2/monitor/health")
        yield Deployment(services, url, settings)


def _housekeeping(asked: str, scratch: Scratch, url: str) -> dict[str, str]:
    """Where things are, who may do what, and that nothing leaves the machine."""
    assert scratch.server is not None
    data = scratch.folder / "data"
    data.mkdir()
    _, rest = scratch.server.split("://", 1)
    return {
        "AIRFLOW_HOME": str(scratch.folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{rest}/{scratch.database}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SIDEREAL_BENCH_ASKED": asked,
        "SIDEREAL_BENCH_DATA": str(data),
    }
