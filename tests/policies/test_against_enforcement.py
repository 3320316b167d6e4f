"""What is judged from documents agrees with what happens to the calls: for real calls, sent as that caller.

Callers get random policies on every layer. The judgement sees the documents and the few condition keys that
iptui gives it; the place that is called knows all of them. So a yes must be a yes, a no must be a no, the
policy that is named must deny by itself, and only what hangs on other keys may stay unknown.
"""

from __future__ import annotations

import json
import random
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.policies.decide import Decision, Grants, decide
from instance_profiles.policies.request import Request
from tests.emulator.calling import Aws
from tests.emulator.conftest import FLEET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from instance_profiles.emulator.world import World

ACCOUNT = "123456789012"
WHO = f"arn:aws:iam::{ACCOUNT}:user/ops-oncall"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
PROFILES = f"arn:aws:iam::{ACCOUNT}:instance-profile/"
INSTANCES = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/"
DENIED = ("AccessDenied", "UnauthorizedOperation")
WORDS = {
    "identity-policy": "identity-based policy",
    "permissions-boundary": "permissions boundary",
    "session-policy": "session policy",
    "service-control-policy": "service control policy",
}


def statement(action: Any, resource: Any = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


TO_EC2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
TO_RDS = {"StringEquals": {"iam:PassedToService": "rds.amazonaws.com"}}
TO_ALL = {"ArnLike": {"iam:AssociatedResourceArn": f"{INSTANCES}*"}}
TO_ONE = {"ArnEquals": {"iam:AssociatedResourceArn": f"{INSTANCES}i-1"}}
HERE = {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}
ELSEWHERE = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
BARE = {"Null": {"ec2:InstanceProfile": "true"}}
FROM_US = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
NAMED = {"StringLike": {"ec2:ResourceTag/Name": "web-*"}}
POOL = [
    *(statement("*") for _ in range(4)),
    *(statement(["iam:*", "ec2:*"]) for _ in range(2)),
    statement("iam:*"),
    statement("ec2:*"),
    statement(["iam:Get*", "iam:List*", "ec2:Describe*"]),
    statement("ec2:*", f"{INSTANCES}*"),
    statement("iam:*", f"{PROFILES}*"),
    statement("iam:*", f"{PROFILES}${{aws:username}}"),
    statement("iam:*InstanceProfile", [f"{PROFILES}spare", f"{PROFILES}none"]),
    statement("iam:PassRole", ROLE, Condition=TO_EC2),
    statement("iam:PassRole", ROLE, Condition=TO_RDS),
    statement("iam:PassRole", "*", Condition=TO_ALL),
    statement("iam:PassRole", ROLE, Condition=TO_ONE),
    statement("ec2:*", Condition=HERE),
    statement("ec2:*", Condition=BARE),
    statement("ec2:*", Condition=NAMED),
    statement("*", Condition=FROM_US),
    {"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "*"},
    {"Effect": "Allow", "Action": "*", "NotResource": f"arn:aws:iam::{ACCOUNT}:role/*"},
]
DENIES = [
    statement("iam:PassRole", "*", "Deny"),
    statement("iam:PassRole", ROLE, "Deny", Condition=TO_EC2),
    statement("iam:Delete*", "*", "Deny"),
    statement("ec2:Disassociate*", "*", "Deny"),
    statement("*", "*", "Deny", Condition=WITHOUT_MFA),
    statement("*", "*", "Deny", Condition=WITH_MFA),
    statement("ec2:*", "*", "Deny", Condition=ELSEWHERE),
    statement("*", f"{PROFILES}none", "Deny"),
    {"Effect": "Deny", "NotAction": ["iam:*", "ec2:*"], "Resource": "*"},
]


@pytest.fixture
async def aws() -> AsyncIterator[Aws]:
    world = build_world(FLEET)
    world.caller.enforced = True
    async with serve(world) as url, AsyncExitStack() as stack:
        yield Aws(world, url, stack)


def policies(dice: random.Random, most: int) -> list[dict[str, Any]]:
    return [
        {
            "Version": "2012-10-17",
            "Statement": dice.sample(POOL, dice.randint(1, 3))
            + dice.sample(DENIES, dice.choice((0, 0, 0, 1))),
        }
        for _ in range(dice.randint(1, most))
    ]


def dealt(dice: random.Random) -> Grants:
    """Documents on every layer, or on none."""
    return Grants(
        identity=policies(dice, 3),
        boundary=dice.choice([None, None, None, policies(dice, 1)[0]]),
        session=dice.choice([None, None, None, policies(dice, 1)[0]]),
        scps=dice.choice([[], [], [[{"Statement": [statement("*")]}], policies(dice, 2)]]),
    )


def given_to(world: World, grants: Grants) -> None:
    def text(document: Any) -> str | None:
        return None if document is None else json.dumps(document)

    caller = world.caller
    caller.policies = [json.dumps(one) for one in grants.identity or ()]
    caller.boundary, caller.session_policy = text(grants.boundary), text(grants.session)
    world.account.scps = [[json.dumps(one) for one in level] for level in grants.scps]
    world.changed()


Asked = list[tuple[str, str]]


def calls(world: World) -> Iterator[tuple[str, str, dict[str, Any], Asked]]:
    """Service, operation, parameters, and the actions on resources that AWS asks the policies about."""
    region = world.account.region("us-east-1")
    bare = next(one.id for one in region.instances.values() if one.tags["Name"] == "bare")
    held = next(iter(region.associations.values()))
    pass_role = ("iam:PassRole", ROLE)
    yield "ec2", "DescribeInstances", {}, [("ec2:DescribeInstances", "*")]
    yield "iam", "GetRole", {"RoleName": "web"}, [("iam:GetRole", ROLE)]
    none = {"InstanceProfileName": "none"}
    yield "iam", "DeleteInstanceProfile", none, [("iam:DeleteInstanceProfile", f"{PROFILES}none")]
    add = {"InstanceProfileName": "web", "RoleName": "web"}
    yield (
        "iam",
        "AddRoleToInstanceProfile",
        add,
        [("iam:AddRoleToInstanceProfile", f"{PROFILES}web"), pass_role],
    )
    attach = {"InstanceId": bare, "IamInstanceProfile": {"Arn": f"{PROFILES}web"}}
    associate = ("ec2:AssociateIamInstanceProfile", f"{INSTANCES}{bare}")
    yield "ec2", "AssociateIamInstanceProfile", attach, [associate, pass_role]
    detach = ("ec2:DisassociateIamInstanceProfile", f"{INSTANCES}{held.instance_id}")
    yield "ec2", "DisassociateIamInstanceProfile", {"AssociationId": held.id}, [detach]


def judged(grants: Grants, asked: Asked) -> tuple[Decision, str]:
    """The first answer that is no yes, and the action that it is about; else the last yes."""
    context = {
        "aws:RequestedRegion": ("us-east-1",),
        "iam:PassedToService": ("ec2.amazonaws.com",),
        "iam:AssociatedResourceArn": (f"{INSTANCES}*",),
    }
    for action, resource in asked:
        found = decide(Request(action, resource, WHO, context), grants), action
        if found[0].decision != "allow":
            break
    return found


async def denial(aws: Aws, service: str, operation: str, parameters: dict[str, Any]) -> str | None:
    """The message of the denial; None where the call was allowed, whatever came of it."""
    try:
        await aws(service, operation, dry_run=service == "ec2", **parameters)
    except ClientError as error:
        told = error.response["Error"]
        return str(told["Message"]) if told["Code"] in DENIED else None
    return None


def only(kind: str, grants: Grants) -> Grants:
    """One layer as it is, and everything allowed by the others."""
    everything: dict[str, Any] = {"Statement": [statement("*")]}
    return Grants(
        identity=grants.identity if kind == "identity-policy" else [everything],
        boundary=grants.boundary if kind == "permissions-boundary" else None,
        session=grants.session if kind == "session-policy" else None,
        scps=grants.scps if kind == "service-control-policy" else [],
    )


async def denies_by_itself(aws: Aws, kind: str, grants: Grants, *call: Any) -> bool:
    given_to(aws.world, only(kind, grants))
    message = await denial(aws, *call)
    given_to(aws.world, grants)
    return message is not None and WORDS[kind] in message


@pytest.mark.parametrize("seed", range(2))
async def test_a_yes_is_a_yes_and_a_no_is_a_no(aws: Aws, seed):
    dice = random.Random(seed)
    counts = dict.fromkeys(("allow", "deny", "unknown"), 0)
    for _ in range(15):
        grants = dealt(dice)
        given_to(aws.world, grants)
        for *call, asked in calls(aws.world):
            decision, action = judged(grants, asked)
            message = await denial(aws, *call)
            counts[decision.decision] += 1
            if decision.decision == "allow":
                assert message is None, (grants, message)
            elif decision.decision == "deny":
                assert message is not None, (grants, decision)
                assert f"is not authorized to perform: {action} " in message
                if decision.decided_by is not None and WORDS[decision.decided_by] not in message:
                    # Another policy may deny as well, by a key that the judgement does not know.
                    assert await denies_by_itself(aws, decision.decided_by, grants, *call)
                elif decision.effect is not None:
                    assert ("explicit deny in a" in message) is (decision.effect == "explicit")
    assert min(counts["allow"], counts["deny"]) > 15, counts
    assert counts["unknown"] < sum(counts.values()) / 3, counts
