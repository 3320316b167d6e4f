"""R15: bind instances to the instance profile that has the ARN now, after it was deleted and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving
from instance_profiles.fixes.assemble import SECONDS, assemble, counted, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.situation import (
    CHANGEABLE,
    Situation,
    associations_of,
    attached,
    nothing_there,
    subject_instance,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import Instance, InstanceProfile


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = _made_again(situation)
    if profile.role is None:
        raise CannotPlan(f"{profile.instance_profile_name} has no role; add one first.")
    stale = situation.inventory.instances_with_stale_id(profile)
    instances = tuple(instance for instance in stale if _can_move(situation, instance))
    single = subject_instance(situation)
    if single is not None and single not in instances:
        moving.check_changeable(single)
        moving.the_association(situation, single)
    if not instances:
        raise CannotPlan(
            f"No instance points to an old {profile.instance_profile_name}; reload and look again."
        )
    target = target_of(profile)
    left = len(stale) - len(instances)
    return assemble(
        RECIPE,
        situation,
        title=f"Bind {counted(len(instances), 'instance')} to the present {profile.instance_profile_name}",
        steps=moving.reattach_steps(situation, instances, target, stale=True),
        reaches=reach(situation.inventory, instances=instances),
        probes=(RoleTrustsEc2(profile.role.role_name, profile.role.role_id),),
        verify=moving.attached_well(instances, target),
        warnings=(
            *((f"{counted(left, 'instance')} cannot be changed in the present state.",) if left else ()),
            *managed_warnings(instances),
        ),
        delay=SECONDS,
        undo="Cannot be undone, and need not be: the old id is dead and gave no credentials.",
    )


def _made_again(situation: Situation) -> InstanceProfile:
    if situation.subject.kind == "instance-profile":
        profile = situation.inventory.instance_profiles.get((situation.account, situation.subject.id))
        if profile is None:
            raise nothing_there(situation)
        return profile
    instance = subject_instance(situation)
    ref = attached(situation, instance) if instance else None
    if instance is None or ref is None:
        raise nothing_there(situation)
    profile = situation.inventory.instance_profile_by_arn(ref.arn)
    if profile is None:
        raise CannotPlan(f"{ref.name} was not made again; reattach another instance profile, or create it.")
    return profile


def _can_move(situation: Situation, instance: Instance) -> bool:
    return instance.state in CHANGEABLE and len(associations_of(situation, instance)) == 1


RECIPE = Recipe(
    name="rebind-stale-instances",
    number="R15",
    title="Bind to the present instance profile",
    summary="Detaches and attaches every instance that still points to the id from before.",
    actions=(
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
)
