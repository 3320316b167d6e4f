"""The lines of the journal: what each kind says, and reading one back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from instance_profiles.fixes.currents import revive
from instance_profiles.fixes.plan import Call, Plan

Direction = Literal["forward", "back"]


class BatchPart(msgspec.Struct, frozen=True):
    """The batch that an entry belongs to: its id and title, and which of how many fixes this one is.

    `undoes` is the id of an earlier batch that this one takes back.
    """

    id: str
    title: str
    number: int
    of: int
    undoes: str | None = None


class Opened(msgspec.Struct, frozen=True, tag_field="line", tag="plan"):
    """An entry begins: the whole plan, who applies it, and where to.

    `endpoints` are the addresses by service where they are not AWS's own: an undo must go to the same.
    """

    plan: Plan
    caller: str | None
    named_profile: str | None
    endpoints: dict[str, str]
    id: str = ""
    at: datetime | None = None
    batch: BatchPart | None = None


class Intent(msgspec.Struct, frozen=True, tag_field="line", tag="intent"):
    """A call is about to be sent. `inverse` takes it back, as far as that can be said before."""

    id: str
    at: datetime
    step: int
    direction: Direction
    service: str
    operation: str
    region: str | None
    parameters: dict[str, Any]
    inverse: Call | None = None
    dry_run: bool = False
    before_image: Any = None


class Outcome(msgspec.Struct, frozen=True, tag_field="line", tag="result"):
    """What came of a call. `would-succeed` is the good answer to a dry run."""

    id: str
    at: datetime
    step: int
    direction: Direction
    state: Literal["done", "failed", "unknown", "would-succeed"]
    dry_run: bool = False
    http_status: int | None = None
    request_id: str | None = None
    code: str | None = None
    message: str | None = None
    inverse: Call | None = None
    after_image: Any = None


class Closed(msgspec.Struct, frozen=True, tag_field="line", tag="end"):
    """Applying ended."""

    id: str
    at: datetime
    result: str
    message: str


class Settled(msgspec.Struct, frozen=True, tag_field="line", tag="settled"):
    """A later entry (`by`) undid, finished or rolled back this one."""

    id: str
    at: datetime
    by: str
    state: str


Line = Opened | Intent | Outcome | Closed | Settled
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def decode(text: bytes) -> Line | None:
    """One line, None where it is torn or not one of ours."""
    try:
        line = _DECODER.decode(text)
    except msgspec.MsgspecError:
        return None
    return _revived(line)


def _revived(line: Line) -> Line:
    if isinstance(line, Opened):
        steps = tuple(msgspec.structs.replace(step, call=revived_call(step.call)) for step in line.plan.steps)
        return msgspec.structs.replace(line, plan=msgspec.structs.replace(line.plan, steps=steps))
    if isinstance(line, Intent | Outcome) and line.inverse is not None:
        return msgspec.structs.replace(line, inverse=revived_call(line.inverse))
    return line


def revived_call(call: Call) -> Call:
    """The call with its `Current` parameters whole again, in its inverse too."""
    return msgspec.structs.replace(
        call,
        parameters=revive(call.parameters),
        inverse=revived_call(call.inverse) if call.inverse else None,
    )
