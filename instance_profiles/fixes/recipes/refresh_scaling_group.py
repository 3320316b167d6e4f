"""Replace the instances of a scaling group by new ones from its launch template (StartInstanceRefresh)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import scaling_calls
from instance_profiles.fixes.assemble import assemble, counted, typeable
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import RefreshBegun
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import AutoScalingGroup, Instance

REPLACES = (
    "Auto Scaling terminates the group's instances and launches new ones, some at a time: what they hold on "
    "their own disks is lost."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    group = subject_group(situation)
    if group is None:
        raise nothing_there(situation)
    inventory = situation.inventory
    name = group.auto_scaling_group_name
    _refuse_unless_it_launches(inventory, group)
    members = _members(inventory, group)
    if not members:
        raise CannotPlan(f"Scaling group {name} has no instances to replace.")
    old = tuple(instance.instance_id for instance in members)
    begun = RefreshBegun(group.region, name, old, True)
    step = Step(
        scaling_calls.start_refresh(group),
        before=(RefreshBegun(group.region, name, old, False),),
        after=(begun,),
        timeout=30.0,
    )
    radius = reach(inventory, instances=members)
    plan = assemble(
        RECIPE,
        situation,
        title=f"Replace the {counted(len(members), 'instance')} of scaling group {name}",
        steps=(step,),
        reaches=msgspec.structs.replace(radius, auto_scaling_groups=(group.ref,)),
        typed=True,
        verify=(begun,),
        warnings=(REPLACES,),
        notes=(
            (
                f"To stop it: aws autoscaling cancel-instance-refresh --region {group.region} "
                "--auto-scaling-group-name NAME"
            ),
        ),
        delay="Minutes to hours, some instances at a time; iptui waits only until it has begun.",
        undo="Cannot be undone: instances that were replaced do not come back.",
    )
    return msgspec.structs.replace(plan, typed_name=typeable(group.ref))


def _refuse_unless_it_launches(inventory: Inventory, group: AutoScalingGroup) -> None:
    """New instances that could not launch, or would have no credentials, would be worse than the old."""
    name = group.auto_scaling_group_name
    if not group.launch_templates:
        raise CannotPlan(
            f"Scaling group {name} launches from no launch template that was read; an instance refresh would "
            "bring the same instances again."
        )
    for specification in group.launch_templates:
        version = inventory.resolve(group.account, group.region, specification)
        if version is None:
            raise CannotPlan(
                f"The launch template version of scaling group {name} was not read; reload and try again."
            )
        named = inventory.instance_profile_named_by(version)
        wanted = version.iam_instance_profile_arn or version.iam_instance_profile_name
        if wanted and (named is None or named.role is None):
            raise CannotPlan(
                f"Launch template {version.launch_template_name} names {wanted.rpartition('/')[2]}, with "
                "which no instance can launch; repair the launch template first."
            )


def _members(inventory: Inventory, group: AutoScalingGroup) -> tuple[Instance, ...]:
    found = (
        inventory.instance(group.account, group.region, member.instance_id) for member in group.instances
    )
    return tuple(instance for instance in found if instance is not None and instance.state != "terminated")


RECIPE = Recipe(
    name="refresh-scaling-group",
    number="R14",
    title="Replace the group's instances",
    summary="Starts an instance refresh: new instances from the launch template take the place of the old.",
    actions=("autoscaling:StartInstanceRefresh",),
    build=build,
)
