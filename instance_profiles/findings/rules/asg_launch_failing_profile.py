from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.references import launch_sources
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.passing import refused_launches, says_invalid
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    INSTANCE_PROFILES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    SCALING_ACTIVITIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import AutoScalingGroup, ScalingActivity

_NAMES_IT = re.compile(
    r"iamInstanceProfile|IAM Instance Profile|not authorized to perform: iam:PassRole", re.IGNORECASE
)
_MAY_MEAN_IT = re.compile(r"not authorized to perform this operation", re.IGNORECASE)


TOO_NEW = timedelta(minutes=5)


def _lacking_instances(view: View) -> Iterable[AutoScalingGroup]:
    """Those whose activities were read; whether a failure is passing needs the instance profiles as well."""
    return (
        group
        for group in view.auto_scaling_groups
        if view.inventory.activities_of(group)
        and view.state(group.account, group.region, SCALING_ACTIVITIES) != "loading"
        and view.state(group.account, None, INSTANCE_PROFILES) != "loading"
    )


@rule(
    id="asg-launch-failing-profile",
    order=540,
    kind="auto-scaling-group",
    severity="error",
    title="Scaling group whose launches fail for the instance profile",
    listings=(AUTO_SCALING_GROUPS, SCALING_ACTIVITIES),
    needs=(LAUNCH_TEMPLATE_VERSIONS, LAUNCH_CONFIGURATIONS, INSTANCE_PROFILES),
    subjects=_lacking_instances,
    ways={
        "repair-launch-template": "makes a version with one that works; the group tries again",
        "add-role": "where the instance profile is empty: puts a role into it",
        "create-instance-profile": "where it does not exist: makes one of exactly that name and path",
        "migrate-launch-configuration": "where a launch configuration names it: moves to a launch template",
    },
    meaning=(
        "Auto Scaling tries to launch and EC2 refuses, for the instance profile. The group has fewer "
        "instances than it wants and replaces none that it loses. It is an error while the failures last, a "
        "warning where the message does not name the instance profile, and a note once a later launch "
        "succeeded."
    ),
    detection=(
        "Among the last activities one is Failed or Cancelled with a message that names the instance profile "
        "or iam:PassRole. Activities are read for groups that have fewer instances in service than desired."
    ),
    error_texts=(
        "Value (…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name.",
        'IAM Instance Profile "arn:aws:iam::…:instance-profile/…" has no associated IAM Roles',
        "You are not authorized to perform this operation. … is not authorized to perform: iam:PassRole …",
    ),
    false_positives=(
        "Failures for capacity, quotas, images or subnets are left out. Right after an instance profile was "
        "made it is `profile-not-visible-to-ec2`, and a later success makes it a note. The plain words "
        "'not authorized to perform this operation' may concern a key or an image as well, so they are only "
        "a warning."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html",
)
def asg_launch_failing_profile(group: AutoScalingGroup, view: View) -> Draft | None:
    activities = view.inventory.activities_of(group)
    failed = [activity for activity in activities if _is_refusal(activity)]
    if not failed:
        return None
    last = failed[0]
    if _is_too_new(last, view):
        return None
    if says_invalid(last) and view.state(group.account, None, INSTANCE_PROFILES) == "broken":
        return Unsure(
            cause="instance profiles not read",
            detail=f"EC2 refused a launch: {last.status_message.strip().rstrip('.')}. Whether the instance "
            f"profile is new, missing or empty is not known. "
            + view.trouble(group.account, None, INSTANCE_PROFILES),
            related=refs([version.ref for version in launch_sources(group, view.inventory)]),
        )
    healed = any(one.status_code == "Successful" and one.start_time > last.start_time for one in activities)
    sure = _NAMES_IT.search(last.status_message) is not None
    return Present(
        cause=_cause(len(failed), sure, healed),
        detail=sentences(
            f"{len(failed):,} of the last {len(activities):,} activities failed so, the last at "
            f"{last.start_time:%Y-%m-%d %H:%M} UTC: {last.status_message.strip().rstrip('.')}.",
            "A later launch succeeded." if healed else "",
        ),
        related=refs([version.ref for version in launch_sources(group, view.inventory)]),
        severity="info" if healed else "error" if sure else "warning",
        fixes=() if healed else _fixes(group, view),
    )


def _is_too_new(refused: ScalingActivity, view: View) -> bool:
    """Whether EC2 had no time yet to get to know the instance profile, which has a rule of its own."""
    return any(
        activity == refused and activity.start_time - profile.create_date < TOO_NEW
        for activity, profile in refused_launches(view.inventory)
    )


def _cause(number: int, sure: bool, healed: bool) -> str:
    if healed:
        return "launches again, after a refusal for the instance profile"
    launches = "1 launch" if number == 1 else f"{number:,} launches"
    return f"{launches} failed" + (" for the instance profile" if sure else ", not authorized")


def _is_refusal(activity: ScalingActivity) -> bool:
    return activity.status_code in ("Failed", "Cancelled") and bool(
        _NAMES_IT.search(activity.status_message) or _MAY_MEAN_IT.search(activity.status_message)
    )


def _fixes(group: AutoScalingGroup, view: View) -> tuple[str, ...]:
    """The ways that fit: whether what is named exists, and where it is named."""
    if group.launch_configuration_name:
        return ("migrate-launch-configuration",)
    named = [
        view.inventory.instance_profile_named_by(source) for source in launch_sources(group, view.inventory)
    ]
    if any(profile is not None and profile.role is None for profile in named):
        return ("add-role", "repair-launch-template")
    if view.state(group.account, None, INSTANCE_PROFILES) == "complete" and None in named:
        return ("repair-launch-template", "create-instance-profile")
    return ("repair-launch-template",)
