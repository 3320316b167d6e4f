"""EC2: spot fleet requests and EC2 fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.ec2_filters import matching
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import ec2_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.operations.ec2_filters import Read
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Fleet

_FILTERS: dict[str, Read[Fleet]] = {
    "activity-status": lambda fleet: [_activity(fleet)],
    "fleet-state": lambda fleet: [fleet.state.replace("_", "-")],
    "type": lambda fleet: [fleet.type],
    "excess-capacity-termination-policy": lambda fleet: ["termination"],
    "replace-unhealthy-instances": lambda fleet: ["false"],
}


@operation("ec2", "DescribeSpotFleetRequests")
def describe_spot_fleet_requests(request: Request) -> dict[str, Any]:
    """All of them, those that have ended as well: there is no filter."""
    ids = request.parameters.get("SpotFleetRequestIds", [])
    found = _of_kind(request, "spot-fleet", ids, "InvalidSpotFleetRequestId.NotFound")
    page, more = ec2_page(request, [(fleet.id, fleet) for fleet in found], smallest=1, largest=1000)
    return {"SpotFleetRequestConfigs": [_spot_wire(fleet) for fleet in page], **more}


@operation("ec2", "DescribeFleets")
def describe_fleets(request: Request) -> dict[str, Any]:
    """Fleets of type instant are shown only to those who name them."""
    ids = request.parameters.get("FleetIds", [])
    found = _of_kind(request, "ec2-fleet", ids, "InvalidFleetId.NotFound")
    shown = [fleet for fleet in found if ids or fleet.type != "instant"]
    shown = matching(shown, request.parameters.get("Filters", []), _FILTERS, lambda fleet: fleet.tags)
    page, more = ec2_page(request, [(fleet.id, fleet) for fleet in shown], smallest=1, largest=1000)
    return {"Fleets": [_fleet_wire(fleet) for fleet in page], **more}


def _of_kind(request: Request, kind: str, ids: list[str], not_found: str) -> list[Fleet]:
    known = {fleet.id: fleet for fleet in request.region.fleets.values() if fleet.kind == kind}
    for wanted in ids:
        if wanted not in known:
            raise RefusalError(not_found, f"The fleet ID '{wanted}' does not exist")
    return [known[wanted] for wanted in ids] if ids else list(known.values())


def _activity(fleet: Fleet) -> str:
    return "fulfilled" if fleet.state == "active" else "pending-termination"


def _tag_list(fleet: Fleet) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in fleet.tags.items()]


def _spot_wire(fleet: Fleet) -> dict[str, Any]:
    return {
        "ActivityStatus": _activity(fleet).replace("-", "_"),
        "CreateTime": fleet.created,
        "SpotFleetRequestConfig": fleet.launch,
        "SpotFleetRequestId": fleet.id,
        "SpotFleetRequestState": fleet.state,
        "Tags": _tag_list(fleet),
    }


def _fleet_wire(fleet: Fleet) -> dict[str, Any]:
    return {
        "ActivityStatus": _activity(fleet),
        "CreateTime": fleet.created,
        "FleetId": fleet.id,
        "FleetState": fleet.state,
        "ExcessCapacityTerminationPolicy": "termination",
        "FulfilledCapacity": float(fleet.target),
        "FulfilledOnDemandCapacity": 0.0,
        "TargetCapacitySpecification": {
            "TotalTargetCapacity": fleet.target,
            "OnDemandTargetCapacity": 0,
            "SpotTargetCapacity": fleet.target,
            "DefaultTargetCapacityType": "spot",
        },
        "TerminateInstancesWithExpiration": False,
        "Type": fleet.type,
        "ReplaceUnhealthyInstances": False,
        "Tags": _tag_list(fleet),
        **fleet.launch,
    }
