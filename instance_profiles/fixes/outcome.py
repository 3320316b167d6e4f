"""What applying a plan tells while it runs and at its end."""

from __future__ import annotations

from typing import Literal

import msgspec

from instance_profiles.fixes.plan import Call

ProgressState = Literal[
    "checking", "sending", "waiting", "done", "failed", "unknown", "rolled-back", "not-sent"
]
Result = Literal["applied", "refused", "failed", "rolled-back", "unverified", "stopped"]


class Progress(msgspec.Struct, frozen=True):
    """What is going on with the call of one step; `detail` is a short sentence or empty."""

    step: int
    call: Call
    state: ProgressState
    detail: str = ""


class CallOutcome(msgspec.Struct, frozen=True):
    """What became of the call of one step in the end.

    `unknown`: it was sent and nobody can tell whether it took effect.
    """

    step: int
    state: Literal["done", "failed", "unknown", "rolled-back", "not-sent"]
    detail: str = ""
    request_id: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How applying ended; `journal` is None where nothing was sent and so nothing journalled.

    `stopped`: the person asked to stop; what is done stays until `roll_back` takes it back.
    """

    result: Result
    journal: str | None
    calls: tuple[CallOutcome, ...] = ()
    message: str = ""
