"""R23: start a stopped instance and then replace its instance profile, for what must not be without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving, starting, steps
from instance_profiles.fixes.assemble import assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_instance_profile
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import DryRunPasses, RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance
from instance_profiles.fixes.targets import targets_besides

if TYPE_CHECKING:
    from collections.abc import Mapping

STARTING = (
    "The instance starts and is billed from then on; what runs at boot runs (user data, services, jobs), and "
    "a public address that is no Elastic IP is a new one."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance = subject_instance(situation)
    if instance is None:
        raise nothing_there(situation)
    if instance.state != "stopped":
        raise CannotPlan(f"{instance.name} is {instance.state}, and only a stopped instance can be started.")
    association = moving.the_association(situation, instance)
    old = moving.old_target(situation, association)
    if old is None:
        raise CannotPlan(
            f"What {instance.name} points to does not exist any more, so that EC2 could not settle it at the "
            "start; reattach instead (detach, then attach)."
        )
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role and would give no credentials; choose another one.",
            "instance-profile",
        )
    if association.iam_instance_profile.id == profile.instance_profile_id:
        raise CannotPlan(
            f"{instance.name} has {profile.instance_profile_name} already; choose another one.",
            "instance-profile",
        )
    target = target_of(profile)
    running = starting.started(instance)
    return assemble(
        RECIPE,
        situation,
        title=f"Start {instance.name}, then replace its instance profile by {profile.instance_profile_name}",
        steps=(
            starting.start_step(instance, association),
            steps.replace(instance, association, target, old),
        ),
        reaches=reach(situation.inventory, instances=(instance,)),
        typed=True,
        probes=(RoleTrustsEc2(profile.role.role_name, profile.role.role_id), DryRunPasses(0)),
        verify=steps.attached_well(running, target),
        warnings=(STARTING, *managed_warnings((instance,))),
        delay="About a minute for the start, then seconds.",
        undo="Puts the old instance profile back and stops the instance again; what it did meanwhile stays.",
        alone="Starting an instance costs money and runs what it runs at boot; start it by itself.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    return targets_besides(situation) if key == "instance-profile" else ()


RECIPE = Recipe(
    name="start-and-replace",
    number="R23",
    title="Start, then replace",
    summary="Starts the stopped instance and replaces its instance profile, so that it is never without one.",
    needs=(Need("instance-profile", "Instance profile"),),
    actions=(
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:ReplaceIamInstanceProfileAssociation",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
