"""A plan: what a fix would send, in order, and everything a person needs to know to say yes.

A plan is data. Its conditions are data too, so that the journal can keep them and a later start can tell
from the world alone whether a call that was cut off has happened.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from instance_profiles.fixes.conditions import Condition
from instance_profiles.inventory.model import ObjectRef

CheckState = Literal["passed", "failed", "unknown"]


class Call(msgspec.Struct, frozen=True):
    """One AWS call with its exact parameters; `region` is None for IAM and for edits of local files.

    `inverse` takes it back, None where nothing can. A parameter value may be a `Current`, an id that only
    exists once the calls before it are done.
    """

    service: str
    operation: str
    region: str | None
    parameters: dict[str, Any]
    inverse: Call | None = None


class Check(msgspec.Struct, frozen=True):
    """One thing looked at before confirmation; a failed one refuses the fix, an unknown one warns."""

    name: str
    state: CheckState
    detail: str = ""


class BlastRadius(msgspec.Struct, frozen=True):
    """What a change reaches, in every region that was read."""

    instances: tuple[ObjectRef, ...] = ()
    launch_templates: tuple[ObjectRef, ...] = ()
    auto_scaling_groups: tuple[ObjectRef, ...] = ()
    running: int = 0
    stopped: int = 0


class Step(msgspec.Struct, frozen=True):
    """One call with what must hold right before it is sent and what must come to hold after it.

    `before` is read again immediately before the call; where it does not hold, nothing is sent.
    `after` is waited for, `timeout` seconds at most, looking every `interval` seconds.
    """

    call: Call
    before: tuple[Condition, ...] = ()
    after: tuple[Condition, ...] = ()
    timeout: float = 60.0
    interval: float = 2.0


class Plan(msgspec.Struct, frozen=True):
    """`typed_name` must be typed by the person before applying; None where a plain yes is enough.

    `delay` says in words when the effect is felt, `undo` what taking it back would do and would not.
    `verify` are the conditions that make the fix a success once all steps are done.
    """

    finding: str
    recipe: str
    title: str
    subject: ObjectRef
    account: str
    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()
    blast_radius: BlastRadius = BlastRadius()
    delay: str = ""
    undo: str = ""
    permissions: tuple[str, ...] = ()
    verify: tuple[Condition, ...] = ()
    verify_timeout: float = 120.0
    typed_name: str | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(step.call for step in self.steps)
