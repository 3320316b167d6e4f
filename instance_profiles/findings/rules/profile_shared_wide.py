from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, listed, refs, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance, InstanceProfile

MANY_INSTANCES = 50
MANY_APPLICATIONS = 5
MANY_REGIONS = 4
FEW = min(MANY_INSTANCES, MANY_APPLICATIONS, MANY_REGIONS)
"""Fewer instances are neither of many."""
_DIGITS = re.compile(r"\d+$")
_GROUP_TAG = "aws:autoscaling:groupName"


def _attached(view: View) -> Iterable[InstanceProfile]:
    return (profile for profile in view.instance_profiles if view.use(profile).instances)


@rule(
    id="profile-shared-wide",
    order=165,
    kind="instance-profile",
    severity="info",
    title="Instance profile that much depends on",
    listings=(INSTANCE_PROFILES, INSTANCES),
    subjects=_attached,
    ways={
        "create-instance-profile": "makes one of its own for those that need something else; then move them",
    },
    meaning=(
        "Nothing is wrong with it. But a change of its role reaches everything that shares it, and the role "
        "may do what any of them needs. To change it for some, give those an instance profile of their own "
        "instead of swapping the role."
    ),
    detection=(
        f"At least {MANY_INSTANCES} instances hold it, or those of {MANY_APPLICATIONS} applications, or of "
        f"{MANY_REGIONS} regions. An application is a scaling group, or the Name of instances without the "
        "number at its end."
    ),
    false_positives=(
        "One application in two or three regions, or with a dozen instances, is left out. Where regions were "
        "not read there may be more than it says."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
)
def profile_shared_wide(profile: InstanceProfile, view: View) -> Draft | None:
    instances = view.use(profile).instances
    if len(instances) < FEW:
        return None
    applications = _applications(instances)
    regions = {instance.region for instance in instances}
    wide = [
        text
        for number, limit, text in (
            (len(applications), MANY_APPLICATIONS, count(len(applications), "application")),
            (len(instances), MANY_INSTANCES, count(len(instances), "instance")),
            (len(regions), MANY_REGIONS, count(len(regions), "region")),
        )
        if number >= limit
    ]
    if not wide:
        return None
    role = view.inventory.role_in(profile)
    return Present(
        cause=f"shared by {listed(wide)}",
        detail=sentences(
            f"{count(len(instances), 'instance')} of {count(len(applications), 'application')} "
            f"({listed(sorted(applications))}) in {listed(sorted(regions))} hold it.",
            "Whatever is changed in its role changes for all of them.",
        ),
        related=refs([role.ref if role else None]),
    )


def _applications(instances: Iterable[Instance]) -> set[str]:
    found = set()
    for instance in instances:
        group = instance.tags.get(_GROUP_TAG)
        if group:
            found.add(group)
            continue
        name = instance.name
        stem = name.rstrip("0123456789") if name.isascii() else _DIGITS.sub("", name)
        if stem != name and stem.endswith(("-", "_", ".")):
            stem = stem[:-1]
        found.add(stem or name)
    return found
