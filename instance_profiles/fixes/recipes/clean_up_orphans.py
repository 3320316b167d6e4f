"""R17: delete an orphaned instance profile, unless it is young, wanted or somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import belongs
from instance_profiles.findings.ownership import owner_of
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import Leftover
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import KEEP_TAG, deletion
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    name = profile.instance_profile_name
    if KEEP_TAG in (situation.inventory.tags_of(profile) or {}):
        raise CannotPlan(f"{name} is tagged {KEEP_TAG}: somebody wants it. Take the tag away first.")
    owner = owner_of(profile, situation.inventory)
    if owner is not None:
        raise CannotPlan(f"{belongs(owner, name)} No cleanup takes it; delete it in {owner.where}.")
    return deletion(RECIPE, situation, profile, Leftover(name))


RECIPE = Recipe(
    name="clean-up-orphans",
    number="R17",
    title="Clean it up",
    summary="Deletes what nothing uses; leaves what is younger than a day, tagged to be kept, or owned.",
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
