"""R13: switch the instance metadata service on; the only way for credentials to reach the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.metadata import changed, instance_and_options, metadata_plan
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance, old = instance_and_options(situation)
    if old.http_endpoint == "enabled":
        raise CannotPlan(f"The metadata service of {instance.name} is on already; reload and look again.")
    return metadata_plan(
        RECIPE,
        situation,
        instance,
        # Tokens and hop limit stay as somebody chose them: switching on is no reason to loosen or tighten.
        changed(old, http_endpoint="enabled"),
        title=f"Switch the metadata service of {instance.name} on",
        undo="Switches the metadata service off again.",
    )


RECIPE = Recipe(
    name="enable-imds",
    number="R13",
    title="Switch the metadata service on",
    summary="Lets the instance read its credentials; token and hop settings stay as they are.",
    actions=("ec2:ModifyInstanceMetadataOptions",),
    build=build,
)
