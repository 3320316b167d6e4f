"""How CloudTrail writes what was asked and answered, and which resources it finds in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instance_profiles.emulator.request import Request

# EC2's newer operations are recorded whole under the name of their request, older ones in camel case.
_WRAPPED = ("IamInstanceProfile", "LaunchTemplate", "InstanceMetadataOptions")
_TYPES = {
    "instanceprofilename": "AWS::IAM::InstanceProfile",
    "rolename": "AWS::IAM::Role",
    "rolearn": "AWS::IAM::Role",
    "policyarn": "AWS::IAM::Policy",
    "username": "AWS::IAM::User",
    "instanceid": "AWS::EC2::Instance",
    "launchtemplateid": "AWS::EC2::LaunchTemplate",
    "autoscalinggroupname": "AWS::AutoScaling::AutoScalingGroup",
}


def request_parameters(request: Request) -> dict[str, Any] | None:
    """The parameters as a record shows them; None where there are none."""
    parameters = dict(request.parameters)
    if not parameters:
        return None
    if request.service != "ec2":
        return {_lowered(key): _camel(value) for key, value in parameters.items()}
    if any(word in request.operation for word in _WRAPPED):
        return {f"{request.operation}Request": parameters}
    items = _instances(request.operation, parameters)
    rest = {_lowered(key): _camel(value) for key, value in parameters.items()}
    return {"instancesSet": {"items": items}, **rest} if items else rest


def response_elements(request: Request, result: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a record shows of the answer: of associations all, so that their instance is told."""
    if not result or request.service != "ec2" or "IamInstanceProfile" not in request.operation:
        return None
    return {f"{request.operation}Response": _camel(dict(result))}


def resources_of(*held: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Type and name of the resources that parameters and answer name."""
    found = [pair for one in held if one is not None for pair in _resources(one)]
    return tuple(dict.fromkeys(found))


def _resources(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _resources(item)
    if not isinstance(value, dict):
        return
    for key, held in value.items():
        kind = _TYPES.get(key.lower())
        if kind is not None and isinstance(held, str):
            yield kind, held
        elif key.lower() == "iaminstanceprofile" and isinstance(held, dict):
            named = {name.lower(): text for name, text in held.items()}
            if name := named.get("name") or named.get("arn", "").rpartition("/")[2]:
                yield "AWS::IAM::InstanceProfile", name
        else:
            yield from _resources(held)


def _instances(operation: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the members that older records put into instancesSet out of the parameters."""
    if operation == "RunInstances":
        counts = ("ImageId", "MinCount", "MaxCount", "KeyName")
        return [{_lowered(key): parameters.pop(key) for key in counts if key in parameters}]
    ids = parameters.pop("InstanceIds", None) or []
    return [{"instanceId": instance} for instance in ids]


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_lowered(key): _camel(item) for key, item in value.items()}
    return [_camel(item) for item in value] if isinstance(value, list) else value


def _lowered(key: str) -> str:
    return key[:1].lower() + key[1:]
