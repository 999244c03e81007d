"""What a peer answers; the fields are those of `bench/suite/outcome.ts`, in Python's spelling."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Unable:
    """The system has no such row; `cannot` says why, in the words of its own field."""

    cannot: str


@dataclass(frozen=True)
class Measured:
    """What was measured. Seconds and bytes; `None` is what the system cannot know."""

    t_workflow: float
    tasks_executed: int
    tasks_cached: int
    t_submit: float | None = None
    t_sum_task_times: float | None = None
    check: float | None = None
    recorded_at_end: int | None = None
    recorded_expected: int | None = None
    seconds_until_recorded: float | None = None
    bytes_per_task: float | None = None
    versions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str | int | float | bool] = field(default_factory=dict)


Outcome = Measured | Unable


def to_json(outcome: Outcome) -> str:
    """One line of JSON, with the absent fields left out."""
    fields = {_camel(name): value for name, value in asdict(outcome).items() if value is not None}
    return json.dumps(fields)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
