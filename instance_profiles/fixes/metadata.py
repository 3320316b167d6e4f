"""Changing the metadata service of an instance, as switching it on and letting containers reach it share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes import calls, moving
from instance_profiles.fixes.assemble import assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import InstanceIn, MetadataOptionsAre
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import DryRunPasses, MetadataNotGoverned
from instance_profiles.fixes.situation import nothing_there, subject_instance

if TYPE_CHECKING:
    from instance_profiles.fixes.recipe import Recipe
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Instance, MetadataOptions

GOVERNED = "declarative-policy"
"""GetInstanceMetadataDefaults.ManagedBy where the organization sets the metadata options."""


def governed_sentence(region: str) -> str:
    """Why nothing is to be changed where the organization governs the metadata service."""
    return (
        f"A declarative policy of your organization governs the metadata service in {region}; ask its "
        "administrator to change the policy."
    )


def instance_and_options(situation: Situation) -> tuple[Instance, MetadataOptions]:
    """The instance in question and its options; raises CannotPlan where they cannot be changed."""
    instance = subject_instance(situation)
    if instance is None:
        raise nothing_there(situation)
    moving.check_changeable(instance)
    if instance.metadata_options is None:
        raise CannotPlan(f"The metadata options of {instance.name} were not read; reload and try again.")
    defaults = situation.inventory.defaults_of(instance.account, instance.region)
    if defaults is not None and defaults.managed_by == GOVERNED:
        raise CannotPlan(governed_sentence(instance.region))
    return instance, instance.metadata_options


def metadata_plan(
    recipe: Recipe,
    situation: Situation,
    instance: Instance,
    new: MetadataOptions,
    *,
    title: str,
    undo: str,
    **more: Any,
) -> Plan:
    """The plan that gives an instance these options; `instance` has its present ones."""
    old = instance.metadata_options or new
    step = Step(
        calls.modify_metadata_options(instance, old, new),
        before=(InstanceIn(instance.region, instance.instance_id, (instance.state,)), _are(instance, old)),
        after=(_are(instance, new),),
        taken_back=(_are(instance, old),),
    )
    # No recording tells when a stopped instance applies its options: only a running one is waited for.
    applied = instance.state == "running"
    return assemble(
        recipe,
        situation,
        title=title,
        steps=(step,),
        reaches=reach(situation.inventory, instances=(instance,)),
        probes=(MetadataNotGoverned(instance.region), DryRunPasses(0)),
        verify=(_are(instance, new, applied=applied),),
        delay="Within seconds, without a restart.",
        undo=undo,
        **{**more, "warnings": (*more.get("warnings", ()), *managed_warnings((instance,)))},
    )


def changed(options: MetadataOptions, **fields: Any) -> MetadataOptions:
    return msgspec.structs.replace(options, **fields)


def _are(instance: Instance, options: MetadataOptions, *, applied: bool = False) -> MetadataOptionsAre:
    return MetadataOptionsAre(
        instance.region,
        instance.instance_id,
        options.http_endpoint,
        options.http_tokens,
        options.http_put_response_hop_limit,
        applied,
    )
