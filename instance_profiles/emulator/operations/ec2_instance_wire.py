"""An instance as DescribeInstances and RunInstances show it, with all that surrounds what matters here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import ec2_id
from instance_profiles.emulator.resources import STATE_CODES

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance, InstanceState

_OWNED_BY_EC2 = {"HttpProtocolIpv6": "disabled", "InstanceMetadataTags": "disabled"}


def state_wire(state: InstanceState) -> dict[str, Any]:
    return {"Code": STATE_CODES[state], "Name": state}


def metadata_options(instance: Instance, now: float) -> dict[str, Any]:
    """State is pending for a moment after a change, and in every state but running and stopped."""
    settled = instance.shown_state in ("running", "stopped") and now >= instance.metadata_pending_until
    return {"State": "applied" if settled else "pending", **_OWNED_BY_EC2, **instance.metadata}


def instance_wire(request: Request, instance: Instance) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "InstanceId": instance.id,
        "ImageId": instance.image_id,
        "State": state_wire(instance.shown_state),
        "PrivateDnsName": _private_dns(request, instance),
        "PublicDnsName": "",
        "StateTransitionReason": "",
        "AmiLaunchIndex": 0,
        "ProductCodes": [],
        "InstanceType": instance.instance_type,
        "LaunchTime": instance.launched,
        "Placement": {"AvailabilityZone": instance.zone, "GroupName": "", "Tenancy": "default"},
        "Monitoring": {"State": "disabled"},
        "Architecture": "x86_64",
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "VirtualizationType": "hvm",
        "ClientToken": "",
        "Hypervisor": "xen",
        "EbsOptimized": False,
        "EnaSupport": True,
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "HibernationOptions": {"Configured": False},
        "EnclaveOptions": {"Enabled": False},
        "MetadataOptions": metadata_options(instance, request.now),
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "MaintenanceOptions": {"AutoRecovery": "default"},
        "CurrentInstanceBootMode": "legacy-bios",
        "Operator": _operator(instance),
        "Tags": [{"Key": key, "Value": value} for key, value in instance.tags.items()],
    }
    if instance.key_name:
        wire["KeyName"] = instance.key_name
    if instance.shown_profile is not None:
        wire["IamInstanceProfile"] = instance.shown_profile.wire()
    if instance.state_reason:
        code, _, message = instance.state_reason.partition(": ")
        wire["StateReason"] = {"Code": code, "Message": f"{code}: {message}"}
        wire["StateTransitionReason"] = "User initiated"
    return wire | (_network(request, instance) if instance.shown_state != "terminated" else {})


def _private_dns(request: Request, instance: Instance) -> str:
    if instance.shown_state == "terminated":
        return ""
    return f"ip-{instance.private_ip.replace('.', '-')}.{request.region_name}.compute.internal"


def _operator(instance: Instance) -> dict[str, Any]:
    if instance.operator is None:
        return {"Managed": False}
    return {
        "Managed": True,
        "Principal": instance.operator,
        "HiddenByDefault": instance.hidden_by_default,
    }


def _network(request: Request, instance: Instance) -> dict[str, Any]:
    """Interfaces and disks have members named like those of the instance; a reader must tell them apart."""
    groups = [{"GroupId": ec2_id("sg", instance.security_group), "GroupName": instance.security_group}]
    dns = _private_dns(request, instance)
    return {
        "PrivateIpAddress": instance.private_ip,
        "SubnetId": instance.subnet_id,
        "VpcId": instance.vpc_id,
        "SourceDestCheck": True,
        "SecurityGroups": groups,
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        },
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {
                    "AttachTime": instance.launched,
                    "DeleteOnTermination": True,
                    "Status": "attached",
                    "VolumeId": ec2_id("vol", instance.id),
                },
            }
        ],
        "NetworkInterfaces": [
            {
                "Attachment": {
                    "AttachTime": instance.launched,
                    "AttachmentId": ec2_id("eni-attach", instance.id),
                    "DeleteOnTermination": True,
                    "DeviceIndex": 0,
                    "Status": "attached",
                    "NetworkCardIndex": 0,
                },
                "Description": "",
                "Groups": groups,
                "Ipv6Addresses": [],
                "MacAddress": _mac(instance),
                "NetworkInterfaceId": ec2_id("eni", instance.id),
                "OwnerId": request.account.id,
                "PrivateDnsName": dns,
                "PrivateIpAddress": instance.private_ip,
                "PrivateIpAddresses": [
                    {"Primary": True, "PrivateDnsName": dns, "PrivateIpAddress": instance.private_ip}
                ],
                "SourceDestCheck": True,
                "Status": "in-use",
                "SubnetId": instance.subnet_id,
                "VpcId": instance.vpc_id,
                "InterfaceType": "interface",
            }
        ],
    }


def _mac(instance: Instance) -> str:
    digits = ec2_id("mac", instance.id)[-10:]
    return "0a:" + ":".join(digits[place : place + 2] for place in range(0, 10, 2))
