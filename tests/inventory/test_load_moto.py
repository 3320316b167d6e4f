"""Browsing against moto's server, an independent witness that knows nothing of our emulator.

Where moto is known to differ from AWS, the test says so and expects the difference.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.moto_api._internal.models import moto_api_backend

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.read import read_instance_profile, read_role
from tests.moto_place import IMAGE, REGIONS, moto_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}

READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Every server of a process shows the same world, which other tests may have filled."""
    moto_api_backend.reset()


@pytest.fixture
def company(moto: str, _fresh: None) -> dict[str, Any]:
    """A role, two instance profiles, two instances, a template with a pinned version, its group."""
    iam = boto3.client("iam", endpoint_url=moto, region_name="us-east-1")
    ec2 = boto3.client("ec2", endpoint_url=moto, region_name="eu-west-1")
    scaling = boto3.client("autoscaling", endpoint_url=moto, region_name="eu-west-1")
    role = iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName="web", PolicyName="read", PolicyDocument=json.dumps(READ))
    full = iam.create_instance_profile(InstanceProfileName="web", Path="/app/")["InstanceProfile"]
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    empty = iam.create_instance_profile(InstanceProfileName="empty")["InstanceProfile"]
    with_profile, without = (
        ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        for _ in range(2)
    )
    ec2.associate_iam_instance_profile(
        InstanceId=with_profile, IamInstanceProfile={"Arn": full["Arn"], "Name": "web"}
    )
    template = ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={
            "ImageId": IMAGE,
            "InstanceType": "t3.nano",
            "IamInstanceProfile": {"Name": "web"},
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    for _ in range(2):
        ec2.create_launch_template_version(
            LaunchTemplateId=template, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.nano"}
        )
    zone = "eu-west-1a"
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "2"},
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=[zone],
    )
    scaling.create_launch_configuration(
        LaunchConfigurationName="old", ImageId=IMAGE, InstanceType="t2.nano", IamInstanceProfile=full["Arn"]
    )
    return {
        "role": role,
        "full": full,
        "empty": empty,
        "with": with_profile,
        "without": without,
        "template": template,
        "default": 1,
        "latest": 3,
    }


async def take_all(moto: str) -> tuple[Inventory, AwsAccount]:
    inventory = Inventory()
    async with AwsAccount(Connection(endpoint_url=moto, read_only=True)) as account:
        async for event in load(account, REGIONS):
            inventory.take(event)
    return inventory, account


async def test_what_boto3_made_is_what_iptui_sees(moto: str, company: dict[str, Any]):
    inventory, account = await take_all(moto)
    # What moto does not have is not offered there; nothing else may be amiss.
    assert {row.source for row in inventory.coverage.values() if row.state != "complete"} == {
        sources.METADATA_DEFAULTS,
        sources.MANAGED_NODES,
    }
    assert {row.state for row in inventory.coverage.values()} == {"complete", "disabled"}

    full = inventory.instance_profile_by_arn(company["full"]["Arn"])
    assert (full.instance_profile_name, full.path) == ("web", "/app/")
    assert full.role.role_id == company["role"]["RoleId"]
    assert json.loads(full.role.assume_role_policy_document) == TRUST
    assert inventory.instance_profile_by_name(ACCOUNT, "empty").role is None

    role = inventory.role_in(full)
    assert role.arn == company["role"]["Arn"]
    assert json.loads(role.assume_role_policy_document) == TRUST
    assert [policy.policy_name for policy in role.inline_policies] == ["read"]
    assert role.attached_policies == ()
    assert inventory.instance_profiles_of(role) == (full,)

    bare = inventory.instance(ACCOUNT, "eu-west-1", company["without"])
    assert (bare.state, bare.iam_instance_profile) == ("running", None)
    server = inventory.instance(ACCOUNT, "eu-west-1", company["with"])
    assert server.iam_instance_profile.arn == full.arn
    (link,) = inventory.associations_of(server)
    # AWS says `associating` first and shows the profile's unique id on the instance; moto does neither.
    assert link.state == "associated"
    assert server.iam_instance_profile.id in (link.association_id, full.instance_profile_id)

    marks = {
        one.version_number: (one.default_version, one.latest_version)
        for one in inventory.launch_template_versions
    }
    assert marks[company["default"]] == (True, False)
    assert marks[company["latest"]] == (False, True)
    (group,) = inventory.auto_scaling_groups
    pinned = inventory.resolve(ACCOUNT, "eu-west-1", group.launch_templates[0])
    assert (pinned.version_number, pinned.default_version, pinned.latest_version) == (2, False, False)
    (configuration,) = inventory.launch_configurations
    assert inventory.instance_profile_named_by(configuration) == full
    assert inventory.template_versions_naming(full)[0].version_number == 1

    assert account.requests[sources.INSTANCES] == len(REGIONS)
    assert account.requests[sources.INSTANCE_PROFILES] == 1


async def test_single_reads(moto: str, company: dict[str, Any]):
    async with AwsAccount(Connection(endpoint_url=moto, read_only=True)) as account:
        profile, role, gone = await asyncio.gather(
            read_instance_profile(account, "web"), read_role(account, "web"), read_role(account, "gone")
        )
    assert profile.arn == company["full"]["Arn"]
    assert role.role_id == company["role"]["RoleId"]
    assert gone is None
