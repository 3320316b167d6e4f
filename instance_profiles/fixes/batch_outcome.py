"""What applying a batch tells while it runs and at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from instance_profiles.fixes.outcome import Outcome, Progress

ItemState = Literal["begun", "ended", "taking-back", "taken-back"]
BatchResult = Literal["applied", "refused", "failed", "unverified", "stopped", "rolled-back"]


class ItemProgress(msgspec.Struct, frozen=True):
    """News of one fix of a batch: what its calls do (`progress`), or how it ended (`outcome`)."""

    item: int
    state: ItemState
    progress: Progress | None = None
    outcome: Outcome | None = None


class BatchOutcome(msgspec.Struct, frozen=True):
    """How a batch ended. `outcomes` has one place an item, None for one that was never begun.

    `order` are the numbers of the items in the order in which they ended. `batch` is the id that ties the
    journal entries together, None where nothing was sent. `export` is the file with what was to be deleted.
    """

    result: BatchResult
    message: str
    outcomes: tuple[Outcome | None, ...]
    order: tuple[int, ...] = ()
    batch: str | None = None
    export: Path | None = None

    def count(self, *results: str) -> int:
        """How many items ended with one of these results."""
        return sum(1 for outcome in self.outcomes if outcome is not None and outcome.result in results)

    @property
    def half_done(self) -> tuple[int, ...]:
        """The items that were stopped between two of their calls."""
        return tuple(
            number
            for number, outcome in enumerate(self.outcomes)
            if outcome is not None and outcome.result == "stopped" and _did_something(outcome)
        )

    @property
    def done(self) -> tuple[int, ...]:
        """The items whose change is there."""
        return tuple(
            number
            for number, outcome in enumerate(self.outcomes)
            if outcome is not None and outcome.result in ("applied", "unverified")
        )


def _did_something(outcome: Outcome) -> bool:
    return any(call.state == "done" for call in outcome.calls)
