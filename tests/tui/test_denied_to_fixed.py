"""The whole way: a fix that AWS denies, its explanation, the permission given from there, the fix applied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from tests.aws.sent import writes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World

ACCOUNT = "210987654321"
FLEET = f"""
regions = ["us-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}" }}

[[callers]]
who = "assumed-role/deploy/kim"
access_key = "AKIAIOSFODNN7EXAMPLE"
enforced = true                     # its role decides what it may do: no iam:PassRole, and no simulation

[[roles]]
name = "deploy"
trust = ["account"]

[roles.inline_documents.work]
Version = "2012-10-17"

[[roles.inline_documents.work.Statement]]
Effect = "Allow"
Action = [
    "iam:Get*", "iam:List*", "ec2:Describe*", "ec2:Get*", "autoscaling:Describe*", "ssm:Describe*",
    "tag:Get*",
]
Resource = "*"

[[roles.inline_documents.work.Statement]]
Effect = "Allow"
Action = ["iam:AddRoleToInstanceProfile", "iam:PutRolePolicy"]
Resource = "*"

[[roles]]
name = "worker"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[instance_profiles]]
name = "worker"                     # fault: no role, and a running instance uses it

[[instances]]
region = "us-east-1"
name = "digger"
instance_profile = "worker"
"""


@pytest.fixture
async def enforced(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An AWS whose caller may do only what the policies of its role say."""
    made = build_world(FLEET)
    async with serve(made) as url:
        for name, value in made.environment(url).items():
            monkeypatch.setenv(name, value)
        yield made


async def test_from_the_denied_fix_to_the_permission_to_the_fix(iptui, enforced):
    profile = enforced.account.instance_profiles["worker"]
    async with iptui() as at:
        # Nobody can tell before, so that the fix is tried, and AWS denies it.
        await at.stand_on(profile.id)
        await at.press("f")
        await at.wait("PassRole not known", "Type the name to go on: worker")
        await at.type("worker")
        await at.press("enter")
        await at.wait("What an error means", "Caller that may not pass the role", "role/worker")
        assert profile.role is None

        # The explanation leads to the smallest policy, which is given after its role's name was typed.
        await at.wait("give the permission")
        await at.press("g")
        await at.wait("Give the caller the permission", "Type the name to go on: deploy")
        await at.type("deploy")
        await at.press("enter")
        await at.wait("Applied and verified")
        document = json.loads(enforced.account.roles["deploy"].inline["iptui-pass-worker"])
        assert document["Statement"] == [
            {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": enforced.account.roles["worker"].arn,
                "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            }
        ]
        await at.press("enter")
        await at.wait("What an error means", gone="Give the caller the permission")
        await at.press("escape")
        await at.wait("Fix worker", gone="What an error means")
        await at.press("enter")
        await at.wait("Instance profiles", gone="Fix worker")

        # The same fix again, and now it is let through.
        await at.press("f")
        await at.wait("Type the name to go on: worker")
        await at.type("worker")
        await at.press("enter")
        await at.wait("Applied and verified")
    assert profile.role is enforced.account.roles["worker"]
    assert writes(enforced) == ["AddRoleToInstanceProfile", "PutRolePolicy", "AddRoleToInstanceProfile"]


async def test_where_it_can_be_told_before_the_check_itself_leads_to_the_permission(iptui, enforced):
    role = enforced.account.roles["deploy"]
    work = json.loads(role.inline["work"])
    work["Statement"][0]["Action"].append("iam:SimulatePrincipalPolicy")
    role.inline["work"] = json.dumps(work)
    enforced.changed()
    profile = enforced.account.instance_profiles["worker"]
    async with iptui() as at:
        await at.stand_on(profile.id)
        await at.press("f")
        await at.wait("iam:PassRole failed", "grant what is missing")
        await at.press("g")
        await at.wait("Give the caller the permission", "Type the name to go on: deploy")
        await at.type("deploy")
        await at.press("enter")
        await at.wait("Applied and verified")
        await at.press("enter")
        await at.wait("Fix worker", "Type the name to go on: worker", gone="iam:PassRole failed")
        await at.type("worker")
        await at.press("enter")
        await at.wait("Applied and verified")
    assert profile.role is enforced.account.roles["worker"]
