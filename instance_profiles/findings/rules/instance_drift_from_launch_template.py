from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, refs, sentences
from instance_profiles.inventory.model import (
    AutoScalingGroup,
    Instance,
    InstanceProfile,
    LaunchTemplateVersion,
    ObjectRef,
)
from instance_profiles.inventory.sources import (
    ASSOCIATIONS,
    AUTO_SCALING_GROUPS,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_TEMPLATE_VERSIONS,
)
from instance_profiles.inventory.traits import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


class Member(msgspec.Struct, frozen=True):
    """An instance with another instance profile than its group launches with, which are `profiles`."""

    instance: Instance
    group: AutoScalingGroup
    versions: tuple[LaunchTemplateVersion, ...]
    profiles: tuple[InstanceProfile, ...]

    @property
    def ref(self) -> ObjectRef:
        return self.instance.ref


def _unlike_their_group(view: View) -> Iterable[Member]:
    for group, members in view.members:
        versions = _versions(group, view)
        named = [view.inventory.instance_profile_named_by(version) for version in versions]
        if not versions or any(
            found is None and _named(version) for found, version in zip(named, versions, strict=True)
        ):
            continue
        launched = {profile.arn if profile else None for profile in named}
        profiles = tuple(profile for profile in named if profile is not None)
        for instance in members:
            if instance.state in GONE:
                continue
            own = instance.iam_instance_profile
            if (own.arn if own else None) not in launched:
                yield Member(instance, group, versions, profiles)


@rule(
    id="instance-drift-from-launch-template",
    order=380,
    kind="instance",
    severity="warning",
    title="Instance with another instance profile than its group launches with",
    listings=(INSTANCES, AUTO_SCALING_GROUPS, LAUNCH_TEMPLATE_VERSIONS, INSTANCE_PROFILES),
    needs=(ASSOCIATIONS,),
    subjects=_unlike_their_group,
    ways={
        "refresh-scaling-group": "replaces the group's instances by new ones from the template",
        "replace-association": "gives this instance what the template names, without a restart",
        "repair-launch-template": "where the instance is right: makes a version that names what it has",
    },
    meaning=(
        "The scaling group launches with one instance profile, and this member has another: it was launched "
        "from an older version, or somebody changed it by hand. It has other permissions than its "
        "neighbours, and loses its own at the next replacement. It is a warning, a note where the template "
        "names no instance profile at all."
    ),
    detection=(
        "The member's `IamInstanceProfile` is none of those that the launch templates name which its group "
        "uses now; `$Latest` and `$Default` are resolved, overrides of a mixed instances policy count."
    ),
    error_texts=("… is not authorized to perform: … (on some instances of a group, and not on others)",),
    false_positives=(
        "While a change of the instance is on its way nothing is told, and neither is it where the template "
        "names an instance profile that does not exist: that is `lt-profile-missing`. One that was deleted "
        "and made again is `instance-profile-stale-id`. During an instance refresh the members differ for "
        "a while."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html",
)
def instance_drift_from_launch_template(member: Member, view: View) -> Draft | None:
    instance, group, versions, profiles = member.instance, member.group, member.versions, member.profiles
    if _is_changing(instance, view):
        return None
    if view.state(instance.account, instance.region, ASSOCIATIONS) == "loading":
        return None
    own = instance.iam_instance_profile
    attached = view.inventory.instance_profile_of(instance)
    template = versions[0].launch_template_name
    named = listed(profile.instance_profile_name for profile in profiles) or "no instance profile"
    return Present(
        cause=f"has {own.name if own else 'none'}, group launches {named if profiles else 'without'}",
        detail=sentences(
            f"Scaling group {group.auto_scaling_group_name} launches from version "
            f"{listed(str(version.version_number) for version in versions)} of {template}, which names "
            f"{named}.",
            f"This instance has {own.arn if own else 'no instance profile'}.",
            "Its next replacement comes with what the template names.",
        ),
        related=refs(
            [group.ref, versions[0].ref, attached.ref if attached else None, *(p.ref for p in profiles)]
        ),
        severity="warning" if profiles else "info",
    )


def _versions(group: AutoScalingGroup, view: View) -> tuple[LaunchTemplateVersion, ...]:
    """The versions that the group launches from, none where not all of them were read."""
    found = [view.inventory.resolve(group.account, group.region, one) for one in group.launch_templates]
    return () if None in found else tuple(version for version in found if version is not None)


def _is_changing(instance: Instance, view: View) -> bool:
    associations = view.inventory.associations_of(instance)
    shown = instance.iam_instance_profile
    # Without associations it is not known whether one moves; then what EC2 shows counts.
    return any(
        found.state == "disassociating"
        or (found.state == "associating" and instance.state == "running")
        or shown is None
        or found.iam_instance_profile.id != shown.id
        for found in associations
    )


def _named(version: LaunchTemplateVersion) -> str | None:
    return version.iam_instance_profile_arn or version.iam_instance_profile_name
