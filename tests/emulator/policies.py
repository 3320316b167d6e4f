"""Enforced callers and their policies, and somebody who may ask on their behalf."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.resources import Caller

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
WHO = f"arn:aws:iam::{ACCOUNT}:user/ops-oncall"
INSTANCE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0123456789abcdef0"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TO_EC2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def enforced(aws: Aws, *statements: dict[str, Any]) -> Caller:
    caller = aws.world.caller
    caller.enforced = True
    caller.policies = [policy(*statements)]
    aws.world.changed()
    return caller


def other(aws: Aws) -> Caller:
    """Somebody who may do everything, to ask on behalf of the enforced caller."""
    known = aws.world.callers.get("AKIAADMIN00000000000")
    if known is not None:
        return known
    arn = f"arn:aws:iam::{ACCOUNT}:user/admin"
    return aws.world.add_caller(Caller("AKIAADMIN00000000000", ACCOUNT, arn, "AIDAADMIN"))
