"""R7: take the role out of an instance profile that nothing uses, and delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.conditions import InstanceProfileGone
from instance_profiles.fixes.probes import NothingUses, NotOwnedElsewhere
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import delete_steps, refuse_if_used, unread_warnings
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.plan import Plan


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    refuse_if_used(situation, profile)
    target = target_of(profile)
    return assemble(
        RECIPE,
        situation,
        title=f"Delete instance profile {profile.instance_profile_name}",
        steps=delete_steps(situation, profile),
        reaches=reach(situation.inventory, instance_profiles=(profile,)),
        typed=True,
        probes=(
            NothingUses(target.name, target.arn, profile.instance_profile_id),
            NotOwnedElsewhere(target.name),
        ),
        verify=(InstanceProfileGone(target.name),),
        warnings=unread_warnings(situation),
        delay="Gone at once.",
        undo=(
            "Makes it again with the same name, path, tags and role, but with a new unique id: anything that "
            "still points to the old id stays broken."
        ),
    )


RECIPE = Recipe(
    name="delete-instance-profile",
    number="R7",
    title="Delete the instance profile",
    summary="Deletes an instance profile that nothing in any region uses; its role stays.",
    build=build,
)
