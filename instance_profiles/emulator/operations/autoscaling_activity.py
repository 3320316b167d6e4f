"""Auto Scaling: what groups did, and instance refreshes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.identifiers import ec2_id, request_id
from instance_profiles.emulator.operations.autoscaling_groups import the_group
from instance_profiles.emulator.operations.autoscaling_templates import template_of
from instance_profiles.emulator.operations.ec2_run import launchable_profile, new_instance
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import autoscaling_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import InstanceRefresh

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance, ScalingGroup


@operation("autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(request: Request) -> dict[str, Any]:
    """Newest first."""
    name = request.parameters.get("AutoScalingGroupName")
    groups = [group for group in request.region.scaling_groups.values() if name in (None, group.name)]
    keyed = [
        (f"{10**12 - activity['StartTime']:020.3f}{activity['ActivityId']}", activity)
        for group in groups
        for activity in group.activities
    ]
    page, more = autoscaling_page(request, keyed, default=100)
    return {"Activities": page, **more}


@operation("autoscaling", "StartInstanceRefresh")
def start_instance_refresh(request: Request) -> dict[str, Any]:
    """Replaces the group's instances by new ones from its launch template, all at once after a while."""
    group = the_group(request)
    if any(refresh.status == "InProgress" for refresh in group.refreshes):
        raise RefusalError(
            "InstanceRefreshInProgress",
            f"An Instance Refresh is already in progress and blocks the execution of this Instance Refresh "
            f"for group {group.name}.",
        )
    refresh = InstanceRefresh(request_id(request.world.next_number()), request.now, "InProgress")
    group.refreshes.append(refresh)
    request.world.at(
        request.now + request.world.timing.instance_refresh,
        lambda _due: _refresh(request, group, refresh),
    )
    return {"InstanceRefreshId": refresh.id}


@operation("autoscaling", "DescribeInstanceRefreshes")
def describe_instance_refreshes(request: Request) -> dict[str, Any]:
    group = the_group(request)
    keyed = [(f"{place:06}", refresh) for place, refresh in enumerate(reversed(group.refreshes))]
    page, more = autoscaling_page(request, keyed)
    listed = [
        {
            "InstanceRefreshId": refresh.id,
            "AutoScalingGroupName": group.name,
            "Status": refresh.status,
            "StartTime": refresh.started,
            "PercentageComplete": 100 if refresh.status == "Successful" else 0,
            "InstancesToUpdate": 0 if refresh.status == "Successful" else len(group.instance_ids),
        }
        for refresh in page
    ]
    return {"InstanceRefreshes": listed, **more}


def _refresh(request: Request, group: ScalingGroup, refresh: InstanceRefresh) -> None:
    region = request.region
    try:
        fresh = [_launch(request, group, region.instances[i]) for i in group.instance_ids]
    except RefusalError as refusal:
        refresh.status = "Failed"
        _record(request, group, "Failed", refusal.message)
        return
    for instance_id in group.instance_ids:
        lifecycle.terminate(request.world, region, region.instances[instance_id])
    group.instance_ids = [instance.id for instance in fresh]
    refresh.status = "Successful"
    _record(request, group, "Successful", "")


def _launch(request: Request, group: ScalingGroup, old: Instance) -> Instance:
    resolved = template_of(request, group)
    if resolved is None:
        raise RefusalError("ValidationError", "The group has no launch template.")
    template, version = resolved
    data = template.versions[version].data
    profile = launchable_profile(request, data.get("IamInstanceProfile"))
    wanted = {"ImageId": old.image_id, "Placement": {"AvailabilityZone": old.zone}} | data
    reservation = ec2_id("r", request.account.id, request.world.next_number())
    instance = new_instance(request, wanted, reservation, profile, (template.id, version))
    instance.tags.update(old.tags)
    return instance


def _record(request: Request, group: ScalingGroup, status: str, fault: str) -> None:
    activity: dict[str, Any] = {
        "ActivityId": request_id(request.world.next_number()),
        "AutoScalingGroupName": group.name,
        "Description": "Launching a new EC2 instance",
        "Cause": "a user request started an instance refresh",
        "StartTime": request.now,
        "EndTime": request.now,
        "StatusCode": status,
        "Progress": 100,
    }
    if fault:
        activity["StatusMessage"] = (
            f"Launching a new EC2 instance. Status Reason: {fault}. Launching EC2 instance failed."
        )
    group.activities.append(activity)
