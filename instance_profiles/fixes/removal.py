"""Deleting an instance profile: only where nothing uses it, as far as anybody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.references import meaning
from instance_profiles.fixes import steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.conditions import InstanceProfileGone, InstanceProfileUnused
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import NothingUses, NotOwnedElsewhere
from instance_profiles.inventory import sources

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.probes import Probe
    from instance_profiles.fixes.recipe import Recipe
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfile

KEEP_TAG = "iptui:keep"
"""The tag that says: leave this instance profile alone, whatever its value."""
_NAMED_AT_MOST = 3


def deletion(
    recipe: Recipe, situation: Situation, profile: InstanceProfile, *probes: Probe, alone: str = ""
) -> Plan:
    """The plan that deletes an instance profile; raises CannotPlan naming what uses it."""
    refuse_if_used(situation, profile)
    target = target_of(profile)
    return assemble(
        recipe,
        situation,
        title=f"Delete instance profile {profile.instance_profile_name}",
        steps=delete_steps(situation, profile),
        reaches=reach(situation.inventory, instance_profiles=(profile,)),
        typed=True,
        probes=(
            NothingUses(target.name, target.arn, profile.instance_profile_id),
            NotOwnedElsewhere(target.name),
            *probes,
        ),
        verify=(InstanceProfileGone(target.name),),
        warnings=unread_warnings(situation),
        delay="Gone at once.",
        undo=(
            "Makes it again with the same name, path, tags and role, but with a new unique id: anything that "
            "still points to the old id stays broken."
        ),
        alone=alone,
    )


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
        *(f"fleet {fleet.fleet_id} in {fleet.region}" for fleet in inventory.fleets_naming(profile)),
    ] or [
        f"{ref.name} in {ref.region}, which means it"
        for ref in meaning(profile, inventory)
        # What is to be mended may well be in the way of what it means.
        if ref != situation.subject
    ]
    if names:
        more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
        raise CannotPlan(
            f"{profile.instance_profile_name} is in use by {', '.join(names[:_NAMED_AT_MOST])}{more}; "
            "move those to another instance profile first."
        )


def delete_steps(situation: Situation, profile: InstanceProfile, *, group: str = "") -> tuple[Step, ...]:
    """Take the role out, then delete: IAM refuses to delete an instance profile that holds a role."""
    target, nobody = target_of(profile), unused(situation, profile)
    if profile.role is None:
        return (steps.delete_instance_profile(target, profile.tags, nobody, group=group),)
    return (
        steps.remove_role(target, profile.role, nobody, group=group),
        steps.delete_instance_profile(target, profile.tags, group=group),
    )


def unused(situation: Situation, profile: InstanceProfile) -> InstanceProfileUnused:
    """Nothing in any enabled region uses the instance profile, asked right before a call."""
    inventory = situation.inventory
    regions = inventory.enabled_regions.get(situation.account)
    return InstanceProfileUnused(
        profile.instance_profile_name,
        profile.arn,
        profile.instance_profile_id,
        regions or inventory.asked_regions.get(situation.account, ()),
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
        for source in sources.USE_SOURCES
        if not _read(inventory, account, region, source)
    ]
    if not unread:
        return ()
    return (f"Not read when this plan was made: {', '.join(unread)}. The checks try again.",)


def _read(inventory: Inventory, account: str, region: str, source: str) -> bool:
    """Whether a source was read, or is not offered there, so that nothing of it can exist."""
    coverage = inventory.coverage_of(account, region, source)
    if coverage is None:
        return False
    return coverage.state == "complete" or (coverage.state == "disabled" and source in sources.EXTRA_SOURCES)
