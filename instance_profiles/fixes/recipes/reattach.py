"""R4: detach an instance profile and attach one, to force a refresh or where replacing is not possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving
from instance_profiles.fixes.assemble import SECONDS, assemble, counted, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_instance_profile
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import (
    CHANGEABLE,
    Situation,
    nobody_to_move,
    subject_instance,
    users,
)
from instance_profiles.fixes.targets import targets_same_first

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP = (
    "Between the two calls the instance has no instance profile: what asks for credentials in those seconds "
    "gets none; SDKs keep cached ones."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    everyone = users(situation)
    if not everyone:
        raise nobody_to_move(situation)
    single = subject_instance(situation)
    instances = (single,) if single else tuple(i for i in everyone if i.state in CHANGEABLE)
    if not instances:
        raise CannotPlan("None of the instances is running or stopped, so none can be changed now.")
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role and would give no credentials; choose another one.",
            "instance-profile",
        )
    target = target_of(profile)
    made = moving.reattach_steps(situation, instances, target)
    who = single.name if single else counted(len(instances), "instance")
    return assemble(
        RECIPE,
        situation,
        title=f"Detach, then attach {profile.instance_profile_name} on {who}",
        steps=made,
        reaches=reach(situation.inventory, instances=instances),
        probes=(RoleTrustsEc2(profile.role.role_name, profile.role.role_id),),
        verify=moving.attached_well(instances, target),
        warnings=(GAP, *managed_warnings(instances)),
        delay=SECONDS,
        undo="Detaches it and attaches what was there before."
        if all(step.call.inverse for step in made)
        else "Cannot be undone: what the instance pointed to before does not exist any more.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    return targets_same_first(situation) if key == "instance-profile" else ()


RECIPE = Recipe(
    name="reattach",
    number="R4",
    title="Detach and attach again",
    summary="Takes the association off and makes a new one, on a running or stopped instance.",
    needs=(Need("instance-profile", "Instance profile"),),
    actions=(
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
