"""EC2: starting, stopping and terminating instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.operations.ec2_instance_wire import state_wire
from instance_profiles.emulator.operations.ec2_lookup import instance_arn, need_parameters, the_instances
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance, InstanceState


@operation("ec2", "StartInstances", own_checks=True)
def start_instances(request: Request) -> dict[str, Any]:
    instances = _permitted(request, "started", ("stopped", "pending", "running"))
    before = [instance.state for instance in instances]
    for instance in instances:
        if instance.state == "stopped":
            lifecycle.start(request.world, request.account, request.region, instance)
    return {"StartingInstances": _changes(instances, before)}


@operation("ec2", "StopInstances", own_checks=True)
def stop_instances(request: Request) -> dict[str, Any]:
    instances = _permitted(request, "stopped", ("running", "pending", "stopping", "stopped"))
    before = [instance.state for instance in instances]
    for instance in instances:
        if instance.state in ("running", "pending"):
            lifecycle.stop(request.world, instance)
    return {"StoppingInstances": _changes(instances, before)}


@operation("ec2", "TerminateInstances", own_checks=True)
def terminate_instances(request: Request) -> dict[str, Any]:
    """A terminated instance may be terminated again: 48 to 48."""
    instances = _permitted(request, "terminated", None)
    before = [instance.state for instance in instances]
    for instance in instances:
        if instance.state not in ("shutting-down", "terminated"):
            lifecycle.terminate(request.world, request.region, instance)
    return {"TerminatingInstances": _changes(instances, before)}


def _permitted(request: Request, verb: str, states: tuple[InstanceState, ...] | None) -> list[Instance]:
    need_parameters(request.parameters, "InstanceIds")
    instances = the_instances(request, request.parameters["InstanceIds"])
    for instance in instances:
        request.authorize(instance_arn(request, instance.id))
    request.end_dry_run()
    for instance in instances:
        if states is not None and instance.state not in states:
            raise RefusalError(
                "IncorrectInstanceState",
                f"The instance '{instance.id}' is not in a state from which it can be {verb}.",
            )
    return instances


def _changes(instances: list[Instance], before: list[InstanceState]) -> list[dict[str, Any]]:
    return [
        {
            "InstanceId": instance.id,
            "PreviousState": state_wire(previous),
            "CurrentState": state_wire(instance.state),
        }
        for instance, previous in zip(instances, before, strict=True)
    ]
