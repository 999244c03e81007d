"""The case that a peer is asked to run; the fields are those of `bench/suite/case.ts`."""

from __future__ import annotations

import json
from dataclasses import dataclass

FAN_WIDTH = 16
"""How many tasks a round of the row `fan` spreads over."""


@dataclass(frozen=True)
class Case:
    """One measurement: a row of the suite with its sizes."""

    row: str
    n: int
    min_seconds: float
    max_seconds: float
    mebibytes: float
    processes: int
    threads: int
    variant: str | None

    @property
    def slots(self) -> int:
        """How many tasks run at once."""
        return self.processes * self.threads

    @property
    def task_runs(self) -> int:
        """How many task runs the case has, without warm-up."""
        match self.row:
            case "tree":
                return 2 * self.n - 1
            case "fan":
                return (FAN_WIDTH + 1) * self.n
            case "cold-hello":
                return 1
            case _:
                return self.n


def read_case(text: str) -> Case:
    """Reads the JSON that the harness passes as the one argument."""
    fields = json.loads(text)
    return Case(
        row=fields["row"],
        n=fields["n"],
        min_seconds=fields["minSeconds"],
        max_seconds=fields["maxSeconds"],
        mebibytes=fields["mebibytes"],
        processes=fields["processes"],
        threads=fields["threads"],
        variant=fields.get("variant"),
    )
