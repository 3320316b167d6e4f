"""The settings of a launch configuration in the form that a launch template takes them.

One JMESPath expression does it, in the program and in the shell line of a plan alike. Settings that mean the
same under another name are renamed; empty ones are left out, because templates refuse them.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

_WHERE_SET = (
    "ImageId && {ImageId: ImageId}",
    "InstanceType && {InstanceType: InstanceType}",
    "KeyName && {KeyName: KeyName}",
    "UserData && {UserData: UserData}",
    "KernelId && {KernelId: KernelId}",
    "RamdiskId && {RamDiskId: RamdiskId}",
    "EbsOptimized && {EbsOptimized: EbsOptimized}",
    "InstanceMonitoring && {Monitoring: {Enabled: InstanceMonitoring.Enabled}}",
    "PlacementTenancy && {Placement: {Tenancy: PlacementTenancy}}",
    "MetadataOptions && {MetadataOptions: MetadataOptions}",
    "SpotPrice && {InstanceMarketOptions: {MarketType: 'spot', SpotOptions: {MaxPrice: SpotPrice}}}",
    (
        "BlockDeviceMappings && {BlockDeviceMappings: map(&merge({DeviceName: DeviceName}, "
        "(Ebs && {Ebs: Ebs}) || `{}`, (VirtualName && {VirtualName: VirtualName}) || `{}`, "
        "(NoDevice && {NoDevice: ''}) || `{}`), BlockDeviceMappings)}"
    ),
    # A public address is asked for on the network interface, which then bears the security groups as well.
    (
        "AssociatePublicIpAddress != `null` && {NetworkInterfaces: [merge({DeviceIndex: `0`, "
        "AssociatePublicIpAddress: AssociatePublicIpAddress}, "
        "(SecurityGroups && {Groups: SecurityGroups}) || `{}`)]}"
    ),
    (
        "AssociatePublicIpAddress == `null` && SecurityGroups[?starts_with(@, 'sg-')] && "
        "{SecurityGroupIds: SecurityGroups[?starts_with(@, 'sg-')]}"
    ),
    (
        "AssociatePublicIpAddress == `null` && SecurityGroups[?!starts_with(@, 'sg-')] && "
        "{SecurityGroups: SecurityGroups[?!starts_with(@, 'sg-')]}"
    ),
)


class ConfigurationGone(LookupError):
    """The launch configuration does not exist any more."""


def expression(instance_profile_arn: str) -> str:
    """JMESPath from the answer of DescribeLaunchConfigurations to LaunchTemplateData."""
    parts = [f"({part}) || `{{}}`" for part in _WHERE_SET]
    named = f"{{IamInstanceProfile: {{Arn: {_raw(instance_profile_arn)}}}}}"
    return f"LaunchConfigurations[0] | merge({', '.join([named, *parts])})"


async def template_data(
    account: AwsAccount, region: str, launch_configuration_name: str, instance_profile_arn: str
) -> dict[str, Any]:
    """The LaunchTemplateData; raises ConfigurationGone and AwsError."""
    # The SDK brings it; it takes a moment to import and few plans need it.
    jmespath = importlib.import_module("jmespath")
    wanted = {"LaunchConfigurationNames": [launch_configuration_name]}
    answer = await account.call("autoscaling", "DescribeLaunchConfigurations", wanted, region=region)
    if not answer.get("LaunchConfigurations"):
        raise ConfigurationGone(f"Launch configuration {launch_configuration_name} does not exist any more.")
    data: dict[str, Any] = jmespath.search(expression(instance_profile_arn), answer)
    return data


def _raw(text: str) -> str:
    """A JMESPath literal: JSON between backquotes."""
    return "`" + json.dumps(text).replace("`", "\\`") + "`"
