"""EC2: DescribeInstances and the metadata options of an instance."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.operations.ec2_filters import matching
from instance_profiles.emulator.operations.ec2_instance_wire import instance_wire, metadata_options
from instance_profiles.emulator.operations.ec2_lookup import (
    instance_arn,
    need_parameters,
    the_instance,
    the_instances,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import ec2_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import STATE_CODES

if TYPE_CHECKING:
    from instance_profiles.emulator.operations.ec2_filters import Read
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance

_OPTIONS = (
    "HttpTokens",
    "HttpPutResponseHopLimit",
    "HttpEndpoint",
    "HttpProtocolIpv6",
    "InstanceMetadataTags",
)


@operation("ec2", "DescribeInstances")
def describe_instances(request: Request) -> dict[str, Any]:
    """Instances that the account hides come only with IncludeManagedResources."""
    given, ids = request.parameters, request.parameters.get("InstanceIds", [])
    if ids and "MaxResults" in given:
        raise RefusalError(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        )
    found = the_instances(request, ids) if ids else list(request.region.instances.values())
    found = [instance for instance in found if not instance.unlisted]
    if not given.get("IncludeManagedResources") and not ids:
        found = [instance for instance in found if not instance.hidden_by_default]
    found = matching(found, given.get("Filters", []), _FILTERS, lambda instance: instance.tags)
    keyed = [(f"{instance.number:012}", instance) for instance in found]
    page, more = ec2_page(request, keyed, smallest=5, largest=1000)
    return {"Reservations": _reservations(request, page), **more}


@operation("ec2", "ModifyInstanceMetadataOptions", own_checks=True)
def modify_instance_metadata_options(request: Request) -> dict[str, Any]:
    need_parameters(request.parameters, "InstanceId")
    instance = the_instance(request, request.parameters["InstanceId"])
    request.authorize(instance_arn(request, instance.id))
    wanted = {name: request.parameters[name] for name in _OPTIONS if name in request.parameters}
    if not wanted:
        raise RefusalError(
            "InvalidParameterCombination",
            "No instance attributes to modify have been specified. Specify at least one attribute.",
        )
    if not 1 <= wanted.get("HttpPutResponseHopLimit", 1) <= 64:
        raise RefusalError(
            "InvalidParameterValue",
            f"Value ({wanted['HttpPutResponseHopLimit']}) for parameter HttpPutResponseHopLimit is invalid. "
            "The value must be between 1 and 64.",
        )
    request.end_dry_run()
    if instance.state not in ("running", "stopped"):
        raise RefusalError(
            "IncorrectInstanceState",
            f"The instance '{instance.id}' is not in the 'running' or 'stopped' states.",
        )
    lifecycle.change_metadata(request.world, instance, wanted)
    options = metadata_options(instance, request.now)
    return {"InstanceId": instance.id, "InstanceMetadataOptions": options}


def _reservations(request: Request, page: list[Instance]) -> list[dict[str, Any]]:
    """Instances that were launched by one call and stand side by side share a reservation."""
    reservations: list[dict[str, Any]] = []
    for instance in page:
        if not reservations or reservations[-1]["ReservationId"] != instance.reservation_id:
            reservations.append(
                {
                    "ReservationId": instance.reservation_id,
                    "OwnerId": request.account.id,
                    "Groups": [],
                    "Instances": [],
                }
            )
        reservations[-1]["Instances"].append(instance_wire(request, instance))
    return reservations


def _of_profile(instance: Instance, member: str) -> list[str]:
    return [instance.shown_profile.wire()[member]] if instance.shown_profile else []


def _metadata_filter(member: str) -> Read[Instance]:
    return lambda instance: [str(instance.metadata.get(member, ""))]


_FILTERS: dict[str, Read[Instance]] = {
    "availability-zone": lambda instance: [instance.zone],
    "iam-instance-profile.arn": lambda instance: _of_profile(instance, "Arn"),
    "iam-instance-profile.id": lambda instance: _of_profile(instance, "Id"),
    "iam-instance-profile.name": lambda i: [arn.rpartition("/")[2] for arn in _of_profile(i, "Arn")],
    "image-id": lambda instance: [instance.image_id],
    "instance-id": lambda instance: [instance.id],
    "instance-state-code": lambda instance: [str(STATE_CODES[instance.shown_state])],
    "instance-state-name": lambda instance: [instance.shown_state],
    "instance-type": lambda instance: [instance.instance_type],
    "key-name": lambda instance: [instance.key_name] if instance.key_name else [],
    "launch-time": lambda i: [datetime.fromtimestamp(i.launched, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")],
    "metadata-options.http-endpoint": _metadata_filter("HttpEndpoint"),
    "metadata-options.http-put-response-hop-limit": _metadata_filter("HttpPutResponseHopLimit"),
    "metadata-options.http-tokens": _metadata_filter("HttpTokens"),
    "operator.managed": lambda instance: ["true" if instance.operator else "false"],
    "operator.principal": lambda instance: [instance.operator] if instance.operator else [],
    "private-ip-address": lambda instance: [instance.private_ip],
    "reservation-id": lambda instance: [instance.reservation_id],
    "subnet-id": lambda instance: [instance.subnet_id],
    "vpc-id": lambda instance: [instance.vpc_id],
}
