"""The calls that change scaling groups and make launch templates for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.fixes.currents import CurrentConfiguration
from instance_profiles.fixes.plan import Call, Permission

if TYPE_CHECKING:
    from instance_profiles.fixes.calls import Target
    from instance_profiles.inventory.model import AutoScalingGroup, LaunchConfiguration


def start_refresh(group: AutoScalingGroup) -> Call:
    """Without inverse: instances that were replaced do not come back."""
    return Call(
        "autoscaling",
        "StartInstanceRefresh",
        group.region,
        {"AutoScalingGroupName": group.auto_scaling_group_name},
        permissions=(_on_group("autoscaling:StartInstanceRefresh", group),),
    )


def create_template(configuration: LaunchConfiguration, name: str, target: Target) -> Call:
    """A launch template with the settings of a launch configuration and this instance profile."""
    region = configuration.region
    arn = f"arn:{target.partition}:ec2:{region}:{configuration.account}:launch-template/*"
    context = {"aws:RequestedRegion": region}
    data = CurrentConfiguration(region, configuration.launch_configuration_name, target.arn)
    delete = Call(
        "ec2",
        "DeleteLaunchTemplate",
        region,
        {"LaunchTemplateName": name},
        permissions=(Permission("ec2:DeleteLaunchTemplate", arn, context),),
    )
    return Call(
        "ec2",
        "CreateLaunchTemplate",
        region,
        {"LaunchTemplateName": name, "LaunchTemplateData": data},
        delete,
        permissions=(Permission("ec2:CreateLaunchTemplate", arn, context),),
    )


def launch_from_template(group: AutoScalingGroup, name: str) -> Call:
    """Let a group launch from the default version of a template; the inverse takes that back."""
    inverse = {"LaunchConfigurationName": group.launch_configuration_name}
    call = _update(group, {"LaunchTemplate": {"LaunchTemplateName": name, "Version": "$Default"}})
    return Call(
        call.service,
        call.operation,
        call.region,
        call.parameters,
        _update(group, inverse),
        call.permissions,
    )


def _update(group: AutoScalingGroup, wanted: dict[str, Any]) -> Call:
    return Call(
        "autoscaling",
        "UpdateAutoScalingGroup",
        group.region,
        {"AutoScalingGroupName": group.auto_scaling_group_name, **wanted},
        permissions=(_on_group("autoscaling:UpdateAutoScalingGroup", group),),
    )


def _on_group(action: str, group: AutoScalingGroup) -> Permission:
    return Permission(action, group.arn, {"aws:RequestedRegion": group.region})
