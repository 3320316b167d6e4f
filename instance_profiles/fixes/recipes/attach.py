"""R5: attach an instance profile to an instance that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving, steps
from instance_profiles.fixes.assemble import SECONDS, assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_instance_profile
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance
from instance_profiles.fixes.targets import targets_for_bare

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance = subject_instance(situation)
    if instance is None:
        raise nothing_there(situation)
    moving.check_changeable(instance)
    there = situation.inventory.associations_of(instance)
    if there:
        raise CannotPlan(
            f"{instance.name} has an association already ({there[0].state}); replace it or reattach instead."
        )
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role and would give no credentials; choose another one.",
            "instance-profile",
        )
    target = target_of(profile)
    return assemble(
        RECIPE,
        situation,
        title=f"Attach {profile.instance_profile_name} to {instance.name}",
        steps=(steps.attach(instance, target),),
        reaches=reach(situation.inventory, instances=(instance,)),
        probes=(RoleTrustsEc2(profile.role.role_name, profile.role.role_id),),
        verify=steps.attached_well(instance, target),
        warnings=managed_warnings((instance,)),
        delay=SECONDS if instance.state == "running" else "Credentials are there when the instance starts.",
        undo="Detaches it again; credentials already handed out stay valid until they expire.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    return targets_for_bare(situation) if key == "instance-profile" else ()


RECIPE = Recipe(
    name="attach",
    number="R5",
    title="Attach an instance profile",
    summary="Gives the instance an instance profile, and so the credentials of its role.",
    needs=(Need("instance-profile", "Instance profile"),),
    actions=(
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
