"""R7: take the role out of an instance profile that nothing uses, and delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import belongs
from instance_profiles.findings.ownership import owner_of
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import KEEP_TAG, deletion
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.plan import Plan
    from instance_profiles.inventory.model import InstanceProfile


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    return deletion(RECIPE, situation, profile, alone=_why_alone(situation, profile))


def _why_alone(situation: Situation, profile: InstanceProfile) -> str:
    """What a cleanup leaves is deleted in no batch either."""
    owner = owner_of(profile, situation.inventory)
    if owner is not None:
        return f"{belongs(owner, profile.instance_profile_name)} Delete it by itself, if at all."
    if KEEP_TAG in (situation.inventory.tags_of(profile) or {}):
        return f"It is tagged {KEEP_TAG}; delete it by itself, if at all."
    return ""


RECIPE = Recipe(
    name="delete-instance-profile",
    number="R7",
    title="Delete the instance profile",
    summary="Deletes an instance profile that nothing in any region uses; its role stays.",
    actions=(
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
)
