"""A small company in which somebody was denied something, and asking it why."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.denials.inquiry.inquire import inquire
from instance_profiles.denials.inquiry.known import Scope
from instance_profiles.denials.reading import read
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.questions.needed_policy import browse_policy
from tests.aws.sent import actions_in, writes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from instance_profiles.denials.inquiry.step import Step
    from instance_profiles.denials.reading import ReadError
    from instance_profiles.emulator.world import World

ACCOUNT = "210987654321"
WEB = f"arn:aws:iam::{ACCOUNT}:role/web"
ADMIN, OPERATOR = "AKIAIOSFODNN7EXAMPLE", "AKIAOPERATOR00000000"
EVERYTHING = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}
NO_PASSING = {"Sid": "NoPassing", "Effect": "Deny", "Action": "iam:PassRole", "Resource": WEB}


def _toml(statement: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in statement.items()) + " }"


FLEET = f"""
regions = ["eu-west-1", "us-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}" }}

[trail]
region = "us-east-1"
database = "logs"
table = "cloudtrail"
output = "s3://results/"

[[callers]]
who = "user/admin"
access_key = "{ADMIN}"

[[callers]]
who = "assumed-role/operator/kim"
access_key = "{OPERATOR}"
enforced = true

[[roles]]
name = "operator"
trust = ["account"]

[[policies]]
name = "limit"
document = {{ Version = "2012-10-17", Statement = [{_toml(EVERYTHING)}, {_toml(NO_PASSING)}] }}

[[roles]]
name = "web"
instance_profile = true

[[instance_profiles]]
name = "empty"

[[instances]]
region = "eu-west-1"
name = "shop"
"""


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass
class Company:
    """The world, the one who asks (an administrator), and the one who is denied."""

    world: World
    admin: AwsAccount
    operator: AwsAccount
    slept: list[float] = field(default_factory=list)

    @property
    def role(self) -> Any:
        return self.world.accounts[ACCOUNT].roles["operator"]

    def may(self, *statements: dict[str, Any]) -> None:
        """Give the operator these statements, in an inline policy named guard, and nothing else."""
        self.role.inline = {"guard": policy(*statements)}
        self.world.changed()

    async def add_role(self) -> ReadError:
        """The operator adds a role to an instance profile and is denied; the error as it is read."""
        return await self._denied(
            "iam", "AddRoleToInstanceProfile", {"InstanceProfileName": "empty", "RoleName": "web"}
        )

    async def attach(self) -> ReadError:
        """The same with an instance, where EC2 encodes part of the message."""
        listed = await self.admin.call("ec2", "DescribeInstances", {"MaxResults": 5}, region="eu-west-1")
        (instance,) = listed["Reservations"][0]["Instances"]
        wanted = {
            "InstanceId": instance["InstanceId"],
            "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/web"},
        }
        return await self._denied("ec2", "AssociateIamInstanceProfile", wanted, "eu-west-1")

    async def _denied(
        self, service: str, operation: str, parameters: dict[str, Any], region: str | None = None
    ) -> ReadError:
        try:
            await self.operator.call(service, operation, parameters, region=region)
        except Denied as denied:
            self.world.clock.advance(60)
            (error,) = read(f"{denied.code}: {denied.message}").errors
            return error
        raise AssertionError(f"{operation} was not denied")

    def scope(self, **more: Any) -> Scope:
        return Scope(self.world.clock.moment(), self._sleep, **more)

    async def ask(self, error: ReadError, **more: Any) -> dict[str, Step]:
        """The steps in their final state; all that was sent only reads, as the policy for reading allows."""
        begin, before = len(self.world.requests), len(writes(self.world))
        steps = {step.name: step async for step in inquire(self.admin, error, self.scope(**more))}
        assert writes(self.world)[before:] == []
        assert "asking" not in {step.state for step in steps.values()}
        sent = {f"{service}:{operation}" for service, operation, _ in self.world.requests[begin:]}
        assert sent - actions_in(browse_policy()) <= {"sts:GetCallerIdentity"}
        return steps

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.world.clock.advance(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def company(monkeypatch: pytest.MonkeyPatch, fleet: str = FLEET) -> AsyncIterator[Company]:
    """The company, served over HTTP until the end of the block."""
    world = build_world(fleet)
    world.clock.freeze()
    async with serve(world) as url:
        for name, value in world.environment(url).items():
            monkeypatch.setenv(name, value)
        async with (
            _account(monkeypatch, url, OPERATOR) as operator,
            _account(monkeypatch, url, ADMIN) as admin,
        ):
            yield Company(world, admin, operator)


@asynccontextmanager
async def _account(monkeypatch: pytest.MonkeyPatch, url: str, key: str) -> AsyncIterator[AwsAccount]:
    """An account whose pacing takes no time."""
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    async with AwsAccount(Connection(endpoint_url=url), clock=lambda: passed, sleep=sleep) as account:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        await account.call("sts", "GetCallerIdentity")
        yield account
