"""The deep look: who else launches with an instance profile, and what of it could not be read."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.inventory.model import Coverage
from instance_profiles.inventory.read import read_instance_profile
from instance_profiles.inventory.services import ServiceReference, service_references

FLEET = """
regions = ["eu-west-1", "us-east-1"]
account = { id = "123456789012" }
roles = [{ name = "web", instance_profile = true }, { name = "node" }]
instance_profiles = [{ name = "eks-1234", role = "node" }, { name = "other", role = "node" }]
elsewhere = [
  { region = "eu-west-1", kind = "compute-environment", name = "nightly", instance_profile = "web" },
  { region = "us-east-1", kind = "environment", name = "prod", parent = "shop", instance_profile = "web" },
  { region = "us-east-1", kind = "emr-cluster", name = "etl", instance_profile = "web" },
  { region = "us-east-1", kind = "emr-cluster", name = "o", instance_profile = "web", state = "TERMINATED" },
  { region = "eu-west-1", kind = "nodegroup", name = "workers", parent = "platform", role = "node" },
]
"""


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch):
    made = build_world(FLEET)
    async with AsyncExitStack() as stack:
        for name, value in made.environment(await stack.enter_async_context(serve(made))).items():
            monkeypatch.setenv(name, value)
        yield made


async def look(name: str) -> tuple[set[tuple[str, str, str]], list[Coverage]]:
    async with AwsAccount(Connection(read_only=True)) as account:
        profile = await read_instance_profile(account, name)
        found = [one async for one in service_references(account, profile, ("eu-west-1", "us-east-1"))]
    uses = {(one.region, one.what, one.name) for one in found if isinstance(one, ServiceReference)}
    return uses, [one for one in found if isinstance(one, Coverage)]


async def test_every_service_that_names_it_is_found(world):
    uses, unread = await look("web")
    assert uses == {
        ("eu-west-1", "Batch compute environment", "nightly"),
        ("us-east-1", "Elastic Beanstalk environment", "prod"),
        ("us-east-1", "EMR cluster", "etl"),
    }
    assert {row.source for row in unread} <= {"ec2:DescribeSpotInstanceRequests"}


async def test_a_node_group_uses_the_instance_profile_that_eks_made_for_its_role(world):
    assert (await look("eks-1234"))[0] == {("eu-west-1", "EKS node group", "workers")}
    assert (await look("other"))[0] == set()


async def test_a_listing_that_is_denied_is_told(world):
    world.deny("eks:ListNodegroups", "eu-west-1")
    uses, unread = await look("eks-1234")
    assert uses == set()
    assert ("eu-west-1", "denied") in {(row.region, row.state) for row in unread}
