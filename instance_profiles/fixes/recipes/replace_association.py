"""R3: put another instance profile in the place of the one a running instance has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving, steps
from instance_profiles.fixes.assemble import SECONDS, assemble, counted, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_instance_profile
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, nobody_to_move, subject_instance, users
from instance_profiles.fixes.targets import targets_besides

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    everyone = users(situation)
    if not everyone:
        raise nobody_to_move(situation)
    instances = tuple(instance for instance in everyone if instance.state == "running")
    if not instances:
        states = ", ".join(sorted({instance.state for instance in everyone}))
        raise CannotPlan(
            f"Replacing works on running instances only, and {everyone[0].name} is {states}; "
            "reattach instead (detach, then attach)."
        )
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role and would give no credentials; choose another one.",
            "instance-profile",
        )
    target = target_of(profile)
    made: list[Step] = []
    for instance in instances:
        association = moving.the_association(situation, instance)
        if association.state != "associated":
            raise CannotPlan(
                f"The association of {instance.name} is {association.state}, and only one that is associated "
                "can be replaced; reattach instead."
            )
        if association.iam_instance_profile.id == profile.instance_profile_id:
            raise CannotPlan(
                f"{instance.name} has {profile.instance_profile_name} already, and EC2 takes replacing it by "
                "itself for nothing to do; reattach forces it.",
                "instance-profile",
            )
        old = moving.old_target(situation, association)
        made.append(steps.replace(instance, association, target, old))
    left = len(everyone) - len(instances)
    return assemble(
        RECIPE,
        situation,
        title=f"Replace the instance profile of {_who(situation, len(instances))} "
        f"by {profile.instance_profile_name}",
        steps=made,
        reaches=reach(situation.inventory, instances=instances),
        probes=(RoleTrustsEc2(profile.role.role_name, profile.role.role_id),),
        verify=moving.attached_well(instances, target),
        warnings=(
            *managed_warnings(instances),
            *(
                (f"{counted(left, 'instance')} not running keep what they have; reattach those.",)
                if left
                else ()
            ),
        ),
        delay=SECONDS,
        undo=_undo(made),
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    return targets_besides(situation) if key == "instance-profile" else ()


def _who(situation: Situation, count: int) -> str:
    instance = subject_instance(situation)
    return instance.name if instance else counted(count, "running instance")


def _undo(made: list[Step]) -> str:
    if all(step.call.inverse for step in made):
        return "Puts the old instance profile back in the same way; the association gets a new id each time."
    return "Cannot be undone: what the instance pointed to before does not exist any more."


RECIPE = Recipe(
    name="replace-association",
    number="R3",
    title="Replace the instance profile",
    summary="Gives the running instance another instance profile, without a gap in its credentials.",
    needs=(Need("instance-profile", "Instance profile"),),
    actions=(
        "ec2:ReplaceIamInstanceProfileAssociation",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
