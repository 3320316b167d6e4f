"""Systems Manager: the instances whose agents report to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.managed_nodes import ping_status
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance

_PLATFORM = {"PlatformType": "Linux", "PlatformName": "Amazon Linux", "PlatformVersion": "2023"}
_AGENT = "3.3.2299.0"


@operation("ssm", "DescribeInstanceInformation")
def describe_instance_information(request: Request) -> dict[str, Any]:
    """By InstanceIds or PingStatus filters, or all; at most 50 a page."""
    known = {
        instance.id: (instance, status)
        for instance in request.region.instances.values()
        if (status := ping_status(request.account, request.region, instance)) is not None
    }
    for entry in request.parameters.get("Filters", []):
        known = _filtered(known, entry["Key"], entry["Values"])
    keyed = [(instance_id, pair) for instance_id, pair in known.items()]
    page, more = json_page(
        request, keyed, size="MaxResults", cursor="NextToken", default=10, smallest=5, largest=50
    )
    return {"InstanceInformationList": [_wire(request, *pair) for pair in page], **more}


def _filtered(
    known: dict[str, tuple[Instance, str]], key: str, values: list[str]
) -> dict[str, tuple[Instance, str]]:
    if key == "InstanceIds":
        return {name: pair for name, pair in known.items() if name in values}
    if key == "PingStatus":
        return {name: pair for name, pair in known.items() if pair[1] in values}
    raise RefusalError("InvalidFilterKey", f"{key} is not a valid filter key.")


def _wire(request: Request, instance: Instance, status: str) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "PingStatus": status,
        "LastPingDateTime": request.now if status == "Online" else instance.launched + 3600,
        "AgentVersion": _AGENT,
        "IsLatestVersion": True,
        "ResourceType": "EC2Instance",
        "IPAddress": instance.private_ip,
        "ComputerName": f"ip-{instance.private_ip.replace('.', '-')}.{request.region_name}.compute.internal",
        "SourceId": instance.id,
        "SourceType": "AWS::EC2::Instance",
        **_PLATFORM,
    }
