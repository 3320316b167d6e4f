from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import belongs
from instance_profiles.findings.ownership import owner_of
from instance_profiles.findings.references import meaning
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import ago, refs, sentences
from instance_profiles.inventory.sources import (
    AUTHORIZATION_DETAILS,
    INSTANCE_PROFILE_TAGS,
    INSTANCE_PROFILES,
    REGIONS,
    USE_SOURCES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import InstanceProfile, ObjectRef

YOUNG_DAYS = 30
RECENT_USE_DAYS = 90

_KEEP_TAG = "iptui:keep"


def _all(view: View) -> Iterable[InstanceProfile]:
    return view.instance_profiles


@rule(
    id="profile-orphaned",
    order=120,
    kind="instance-profile",
    severity="warning",
    title="Instance profile that nothing uses",
    listings=(INSTANCE_PROFILES,),
    needs=(
        REGIONS,
        *USE_SOURCES,
        AUTHORIZATION_DETAILS,
        INSTANCE_PROFILE_TAGS,
    ),
    subjects=_all,
    ways={
        "clean-up-orphans": "deletes it, unless it is young, tagged to be kept or somebody else's",
        "delete-instance-profile": "deletes it whatever its age and owner; asks for the name first",
        "keep-instance-profile": "tags it as wanted, so that no cleanup takes it",
    },
    meaning=(
        "No instance in any enabled region, no association, launch template, launch configuration or scaling "
        "group refers to it. It costs nothing until the quota of instance profiles is full, and it keeps a "
        "role within reach of whoever may pass it. It is a note only while it is younger than 30 days or "
        "where a tool or a service owns it. An instance profile that is empty and unused has two faults and "
        "is told twice."
    ),
    detection=(
        "Its id, ARN and name occur in nothing that was read, in all enabled regions, instances managed by "
        "AWS services included. Unknown where a region or a listing could not be read or was left out by "
        "`--region`. How long ago its role was last used is told beside it."
    ),
    error_texts=("Cannot exceed quota for InstanceProfilesPerAccount: 1000",),
    false_positives=(
        "Batch, EMR, ECS, Image Builder, Elastic Beanstalk and other services may name an instance profile "
        "in settings of their own, which are not read; a role that was used lately is a sign of it. One that "
        "a launch template means and misses, by its path or its case, is left alone, and so is one with the "
        f"tag {_KEEP_TAG} once its tags have been read."
    ),
    source="https://github.com/aws/karpenter-provider-aws/issues/8838",
)
def profile_orphaned(profile: InstanceProfile, view: View) -> Draft | None:
    if _is_used(profile, view):
        return None
    tags = view.tags_of(profile)
    if _KEEP_TAG in (tags or {}):
        return None
    if tags is None and view.state(profile.account, None, INSTANCE_PROFILE_TAGS) == "loading":
        return None
    known = view.use_coverage(profile.account)
    if known.state == "loading":
        return None
    if known.state == "partial":
        return Unsure(
            cause=known.cause,
            detail=f"Nothing that was read uses it, but not everything was read. {known.detail}",
        )
    owner = owner_of(profile, view.inventory)
    young = view.days_since(profile.create_date) < YOUNG_DAYS
    return Present(
        cause="nothing uses it",
        detail=sentences(
            "No instance, association, launch template, launch configuration or scaling group in any enabled "
            f"region refers to it. It was created {ago(view.days_since(profile.create_date))}.",
            _role_use(profile, view),
            f"{belongs(owner, profile.instance_profile_name)} Delete it in {owner.where}." if owner else "",
            "Settings of other services (Batch, EMR, Image Builder) are not read and may still name it.",
        ),
        severity="info" if young or owner else "warning",
        related=refs([_role_ref(profile, view)]),
    )


def _is_used(profile: InstanceProfile, view: View) -> bool:
    inventory = view.inventory
    return bool(
        view.use(profile)
        or meaning(profile, inventory)
        or any(instance.state != "terminated" for instance in inventory.instances_naming(profile))
        or any(found.state != "disassociated" for found in inventory.associations_naming(profile))
    )


def _role_ref(profile: InstanceProfile, view: View) -> ObjectRef | None:
    role = view.inventory.role_in(profile)
    return role.ref if role else None


def _role_use(profile: InstanceProfile, view: View) -> str:
    role = view.inventory.role_in(profile)
    if role is None or role.last_used is None:
        return ""
    used = role.last_used.last_used_date
    if used is None:
        return f"Its role {role.role_name} was not used in the last 400 days."
    if view.days_since(used) <= RECENT_USE_DAYS:
        region = f" in {role.last_used.region}" if role.last_used.region else ""
        return (
            f"But its role {role.role_name} was used {ago(view.days_since(used))}{region}: something may "
            "still depend on it."
        )
    return f"Its role {role.role_name} was last used {ago(view.days_since(used))}."
