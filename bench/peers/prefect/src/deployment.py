"""A Prefect server with PostgreSQL for one case, in one of two set-ups.

- stock: one `prefect server start`, as in the published overhead tests. All services inside it, events passed
  on in its memory, task runs recorded one by one (the defaults).
- scaled: as "How to scale self-hosted Prefect" of the documentation has it: API server and background services
  in processes of their own, events passed on through Redis, migrations before the start; and the recorder and
  the persister of events work in batches.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overhead.database import create_database
from overhead.scratch import Scratch
from overhead.services import Services, free_port

PREFECT = str(Path(sys.executable).with_name("prefect"))
BATCH = "100"

CLIENT_AND_SERVER = {
    # Off, as the published tests have them: else results would be cached from one run to the next.
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    # As the published tests have it: a line for each task run would be sent to the server otherwise.
    "PREFECT_LOGGING_LEVEL": "ERROR",
    # Nothing is to leave the machine.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

BATCHES = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": BATCH,
}


@contextmanager
def deployment(scratch: Scratch, is_scaled: bool) -> Iterator[dict[str, str]]:
    """Starts the set-up and points this process's Prefect at it; yields the settings to report.

    Must be entered before `prefect` is imported, which reads its settings then.
    """
    assert scratch.server is not None
    create_database(scratch.server, scratch.database)
    scheme, rest = scratch.server.split("://", 1)
    port = str(free_port())
    reported = CLIENT_AND_SERVER | (BATCHES if is_scaled else {})
    os.environ.update(reported)
    os.environ["PREFECT_HOME"] = str(scratch.folder / "prefect")
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"{scheme}+asyncpg://{rest}/{scratch.database}"
    with Services(scratch.folder) as services:
        start = _start_scaled if is_scaled else _start_stock
        reported = reported | start(services, port)
        services.wait_for_http(f"http://127.0.0.1:{port}/api/health")
        yield reported


def _start_stock(services: Services, port: str) -> dict[str, str]:
    services.start("prefect-server", PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port)
    return {"processes": "prefect server start", "messaging": "memory (default)"}


def _start_scaled(services: Services, port: str) -> dict[str, str]:
    redis = _start_redis(services)
    environment = {
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
    }
    os.environ.update(environment)
    os.environ["PREFECT_REDIS_MESSAGING_HOST"] = "127.0.0.1"
    os.environ["PREFECT_REDIS_MESSAGING_PORT"] = redis
    os.environ["PREFECT_SERVER_DOCKET_URL"] = f"redis://127.0.0.1:{redis}/1"
    services.run("prefect-migration", PREFECT, "server", "database", "upgrade", "-y")
    api = ("server", "start", "--host", "127.0.0.1", "--port", port, "--no-services")
    services.start("prefect-api", PREFECT, *api)
    services.start("prefect-services", PREFECT, "server", "services", "start")
    return environment | {"processes": "prefect server start --no-services; prefect server services start"}


def _start_redis(services: Services) -> str:
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("the scaled set-up needs redis-server on the PATH")
    port = str(free_port())
    options = ("--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no")
    services.start("redis", program, *options)
    return port
