"""R1: put a role into an instance profile that has none."""

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


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = subject_instance_profile(situation)
    if profile is None:
        raise nothing_there(situation)
    if profile.role is not None:
        raise CannotPlan(
            f"{profile.instance_profile_name} holds {profile.role.role_name} already, and one role is all an "
            "instance profile can hold; swap the role instead."
        )
    role = chosen_role(situation, answers, choices(situation, "role"))
    step = steps.add_role(target_of(profile), role)
    return assemble(
        RECIPE,
        situation,
        title=f"Add role {role.role_name} to {profile.instance_profile_name}",
        steps=(step,),
        reaches=reach(situation.inventory, instance_profiles=(profile,)),
        probes=(RoleTrustsEc2(role.role_name, role.role_id),),
        verify=step.after,
        delay=UP_TO_AN_HOUR,
        undo="Takes the role out again; credentials that instances got from it stay valid until they expire.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    profile = subject_instance_profile(situation)
    if key != "role" or profile is None:
        return ()
    return role_choices(situation, profile.instance_profile_name)


RECIPE = Recipe(
    name="add-role",
    number="R1",
    title="Add a role",
    summary="Puts a role into the empty instance profile; its instances get credentials.",
    needs=(Need("role", "Role"),),
    actions=(
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
