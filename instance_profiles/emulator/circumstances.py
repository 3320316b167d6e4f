"""The condition keys that a call carries, and those that EC2 tells in an encoded message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from instance_profiles.emulator.authority import arn_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance

SOURCE_IP = "203.0.113.25"
"""Where all calls seem to come from (RFC 5737 keeps such addresses for documentation)."""


def circumstances(request: Request, action: str, resource: str) -> dict[str, tuple[str, ...]]:
    """The condition keys of a call; more than its encoded message tells, as with AWS."""
    arn = arn_of(request.account, resource)
    told: dict[str, tuple[str, ...]] = {key: (value,) for key, value in told_context(request, arn)}
    told |= {key: (value,) for key, value in _everywhere(request)}
    if action == "iam:PassRole":
        # A policy that pins iam:AssociatedResourceArn to one instance fails on AWS as well.
        told["iam:PassedToService"] = ("ec2.amazonaws.com",)
        told["iam:AssociatedResourceArn"] = (request.account.arn("ec2", "instance/*", request.region_name),)
    return told


def told_context(request: Request, arn: str) -> list[tuple[str, str]]:
    """Not the full context: iam:PassedToService, for one, is evaluated but never listed."""
    if not arn.startswith("arn:"):
        return [("aws:Account", request.account.id), ("aws:Region", request.region_name)]
    service = arn.split(":")[2]
    kind, _, name = arn.rpartition(":")[2].partition("/")
    shared = [
        ("aws:Resource", f"{kind}/{name}"),
        ("aws:Account", request.account.id),
        ("aws:ARN", arn),
        ("aws:Region", request.region_name),
        ("aws:Service", service),
        ("aws:Type", kind),
    ]
    if kind == "role":
        return [*shared, ("iam:RoleName", name.rpartition("/")[2])]
    instance = request.region.instances.get(name)
    return [*shared, *(_instance_context(request, instance) if instance else [])]


def _everywhere(request: Request) -> Iterator[tuple[str, str]]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
    yield "aws:RequestedRegion", request.region_name
    yield "aws:SecureTransport", "false"
    yield "aws:SourceIp", SOURCE_IP
    yield "aws:CurrentTime", _written(request.now)
    yield "aws:EpochTime", str(int(request.now))
    if request.caller.session_token:
        # Long-term keys carry neither of the two.
        yield "aws:MultiFactorAuthPresent", "false"
        yield "aws:TokenIssueTime", _written(request.caller.issued)


def _written(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instance_context(request: Request, instance: Instance) -> list[tuple[str, str]]:
    known = [
        ("ec2:InstanceID", instance.id),
        ("ec2:InstanceType", instance.instance_type),
        ("ec2:InstanceMarketType", "on-demand"),
        ("ec2:AvailabilityZone", instance.zone),
        ("ec2:Tenancy", "default"),
        ("ec2:Region", request.region_name),
        ("ec2:RootDeviceType", "ebs"),
        ("ec2:ebsOptimized", "false"),
        ("ec2:MetadataHttpEndpoint", str(instance.metadata["HttpEndpoint"])),
        ("ec2:MetadataHttpTokens", str(instance.metadata["HttpTokens"])),
        ("ec2:MetadataHttpPutResponseHopLimit", str(instance.metadata["HttpPutResponseHopLimit"])),
    ]
    # ec2:InstanceProfile is there only for an instance that has one.
    if instance.shown_profile is not None:
        known.append(("ec2:InstanceProfile", instance.shown_profile.arn))
    if wanted := request.parameters.get("IamInstanceProfile", {}).get("Arn"):
        known.append(("ec2:NewInstanceProfile", wanted))
    tags = [(f"{service}:ResourceTag/{k}", v) for k, v in instance.tags.items() for service in ("aws", "ec2")]
    return known + tags
