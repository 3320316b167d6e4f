"""Auto Scaling: groups and launch configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.autoscaling_templates import check_template
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import autoscaling_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance, LaunchConfiguration, ScalingGroup

_LIFECYCLE = {"pending": "Pending", "running": "InService", "terminated": "Terminated"}


@operation("autoscaling", "DescribeAutoScalingGroups")
def describe_auto_scaling_groups(request: Request) -> dict[str, Any]:
    names = request.parameters.get("AutoScalingGroupNames") or None
    groups = request.region.scaling_groups.values()
    keyed = [(group.name, group) for group in groups if names is None or group.name in names]
    page, more = autoscaling_page(request, keyed)
    return {"AutoScalingGroups": [_group_wire(request, group) for group in page], **more}


@operation("autoscaling", "DescribeLaunchConfigurations")
def describe_launch_configurations(request: Request) -> dict[str, Any]:
    names = request.parameters.get("LaunchConfigurationNames") or None
    known = request.region.launch_configurations.values()
    keyed = [(found.name, found) for found in known if names is None or found.name in names]
    page, more = autoscaling_page(request, keyed)
    return {"LaunchConfigurations": [_configuration_wire(found) for found in page], **more}


@operation("autoscaling", "UpdateAutoScalingGroup")
def update_auto_scaling_group(request: Request) -> dict[str, Any]:
    """A new launch template must name an instance profile that EC2 could launch with, as AWS checks it."""
    given = request.parameters
    group = the_group(request)
    if "LaunchTemplate" in given:
        template = check_template(request, given["LaunchTemplate"])
        group.launch_template, group.mixed_instances_policy = template, None
        group.launch_configuration = ""
    if "MixedInstancesPolicy" in given:
        policy = given["MixedInstancesPolicy"]
        check_template(request, policy["LaunchTemplate"]["LaunchTemplateSpecification"])
        group.launch_template, group.mixed_instances_policy = None, policy
        group.launch_configuration = ""
    if "LaunchConfigurationName" in given:
        name = given["LaunchConfigurationName"]
        if name not in request.region.launch_configurations:
            raise RefusalError("ValidationError", f"Launch configuration name not found - {name}")
        group.launch_configuration = name
        group.launch_template = group.mixed_instances_policy = None
    group.desired = given.get("DesiredCapacity", group.desired)
    group.minimum = given.get("MinSize", group.minimum)
    group.maximum = given.get("MaxSize", group.maximum)
    return {}


def the_group(request: Request) -> ScalingGroup:
    """Return the group that the request names; raises ValidationError."""
    group = request.region.scaling_groups.get(request.parameters["AutoScalingGroupName"])
    if group is None:
        raise RefusalError("ValidationError", "AutoScalingGroup name not found - null")
    return group


def _group_wire(request: Request, group: ScalingGroup) -> dict[str, Any]:
    instances = request.region.instances
    members = [instances[i] for i in group.instance_ids if instances[i].state != "terminated"]
    return {
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "LaunchTemplate": group.launch_template,
        "MixedInstancesPolicy": group.mixed_instances_policy,
        "LaunchConfigurationName": group.launch_configuration or None,
        "MinSize": group.minimum,
        "MaxSize": group.maximum,
        "DesiredCapacity": group.desired,
        "DefaultCooldown": 300,
        "AvailabilityZones": group.zones,
        "LoadBalancerNames": [],
        "TargetGroupARNs": [],
        "HealthCheckType": "EC2",
        "HealthCheckGracePeriod": 300,
        "Instances": [_member_wire(request, group, instance) for instance in members],
        "CreatedTime": group.created,
        "SuspendedProcesses": [],
        "EnabledMetrics": [],
        "Tags": [
            {
                "ResourceId": group.name,
                "ResourceType": "auto-scaling-group",
                "Key": key,
                "Value": value,
                "PropagateAtLaunch": True,
            }
            for key, value in group.tags.items()
        ],
        "TerminationPolicies": ["Default"],
        "NewInstancesProtectedFromScaleIn": False,
        "ServiceLinkedRoleARN": request.account.arn(
            "iam",
            "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        ),
        "TrafficSources": [],
    }


def _member_wire(request: Request, group: ScalingGroup, instance: Instance) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "InstanceId": instance.id,
        "InstanceType": instance.instance_type,
        "AvailabilityZone": instance.zone,
        "LifecycleState": _LIFECYCLE.get(instance.state, "Terminating"),
        "HealthStatus": "Healthy" if instance.state in ("running", "pending") else "Unhealthy",
        "ProtectedFromScaleIn": False,
    }
    if instance.template is not None:
        template_id, version = instance.template
        template = request.region.launch_templates.get(template_id)
        wire["LaunchTemplate"] = {
            "LaunchTemplateId": template_id,
            "LaunchTemplateName": template.name if template else template_id,
            "Version": str(version),
        }
    if group.launch_configuration:
        wire["LaunchConfigurationName"] = group.launch_configuration
    return wire


def _configuration_wire(found: LaunchConfiguration) -> dict[str, Any]:
    wire = {
        "LaunchConfigurationName": found.name,
        "LaunchConfigurationARN": found.arn,
        "ImageId": found.image_id,
        "KeyName": "",
        "SecurityGroups": [],
        "ClassicLinkVPCSecurityGroups": [],
        "UserData": "",
        "InstanceType": found.instance_type,
        "KernelId": "",
        "RamdiskId": "",
        "BlockDeviceMappings": [],
        "InstanceMonitoring": {"Enabled": True},
        "CreatedTime": found.created,
        "EbsOptimized": False,
    }
    return wire | ({"IamInstanceProfile": found.instance_profile} if found.instance_profile else {})
