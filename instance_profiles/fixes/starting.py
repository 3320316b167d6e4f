"""Starting a stopped instance, and stopping it again to take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.conditions import AssociationIs, InstanceIn
from instance_profiles.fixes.plan import Call, Permission, Step

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Association, Instance

PATIENCE = 600.0
"""Seconds: as long as the SDK's own waiters for running and stopped look (40 times 15 seconds)."""


def start_step(instance: Instance, association: Association) -> Step:
    """Start the instance, and wait until its association has settled, as it does within seconds."""
    ref = association.iam_instance_profile

    def held(*states: str) -> AssociationIs:
        return AssociationIs(
            instance.region,
            instance.instance_id,
            association.association_id,
            ref.arn,
            ref.id,
            states,
        )

    def is_in(*states: str) -> InstanceIn:
        return InstanceIn(instance.region, instance.instance_id, states)

    return Step(
        msgspec.structs.replace(_call("StartInstances", instance), inverse=_call("StopInstances", instance)),
        before=(is_in("stopped"), held("associating", "associated")),
        after=(is_in("running"), held("associated")),
        happened=(is_in("pending", "running"),),
        taken_back=(is_in("stopped"),),
        timeout=PATIENCE,
        interval=5.0,
        group=f"{instance.region}/{instance.instance_id}",
    )


def started(instance: Instance) -> Instance:
    """The instance as it is once it runs."""
    return msgspec.structs.replace(instance, state="running")


def _call(operation: str, instance: Instance) -> Call:
    context = {"aws:RequestedRegion": instance.region, "ec2:Region": instance.region}
    context |= {f"aws:ResourceTag/{key}": value for key, value in instance.tags.items()}
    return Call(
        "ec2",
        operation,
        instance.region,
        {"InstanceIds": [instance.instance_id]},
        permissions=(Permission(f"ec2:{operation}", instance.arn, context),),
    )
