from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import count, names, refs, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance, InstanceProfile, ObjectRef

ARRIVING = timedelta(hours=1)


def _changed(view: View) -> Iterable[InstanceProfile]:
    for key in view.inventory.role_changes:
        profile = view.inventory.instance_profiles.get(key)
        if profile is not None and profile.role is not None:
            yield profile


@rule(
    id="profile-role-changed-recently",
    order=175,
    kind="instance-profile",
    severity="warning",
    title="Role changed a moment ago; instances may still have the old one",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=_changed,
    ways={"reattach": "detaches it and attaches it again, which brings the new credentials at once"},
    meaning=(
        "An instance keeps the credentials that it has until they are renewed: after the role of an instance "
        "profile was changed it can take an hour until the new role arrives everywhere. Until then calls "
        "are judged by the old role. Wait, attach it again, or stop and start the instance."
    ),
    detection=(
        "The journal of this machine tells that the role was changed less than an hour ago, and running "
        "instances that hold the instance profile were launched before that. Changes made elsewhere are not "
        "seen; CloudTrail has them (AddRoleToInstanceProfile, in us-east-1)."
    ),
    error_texts=("The credentials on my instance are for the wrong role",),
    false_positives=(
        "Instances launched since, and those that do not run, have the new role from the start and are left "
        "out. Instances that renewed their credentials already may be counted: EC2 does not tell."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def profile_role_changed_recently(profile: InstanceProfile, view: View) -> Draft | None:
    change = view.inventory.role_changes[(profile.account, profile.instance_profile_id)]
    age = view.now - change.time
    if profile.role is None or age >= ARRIVING:
        return None
    older = [
        instance
        for instance in view.use(profile).instances
        if instance.state == "running" and instance.launch_time < change.time
    ]
    if not older:
        return _unsure(profile, view)
    minutes = max(0, int(age.total_seconds() // 60))
    return Present(
        cause=f"role changed {minutes} min ago, it may not have arrived",
        detail=sentences(
            f"Its role has been {profile.role.role_name} since {change.time:%H:%M} UTC "
            f"({minutes} min ago). {count(len(older), 'running instance')} "
            f"({names(instance.ref for instance in older)}) launched before that may have credentials of "
            "the old role for up to an hour.",
            "Wait, or attach it again.",
        ),
        related=_related(older, profile, view),
    )


def _related(older: list[Instance], profile: InstanceProfile, view: View) -> tuple[ObjectRef, ...]:
    role = view.inventory.role_in(profile)
    return refs([*(instance.ref for instance in older), role.ref if role else None])


def _unsure(profile: InstanceProfile, view: View) -> Unsure | None:
    """Nothing that was read holds it, and instances of a region could not be read."""
    for region in view.asked_regions(profile.account):
        if view.state(profile.account, region, INSTANCES) == "broken":
            return Unsure(
                cause=f"instances of {region} not read",
                detail="Its role was changed within the last hour; whether instances there still have the "
                "old one is not known. " + view.trouble(profile.account, region, INSTANCES),
            )
    return None
