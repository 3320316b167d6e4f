"""The smallest policy that would allow what was denied."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.denials.who import Who

_UNSCOPED: Final = re.compile(
    r"(?:ec2|autoscaling|ssm|cloudtrail):(?:Describe|List|Get|Lookup)|iam:(?:List(?:Roles|InstanceProfiles|Users)|Get"
    r"Account)|tag:Get|sts:(?:Decode|GetCaller)"
)
_NAMED: Final = re.compile(r"(instance profile|role|user|group|policy) (?:name )?([^\s]+)")
_EC2: Final = {"aws-cn": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}


def smallest_statement(action: str, resource: str | None, who: Who) -> dict[str, Any]:
    """An Allow for one action on one resource; iam:PassRole only to EC2, and never on all roles.

    What the message does not name stands in angle brackets, for a person to fill in.
    """
    arn = _arn(action, resource, who)
    statement: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": arn}
    if action.lower() == "iam:passrole":
        services = _EC2.get(who.partition, "ec2.amazonaws.com")
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": services}}
    return statement


def smallest_policy(wanted: Iterable[tuple[str, str | None]], who: Who) -> dict[str, Any]:
    """A document that allows just these actions on these resources; what fits one statement shares it."""
    shared: dict[str, dict[str, Any]] = {}
    for action, resource in dict.fromkeys(wanted):
        statement = smallest_statement(action, resource, who)
        alike = json.dumps({key: value for key, value in statement.items() if key != "Action"})
        held = shared.setdefault(alike, {**statement, "Action": []})
        held["Action"].append(action)
    for statement in shared.values():
        if len(statement["Action"]) == 1:
            (statement["Action"],) = statement["Action"]
    return {"Version": "2012-10-17", "Statement": list(shared.values())}


def _arn(action: str, resource: str | None, who: Who) -> str:
    if resource and resource.startswith("arn:"):
        return resource
    account = who.account or "<account>"
    named = _NAMED.fullmatch(resource or "")
    if named is not None:
        kind = named[1].replace(" ", "-")
        return f"arn:{who.partition}:iam::{account}:{kind}/{named[2]}"
    if action.lower() == "iam:passrole":
        return f"arn:{who.partition}:iam::{account}:role/<role>"
    if _UNSCOPED.match(action) or resource == "*":
        return "*"
    service, _, _ = action.partition(":")
    return f"arn:{who.partition}:{service}:<region>:{account}:<resource>"
