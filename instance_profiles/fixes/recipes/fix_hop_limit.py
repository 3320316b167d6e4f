"""R13: let the answers of the metadata service reach containers, one hop further than the instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.metadata import changed, instance_and_options, metadata_plan
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

FOR_CONTAINERS = 2
"""Hops that AWS recommends where containers read the metadata service; up to 64 are taken."""
DELIBERATE = (
    "A limit of 1 keeps containers away from the credentials of the host, perhaps on purpose: pods with "
    "roles of their own (IRSA, pod identity) do not need this."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance, old = instance_and_options(situation)
    if old.http_put_response_hop_limit >= FOR_CONTAINERS:
        raise CannotPlan(
            f"The hop limit of {instance.name} is {old.http_put_response_hop_limit} already; reload."
        )
    return metadata_plan(
        RECIPE,
        situation,
        instance,
        changed(old, http_put_response_hop_limit=FOR_CONTAINERS),
        title=f"Let containers on {instance.name} reach the metadata service",
        warnings=(DELIBERATE,),
        undo=f"Sets the hop limit back to {old.http_put_response_hop_limit}.",
    )


RECIPE = Recipe(
    name="fix-hop-limit",
    number="R13",
    title="Raise the hop limit",
    summary=f"Sets the hop limit of the metadata service to {FOR_CONTAINERS}, so that containers get in.",
    actions=("ec2:ModifyInstanceMetadataOptions",),
    build=build,
)
