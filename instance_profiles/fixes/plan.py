"""A plan: what a fix would send, in order, and everything a person needs to know to say yes.

A plan is data. Its conditions are data too, so that the journal can keep them and a later start can tell
from the world alone whether a call that was cut off has happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.fixes.conditions import AnyCondition
from instance_profiles.fixes.probes import Probe
from instance_profiles.inventory.model import ObjectRef

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

CheckState = Literal["passed", "failed", "unknown"]


class CannotPlan(Exception):
    """There is no plan; the text is one sentence for the person.

    `missing` is the key of the answer that is needed, None where no answer would help.
    """

    def __init__(self, sentence: str, missing: str | None = None) -> None:
        super().__init__(sentence)
        self.missing = missing


class Permission(msgspec.Struct, frozen=True):
    """What a call needs to be allowed: an action on a resource, with the condition keys AWS will see."""

    action: str
    resource: str
    context: dict[str, str] = {}


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
    permissions: tuple[Permission, ...] = ()


class Check(msgspec.Struct, frozen=True):
    """One thing looked at before confirmation; a failed one refuses the fix, an unknown one warns.

    `lacks` are permissions that are denied for want of an Allow and nothing else: they can be granted.
    """

    name: str
    state: CheckState
    detail: str = ""
    lacks: tuple[Permission, ...] = ()


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
    `after` is waited for, `timeout` seconds at most, looking every `interval` seconds. `happened` tells that
    the call took effect even if `after` is still to come (empty: `after` tells it). `taken_back` holds once
    the inverse is done. Steps of one `group` build on each other; groups are independent. An error whose
    text has one of `waits_for` means that AWS needs more time: it is sent again for `patience` seconds.
    """

    call: Call
    before: tuple[AnyCondition, ...] = ()
    after: tuple[AnyCondition, ...] = ()
    happened: tuple[AnyCondition, ...] = ()
    taken_back: tuple[AnyCondition, ...] = ()
    timeout: float = 60.0
    interval: float = 2.0
    group: str = ""
    waits_for: tuple[str, ...] = ()
    patience: float = 300.0


class Diff(msgspec.Struct, frozen=True):
    """A document as it is and as the plan makes it, JSON text both."""

    title: str
    before: str
    after: str


class Settles(msgspec.Struct, frozen=True):
    """The earlier journal entry that this plan, once applied, brings to an end, and how."""

    entry: str
    state: Literal["applied", "rolled-back", "undone"]


class Plan(msgspec.Struct, frozen=True):
    """`typed_name` must be typed by the person before applying; None where a plain yes is enough. `typed_why`
    says why where no instance and no owner is affected; empty where it cannot be undone as it was.

    `delay` says in words when the effect is felt, `undo` what taking it back would do and would not.
    `verify` are the conditions that make the fix a success once all steps are done. `probes` are looked at
    before confirmation, besides the permissions of the calls and the conditions of the first steps.
    `guessed` are the keys of answers that nobody gave and nothing in the case suggests: a person should look
    at those before saying yes. `alone` says in one sentence why this is a decision for the one object and no
    matter for a batch; empty where it may be part of one. `owners` are the tools that own what is changed,
    one line each.
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
    verify: tuple[AnyCondition, ...] = ()
    verify_timeout: float = 120.0
    typed_name: str | None = None
    typed_why: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    settles: Settles | None = None
    partition: str = "aws"
    guessed: tuple[str, ...] = ()
    alone: str = ""
    owners: tuple[str, ...] = ()
    diffs: tuple[Diff, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(step.call for step in self.steps)


def permissions_of(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The IAM actions that the steps need, each once, in the order of the calls."""
    return tuple(dict.fromkeys(need.action for step in steps for need in step.call.permissions))


def follower_of(steps: Sequence[Step], number: int, taken: Container[int]) -> Step | None:
    """The next step of the same group, if it is among those `taken` back: the world is as that left it.

    An instance profile that was deleted and made again has another id than the steps before left it with.
    """
    group = steps[number].group
    later = (n for n in range(number + 1, len(steps)) if steps[n].group == group and n in taken)
    return next((steps[n] for n in later), None)
