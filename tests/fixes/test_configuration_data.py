"""A launch configuration as launch template data: renamed where templates differ, nothing empty."""

from __future__ import annotations

from typing import Any

import jmespath

from instance_profiles.fixes.configuration_data import expression

ARN = "arn:aws:iam::111122223333:instance-profile/we`b"


def data(configuration: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = jmespath.search(expression(ARN), {"LaunchConfigurations": [configuration]})
    assert found.pop("IamInstanceProfile") == {"Arn": ARN}
    return found


def test_what_auto_scaling_sends_as_empty_is_left_out() -> None:
    configuration = {
        "ImageId": "ami-1",
        "InstanceType": "t3.micro",
        "KeyName": "",
        "UserData": "",
        "KernelId": "",
        "SecurityGroups": [],
        "BlockDeviceMappings": [],
        "EbsOptimized": False,
    }
    assert data(configuration) == {"ImageId": "ami-1", "InstanceType": "t3.micro"}


def test_security_groups_go_by_id_or_by_name() -> None:
    assert data({"SecurityGroups": ["sg-1", "classic"]}) == {
        "SecurityGroupIds": ["sg-1"],
        "SecurityGroups": ["classic"],
    }


def test_a_public_address_stands_on_the_network_interface_with_the_groups() -> None:
    for wanted in (True, False):
        interface = {"DeviceIndex": 0, "AssociatePublicIpAddress": wanted, "Groups": ["sg-1"]}
        assert data({"SecurityGroups": ["sg-1"], "AssociatePublicIpAddress": wanted}) == {
            "NetworkInterfaces": [interface]
        }


def test_disks_price_monitoring_tenancy_and_metadata_are_kept() -> None:
    configuration = {
        "RamdiskId": "ari-1",
        "InstanceMonitoring": {"Enabled": False},
        "PlacementTenancy": "dedicated",
        "SpotPrice": "0.1",
        "MetadataOptions": {"HttpTokens": "required"},
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/a", "Ebs": {"VolumeSize": 8}},
            {"DeviceName": "/dev/b", "NoDevice": True},
            {"DeviceName": "/dev/c", "VirtualName": "ephemeral0"},
        ],
    }
    assert data(configuration) == {
        "RamDiskId": "ari-1",
        "Monitoring": {"Enabled": False},
        "Placement": {"Tenancy": "dedicated"},
        "InstanceMarketOptions": {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.1"}},
        "MetadataOptions": {"HttpTokens": "required"},
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/a", "Ebs": {"VolumeSize": 8}},
            {"DeviceName": "/dev/b", "NoDevice": ""},
            {"DeviceName": "/dev/c", "VirtualName": "ephemeral0"},
        ],
    }
