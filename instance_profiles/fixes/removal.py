"""Deleting an instance profile: only where nothing uses it, as far as anybody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import steps
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.conditions import InstanceProfileUnused
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.inventory import sources

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import InstanceProfile

_NAMED_AT_MOST = 3


def refuse_if_used(situation: Situation, profile: InstanceProfile) -> None:
    """Raise CannotPlan naming what uses the instance profile, as far as it was read."""
    inventory = situation.inventory
    reached = reach(inventory, instance_profiles=(profile,))
    names = [
        *(f"{ref.name} in {ref.region}" for ref in reached.instances),
        *(f"an association in {a.region}" for a in inventory.associations_naming(profile)),
        *(f"launch template {ref.name} in {ref.region}" for ref in reached.launch_templates),
        *(
            f"launch configuration {c.launch_configuration_name} in {c.region}"
            for c in inventory.launch_configurations_naming(profile)
        ),
    ]
    if names:
        more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
        raise CannotPlan(
            f"{profile.instance_profile_name} is in use by {', '.join(names[:_NAMED_AT_MOST])}{more}; "
            "move those to another instance profile first."
        )


def delete_steps(situation: Situation, profile: InstanceProfile, *, group: str = "") -> tuple[Step, ...]:
    """Take the role out, then delete: IAM refuses to delete an instance profile that holds a role."""
    target = target_of(profile)
    regions = situation.inventory.enabled_regions.get(situation.account)
    unused = InstanceProfileUnused(
        target.name,
        target.arn,
        profile.instance_profile_id,
        regions or situation.inventory.asked_regions.get(situation.account, ()),
    )
    if profile.role is None:
        return (steps.delete_instance_profile(target, profile.tags, unused, group=group),)
    return (
        steps.remove_role(target, profile.role, unused, group=group),
        steps.delete_instance_profile(target, profile.tags, group=group),
    )


def unread_warnings(situation: Situation) -> tuple[str, ...]:
    """What was not read when the plan was made, so that a use there may have been overlooked."""
    inventory, account = situation.inventory, situation.account
    if inventory.enabled_regions.get(account) is None:
        return (
            "The enabled regions of the account are not known; a use in another region may be overlooked.",
        )
    unread = [
        f"{source} in {region}"
        for region in inventory.asked_regions.get(account, ())
        for source in sources.REGIONAL_SOURCES
        if not inventory.is_complete(account, region, source)
    ]
    if not unread:
        return ()
    return (f"Not read when this plan was made: {', '.join(unread)}. The checks try again.",)
