"""Access denied, in the words of each service, and EC2's encoded messages."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import request_id
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.faults import Denial
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance

_READS = ("Describe", "Get", "List")


def denied(request: Request, action: str, resource: str, denial: Denial) -> RefusalError:
    """Return the refusal that the request's service sends for an action that is denied."""
    on = f" on resource: {resource}" if resource else ""
    sentence = (
        f"User: {request.caller.arn} is not authorized to perform: {action}{on} {denial.reason(action)}"
    )
    if request.service == "ec2":
        return RefusalError("UnauthorizedOperation", _ec2_text(request, sentence, resource, denial))
    if request.service == "iam":
        sentence += _troubleshooter(len(request.world.requests))
    return RefusalError("AccessDenied", sentence)


def decode(message: str) -> str:
    """Return the JSON text inside an encoded authorization message; raises for any other text."""
    try:
        return zlib.decompress(base64.urlsafe_b64decode(message)).decode()
    except (binascii.Error, ValueError, zlib.error) as error:
        raise RefusalError(
            "InvalidAuthorizationMessageException", "The encoded authorization message is not valid."
        ) from error


def _ec2_text(request: Request, sentence: str, resource: str, denial: Denial) -> str:
    text = f"You are not authorized to perform this operation. {sentence}"
    if request.operation.startswith(_READS):
        return text
    decision = json.dumps(_decision(request, resource, denial), separators=(",", ":"))
    encoded = base64.urlsafe_b64encode(zlib.compress(decision.encode())).decode()
    return f"{text}. Encoded authorization failure message: {encoded}"


def _decision(request: Request, resource: str, denial: Denial) -> dict[str, Any]:
    # The action is EC2's even where PassRole was denied; only the resource tells them apart.
    return {
        "allowed": False,
        "explicitDeny": denial.effect == "explicit",
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": request.caller.user_id, "arn": request.caller.arn},
            "action": request.operation,
            "resource": resource,
            "conditions": {"items": [_condition(*pair) for pair in _context(request, resource)]},
        },
    }


def _context(request: Request, resource: str) -> list[tuple[str, str]]:
    """Not the full context: iam:PassedToService, for one, is evaluated but never listed."""
    kind, _, name = resource.rpartition(":")[2].partition("/")
    shared = [
        ("aws:Resource", f"{kind}/{name}"),
        ("aws:Account", request.account.id),
        ("aws:ARN", resource),
        ("aws:Region", request.region_name),
        ("aws:Service", "iam" if kind == "role" else "ec2"),
        ("aws:Type", kind),
    ]
    if kind == "role":
        return [*shared, ("iam:RoleName", name.rpartition("/")[2])]
    instance = request.region.instances.get(name)
    return [*shared, *(_instance_context(request, instance) if instance else [])]


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


def circumstances(request: Request, action: str, resource: str) -> dict[str, tuple[str, ...]]:
    """The condition keys of a call; more than its encoded message tells, as with AWS."""
    told: dict[str, tuple[str, ...]] = {key: (value,) for key, value in _context(request, resource)}
    told["aws:RequestedRegion"] = (request.region_name,)
    told["aws:SecureTransport"] = ("false",)
    if action == "iam:PassRole":
        # A policy that pins iam:AssociatedResourceArn to one instance fails on AWS as well.
        told["iam:PassedToService"] = ("ec2.amazonaws.com",)
        told["iam:AssociatedResourceArn"] = (request.account.arn("ec2", "instance/*", request.region_name),)
    return told


def _condition(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "values": {"items": [{"value": value}]}}


def _troubleshooter(count: int) -> str:
    authorization_id = request_id(count)
    return (
        ". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/"
        f"{authorization_id} for complete details, or call the GetRequestAuthorizationDetails API "
        f"with the following authorization id: {authorization_id}"
    )
