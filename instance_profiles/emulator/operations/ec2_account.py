"""EC2: regions, and the account's defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request


@operation("ec2", "DescribeRegions")
def describe_regions(request: Request) -> dict[str, Any]:
    """Lists enabled regions; with AllRegions also those that are not opted in."""
    world = request.world
    listed = dict.fromkeys(world.regions, "opt-in-not-required")
    if request.parameters.get("AllRegions"):
        listed |= dict.fromkeys(world.disabled_regions, "not-opted-in")
    for name in request.parameters.get("RegionNames", []):
        if name not in listed:
            raise RefusalError("InvalidParameterValue", f"Invalid region names: [{name}]")
    wanted = request.parameters.get("RegionNames") or sorted(listed)
    return {
        "Regions": [
            {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": listed[name]}
            for name in wanted
        ]
    }


@operation("ec2", "GetInstanceMetadataDefaults")
def get_instance_metadata_defaults(request: Request) -> dict[str, Any]:
    """`{"ManagedBy": "account"}` where nobody set anything, as it was recorded of AWS."""
    return {"AccountLevel": request.region.metadata_defaults or {"ManagedBy": "account"}}
