"""R2: take the role out of an instance profile and put another one in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import steps
from instance_profiles.fixes.assemble import UP_TO_AN_HOUR, assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_role, role_choices
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

SLOW = (
    "Running instances keep the old role's credentials for up to 1 hour; AWS advises to replace the "
    "association instead."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    if profile.role is None:
        raise CannotPlan(f"{profile.instance_profile_name} has no role to swap; add one instead.")
    role = chosen_role(situation, answers, choices(situation, "role"))
    if role.role_id == profile.role.role_id:
        raise CannotPlan(
            f"{role.role_name} is the role that {profile.instance_profile_name} holds; choose another one.",
            "role",
        )
    target = target_of(profile)
    swap = (
        # The new role is looked at before the old one is out: a failed add would leave instances without.
        steps.remove_role(target, profile.role, steps.role_there(role)),
        steps.add_role(target, role),
    )
    return assemble(
        RECIPE,
        situation,
        title=f"Swap role {profile.role.role_name} for {role.role_name} in {profile.instance_profile_name}",
        steps=swap,
        reaches=reach(situation.inventory, instance_profiles=(profile,)),
        probes=(RoleTrustsEc2(role.role_name, role.role_id),),
        verify=swap[-1].after,
        warnings=(SLOW,),
        delay=UP_TO_AN_HOUR,
        undo=f"Takes {role.role_name} out and puts {profile.role.role_name} back, with the same delay.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    profile = subject_instance_profile(situation)
    if key != "role" or profile is None or profile.role is None:
        return ()
    return role_choices(situation, profile.instance_profile_name, without=(profile.role.role_id,))


RECIPE = Recipe(
    name="swap-role",
    number="R2",
    title="Swap the role",
    summary="Takes the role out of the instance profile and puts another one in; slow to reach instances.",
    needs=(Need("role", "New role"),),
    actions=(
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
