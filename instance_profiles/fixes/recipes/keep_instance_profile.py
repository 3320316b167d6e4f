"""Mark an instance profile that nothing uses as one to keep, so that no cleanup takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import KEEP_TAG
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

KEEP_VALUE = "true"


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    if KEEP_TAG in (situation.inventory.tags_of(profile) or {}):
        raise CannotPlan(f"{profile.instance_profile_name} is tagged {KEEP_TAG} already.")
    step = role_steps.tag_instance_profile(profile, KEEP_TAG, KEEP_VALUE, None)
    return assemble(
        RECIPE,
        situation,
        title=f"Tag {profile.instance_profile_name} to be kept",
        steps=(step,),
        verify=step.after,
        delay="At once; no cleanup of iptui takes it any more.",
        undo="Takes the tag away again.",
    )


RECIPE = Recipe(
    name="keep-instance-profile",
    number="R17",
    title="Keep it",
    summary=f"Tags the instance profile {KEEP_TAG}, so that it counts as wanted from now on.",
    actions=(
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
    ),
    build=build,
)
