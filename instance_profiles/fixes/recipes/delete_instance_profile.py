"""R7: take the role out of an instance profile that nothing uses, and delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import deletion
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.plan import Plan


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    return deletion(RECIPE, situation, profile)


RECIPE = Recipe(
    name="delete-instance-profile",
    number="R7",
    title="Delete the instance profile",
    summary="Deletes an instance profile that nothing in any region uses; its role stays.",
    build=build,
)
