"""R13: switch the instance metadata service on; the only way for credentials to reach the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import calls, moving
from instance_profiles.fixes.assemble import assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import InstanceIn, MetadataOptionsAre
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import DryRunPasses
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import Instance, MetadataOptions


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance = subject_instance(situation)
    if instance is None:
        raise nothing_there(situation)
    moving.check_changeable(instance)
    old = instance.metadata_options
    if old is None:
        raise CannotPlan(f"The metadata options of {instance.name} were not read; reload and try again.")
    if old.http_endpoint == "enabled":
        raise CannotPlan(f"The metadata service of {instance.name} is on already; reload and look again.")
    # Tokens and hop limit stay as somebody chose them: switching on is no reason to loosen or tighten.
    new = msgspec.structs.replace(old, http_endpoint="enabled")
    step = Step(
        calls.modify_metadata_options(instance, old, new),
        before=(InstanceIn(instance.region, instance.instance_id, (instance.state,)), _are(instance, old)),
        after=(_are(instance, new),),
        taken_back=(_are(instance, old),),
    )
    return assemble(
        RECIPE,
        situation,
        title=f"Switch the metadata service of {instance.name} on",
        steps=(step,),
        reaches=reach(situation.inventory, instances=(instance,)),
        probes=(DryRunPasses(0),),
        verify=(_are(instance, new, applied=True),),
        warnings=managed_warnings((instance,)),
        delay="Within seconds, without a restart.",
        undo="Switches the metadata service off again.",
    )


def _are(instance: Instance, options: MetadataOptions, *, applied: bool = False) -> MetadataOptionsAre:
    return MetadataOptionsAre(
        instance.region,
        instance.instance_id,
        options.http_endpoint,
        options.http_tokens,
        options.http_put_response_hop_limit,
        applied,
    )


RECIPE = Recipe(
    name="enable-imds",
    number="R13",
    title="Switch the metadata service on",
    summary="Lets the instance read its credentials; token and hop settings stay as they are.",
    build=build,
)
