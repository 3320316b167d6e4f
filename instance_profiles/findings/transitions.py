"""How long an association has been on its way, and what that says.

A healthy association takes about a second each way. While the instance is stopped `associating` is its
resting state and says nothing. AWS sends no time, so it counts from when the state was first seen.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.findings.rule import Draft, Unsure
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.model import Association, Instance, InstanceProfile, ObjectRef
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCE_PROFILES, INSTANCES
from instance_profiles.policies import TrustJudgement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from instance_profiles.findings.view import View

LATE = timedelta(seconds=15)
STUCK = timedelta(seconds=60)
JUST_STARTED = timedelta(minutes=2)

Phase = Literal["moving", "late", "stuck", "refused"]


class Transition(msgspec.Struct, frozen=True):
    """An association on its way. `refused` is one whose role provably does not let EC2 assume it."""

    association: Association
    instance: Instance
    phase: Phase
    instance_profile: InstanceProfile | None
    trust: TrustJudgement | None
    refusal: str | None = None
    """Why EC2 certainly may not assume the role, None where it may or that is not certain."""

    @property
    def ref(self) -> ObjectRef:
        return self.association.ref

    @property
    def related(self) -> tuple[ObjectRef, ...]:
        profile = self.instance_profile
        role = profile.role if profile else None
        return refs(
            [
                self.instance.ref,
                profile.ref if profile else None,
                ObjectRef("role", profile.account, None, role.role_id, role.role_name, role.arn)
                if profile and role
                else None,
            ]
        )


def in_state(state: str, view: View) -> Iterable[Association]:
    """Associations in a state, of regions whose associations are completely read.

    While they are read again, what is known may be long past.
    """
    for association in view.associations_by_state.get(state, ()):
        if view.state(association.account, association.region, ASSOCIATIONS) == "complete":
            yield association


def transition(association: Association, view: View) -> Transition | None:
    """What is known of an association on its way; None where its state is at rest or nothing can be said."""
    instance = view.instance_of(association)
    if instance is None:
        return None
    if association.state == "associating":
        return _attaching(association, instance, view)
    phase = _phase(association, instance, view)
    # Only a running instance takes time to let go of one; a stopped one drops it in the reply.
    if instance.state != "running" and phase != "stuck":
        return None
    return Transition(association, instance, phase, view.inventory.instance_profile_of(association), None)


def moving_since(association: Association, instance: Instance | None) -> datetime | None:
    """Since when an association is on its way as far as that says anything, None where it was not noted.

    While its instance is stopped `associating` is its resting state: it counts from the start of the
    instance, which renews LaunchTime.
    """
    seen = association.first_seen
    if seen is None or instance is None or association.state != "associating":
        return seen
    return max(seen, instance.launch_time)


def unsure_of_instance(association: Association, view: View) -> Draft | None:
    """An unknown where the state of the instance could not be read: on a stopped one it would mean "
    "nothing."""
    if view.inventory.instance(association.account, association.region, association.instance_id):
        return None
    if view.state(association.account, association.region, INSTANCES) != "broken":
        return None
    return Unsure(
        cause=f"instances of {association.region} not read",
        detail=f"The association is {association.state}; whether its instance runs is not known. "
        + view.trouble(association.account, association.region, INSTANCES),
    )


def _attaching(association: Association, instance: Instance, view: View) -> Transition | None:
    if instance.state != "running":
        return None
    profile = view.inventory.instance_profile_of(association)
    if profile is None and view.state(association.account, None, INSTANCE_PROFILES) == "loading":
        return None
    trust = view.trust(profile) if profile else None
    phase = _phase(association, instance, view)
    reason = view.refusal(profile) if profile else None
    if reason is not None:
        phase = "refused"
    elif phase == "late" and view.now - instance.launch_time < JUST_STARTED:
        # Start renews LaunchTime. While an instance boots, and with an instance profile as new as it is, EC2
        # takes longer than the second it needs on one that runs.
        phase = "moving"
    return Transition(association, instance, phase, profile, trust, reason)


def _phase(association: Association, instance: Instance, view: View) -> Phase:
    since = moving_since(association, instance)
    age = view.now - since if since else timedelta(0)
    return "stuck" if age >= STUCK else "late" if age >= LATE else "moving"
