from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import thing
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.model import InstanceProfile, ObjectRef, ScalingActivity
from instance_profiles.inventory.passing import not_visible_since, refused_launches
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES, SCALING_ACTIVITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.finding import Severity
    from instance_profiles.findings.view import View

PASSING = timedelta(minutes=2)
TOO_LONG = timedelta(minutes=5)


class _Suspect(msgspec.Struct, frozen=True):
    """An instance profile that EC2 refused, or that is young enough for it."""

    instance_profile: InstanceProfile
    refused: ScalingActivity | None

    @property
    def ref(self) -> ObjectRef:
        return self.instance_profile.ref


def _suspects(view: View) -> Iterable[_Suspect]:
    last: dict[ObjectRef, ScalingActivity] = {}
    for activity, profile in refused_launches(view.inventory):
        known = last.setdefault(profile.ref, activity)
        if _place_in_time(known) < _place_in_time(activity):
            last[profile.ref] = activity
    for profile in view.instance_profiles:
        refused = last.get(profile.ref) if last else None
        if refused is not None or not view.has_passed(profile.create_date + TOO_LONG):
            yield _Suspect(profile, refused)


def _place_in_time(activity: ScalingActivity) -> tuple[datetime, str]:
    return activity.start_time, activity.activity_id


@rule(
    id="profile-not-visible-to-ec2",
    order=155,
    kind="instance-profile",
    severity="info",
    title="Instance profile that EC2 does not know yet",
    listings=(INSTANCE_PROFILES,),
    needs=(SCALING_ACTIVITIES, INSTANCES),
    subjects=_suspects,
    meaning=(
        "IAM has the instance profile, and EC2 refuses to launch with it: a new one takes seconds, at times "
        "minutes, to reach EC2 in every region. Wait, and let the launch be tried again; scaling groups do "
        "so by themselves. Never delete it and make it again, for that starts the wait anew. It is a note, "
        "a warning after 2 minutes and an error after 5, when something else is likely to be wrong."
    ),
    detection=(
        "The last activity of a scaling group failed because EC2 called the name or ARN of this instance "
        "profile invalid, though it existed by then. How long that lasts is counted from CreateDate to that "
        "activity, by AWS's own clock, and from when it was first seen to now, whichever is longer."
    ),
    error_texts=(
        "Value (…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "Value (…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
        "You must use a valid fully-formed launch template. Value (…) for parameter iamInstanceProfile.name…",
        "UnauthorizedOperation: You are not authorized to perform this operation. (in the same window)",
    ),
    false_positives=(
        "It is told on evidence only, never because an instance profile is young. A launch that failed "
        "before it was created does not count, and neither does one "
        "after which an instance was launched with it."
    ),
    source="https://github.com/hashicorp/terraform-provider-aws/issues/4769",
)
def profile_not_visible_to_ec2(suspect: _Suspect, view: View) -> Draft | None:
    profile, refused = suspect.instance_profile, suspect.refused
    if refused is None or _launched_since(refused, profile, view):
        return _unsure(profile, view)
    group = refused.auto_scaling_group_name
    at = refused.start_time - profile.create_date
    seen = not_visible_since(profile, view.inventory)
    lasting = max(at, view.now - seen) if seen else at
    found = view.inventory.auto_scaling_groups.get((refused.account, refused.region, group))
    return Present(
        cause=f"EC2 does not know it {_duration(lasting)} after its creation",
        detail=sentences(
            f"Scaling group {group} of {refused.region} could not launch {_duration(at)} after the instance "
            "profile was created: EC2 called it invalid.",
            "Wait; it is tried again by itself." if lasting < TOO_LONG else "That is longer than it takes.",
            "Do not make it anew, for that starts the wait again.",
        ),
        related=refs([found.ref if found else None]),
        severity=_severity(lasting),
    )


def _launched_since(refused: ScalingActivity, profile: InstanceProfile, view: View) -> bool:
    """Whether EC2 has launched with the instance profile there after it refused to."""
    return any(
        instance.region == refused.region and instance.launch_time > refused.start_time
        for instance in view.inventory.instances_of(profile)
    )


def _unsure(profile: InstanceProfile, view: View) -> Unsure | None:
    """Young enough for it, and the activities of a group that launches with it could not be read."""
    if view.has_passed(profile.create_date + TOO_LONG):
        return None
    for group in view.use(profile).groups:
        if view.state(group.account, group.region, SCALING_ACTIVITIES) == "broken":
            return Unsure(
                cause=f"{thing(SCALING_ACTIVITIES)} of {group.region} not read",
                detail="It was created a moment ago; whether EC2 knows it already is not known. "
                + view.trouble(group.account, group.region, SCALING_ACTIVITIES),
                related=(group.ref,),
            )
    return None


def _severity(lasting: timedelta) -> Severity:
    return "info" if lasting < PASSING else "warning" if lasting < TOO_LONG else "error"


def _duration(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60:,} h"
