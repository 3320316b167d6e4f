"""Moving instances to an instance profile: replaced where running and settled, detached and attached else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import steps
from instance_profiles.fixes.calls import Target, target_of
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.situation import CHANGEABLE, associations_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Association, Instance


def the_association(situation: Situation, instance: Instance) -> Association:
    """The one association of an instance; raises CannotPlan where it has none or several."""
    found = associations_of(situation, instance)
    if len(found) == 1:
        return found[0]
    if not found:
        raise CannotPlan(f"{instance.name} has no association to change; reload, or attach instead.")
    raise CannotPlan(f"{instance.name} has {len(found)} associations; detach the unwanted one first.")


def old_target(situation: Situation, association: Association) -> Target | None:
    """What the association points to, None where that very instance profile does not exist any more."""
    profile = situation.inventory.instance_profile_of(association)
    return target_of(profile) if profile else None


def check_changeable(instance: Instance) -> None:
    """Raise CannotPlan where EC2 would not let the instance profile be changed in this state."""
    if instance.state not in CHANGEABLE:
        raise CannotPlan(
            f"{instance.name} is {instance.state}; its instance profile can be changed only while it is "
            "running or stopped."
        )


def reattach_steps(
    situation: Situation, instances: Iterable[Instance], target: Target, *, stale: bool = False
) -> tuple[Step, ...]:
    """Detach and attach each instance; `stale`: the old id is dead, so that nothing can be put back."""
    made: list[Step] = []
    for instance in instances:
        check_changeable(instance)
        association = the_association(situation, instance)
        old = None if stale else old_target(situation, association)
        made.extend(steps.reattach(instance, association, target, old))
    return tuple(made)


def move_steps(situation: Situation, instances: Iterable[Instance], target: Target) -> tuple[Step, ...]:
    """Replace the association of running instances, detach and attach the others."""
    made: list[Step] = []
    for instance in instances:
        check_changeable(instance)
        association = the_association(situation, instance)
        old = old_target(situation, association)
        if instance.state == "running" and association.state == "associated":
            made.append(steps.replace(instance, association, target, old))
        else:
            made.extend(steps.reattach(instance, association, target, old))
    return tuple(made)


def attached_well(instances: Iterable[Instance], target: Target) -> tuple[AnyCondition, ...]:
    """What proves at the end that all the instances have the instance profile."""
    return tuple(held for instance in instances for held in steps.attached_well(instance, target))
