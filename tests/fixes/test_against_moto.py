"""The main fixes against moto's server, an independent witness that knows nothing of our emulator.

moto differs from AWS, and the tests expect just that: it ignores the dry run of association calls and makes
them; Replace keeps the association's id and leaves DescribeInstances on the old instance profile, whose id
it shows as the association's; it cannot look for the instances of an instance profile, and crashes when it
is asked for services that it does not know.
"""

from __future__ import annotations

import itertools
import json
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.findings.finding import Finding, finding_id
from instance_profiles.fixes.apply import apply
from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.journal import Journal
from instance_profiles.fixes.preflight import preflight
from instance_profiles.fixes.probing import look
from instance_profiles.fixes.timing import Timing
from instance_profiles.fixes.undo import plan_undo
from instance_profiles.fixes.usage import instance_users
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from tests.moto_place import IMAGE, moto_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from instance_profiles.fixes.outcome import Outcome
    from instance_profiles.fixes.plan import Check, Plan
    from instance_profiles.inventory.model import ObjectRef

ACCOUNT = "123456789012"
REGION = "eu-west-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as url:
        yield url


@dataclass
class Witness:
    """moto, its clients, our account and what was read of it."""

    iam: Any
    ec2: Any
    account: AwsAccount
    journal: Journal
    bare: str
    used: str
    inventory: Inventory

    async def load(self) -> None:
        self.inventory = Inventory()
        async for event in load(self.account, [REGION]):
            self.inventory.take(event)

    def profile_ref(self, name: str) -> ObjectRef:
        found = self.inventory.instance_profile_by_name(ACCOUNT, name)
        assert found is not None
        return found.ref

    def instance_ref(self, instance_id: str) -> ObjectRef:
        found = self.inventory.instance(ACCOUNT, REGION, instance_id)
        assert found is not None
        return found.ref

    def plan(self, recipe: str, subject: ObjectRef, **answers: str) -> Plan:
        told = {key.replace("_", "-"): value for key, value in answers.items()}
        fault = Finding(finding_id("x", subject), "x", "error", "present", subject, "", "")
        return build_plan(recipe, fault, self.inventory, told)

    async def apply(self, plan: Plan) -> Outcome:
        # What moto never shows is waited for in a few long steps.
        moments = itertools.count(0.0, 15.0)

        async def sleep(seconds: float) -> None:
            """moto's time does not pass."""

        return await apply(plan, self.account, self.journal, timing=Timing(lambda: next(moments), sleep))

    async def undo(self) -> Outcome:
        return await self.apply(await plan_undo(self.journal.entries()[-1], self.account))

    async def uses(self, plan: Plan) -> list[Check]:
        """The checks that look for users in every region."""
        return [check for probe in plan.probes for check in await look(probe, plan, self.account)]

    def attached(self, instance_id: str) -> list[str]:
        found = self.ec2.describe_iam_instance_profile_associations(
            Filters=[{"Name": "instance-id", "Values": [instance_id]}]
        )
        return [
            one["IamInstanceProfile"]["Arn"].rpartition("/")[2]
            for one in found["IamInstanceProfileAssociations"]
        ]

    def role_in(self, name: str) -> list[str]:
        roles = self.iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]
        return [role["RoleName"] for role in roles]


@pytest.fixture
async def witness(moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Witness]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    monkeypatch.setenv("AWS_REGION", REGION)
    # What moto lacks is a crash, and stays one when it is asked again.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    urllib.request.urlopen(urllib.request.Request(f"{moto}/moto-api/reset", method="POST")).close()
    iam = boto3.client("iam", region_name="us-east-1")
    ec2 = boto3.client("ec2", region_name=REGION)
    for name in ("web", "db"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    iam.create_role(RoleName="crawler", AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName="crawler")
    bare, used = (
        ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        for _ in range(2)
    )
    arn = iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Arn"]
    ec2.associate_iam_instance_profile(InstanceId=used, IamInstanceProfile={"Arn": arn, "Name": "web"})
    async with AwsAccount(Connection()) as account:
        made = Witness(iam, ec2, account, Journal(tmp_path / "journal.jsonl"), bare, used, Inventory())
        await made.load()
        yield made


async def test_a_role_is_added_verified_and_taken_out_again(witness: Witness) -> None:
    outcome = await witness.apply(witness.plan("add-role", witness.profile_ref("crawler")))
    assert outcome.result == "applied"
    assert witness.role_in("crawler") == ["crawler"]
    assert (await witness.undo()).result == "applied"
    assert witness.role_in("crawler") == []


async def test_a_changed_instance_profile_is_left_alone(witness: Witness) -> None:
    plan = witness.plan("add-role", witness.profile_ref("crawler"))
    witness.iam.add_role_to_instance_profile(InstanceProfileName="crawler", RoleName="db")
    assert (await witness.apply(plan)).result == "refused"
    assert witness.role_in("crawler") == ["db"]


async def test_the_role_is_swapped_and_swapped_back(witness: Witness) -> None:
    outcome = await witness.apply(witness.plan("swap-role", witness.profile_ref("db"), role="crawler"))
    assert outcome.result == "applied"
    assert witness.role_in("db") == ["crawler"]
    assert (await witness.undo()).result == "applied"
    assert witness.role_in("db") == ["db"]


async def test_a_dry_run_that_moto_ignores_counts_as_the_call(witness: Witness) -> None:
    plan = witness.plan("attach", witness.instance_ref(witness.bare), instance_profile="web")
    outcome = await witness.apply(plan)
    assert witness.attached(witness.bare) == ["web"]
    assert "ignores dry runs" in outcome.calls[0].detail
    lines = [json.loads(line) for line in witness.journal.path.read_text().splitlines()]
    intents = [line for line in lines if line["line"] == "intent"]
    assert [(line["operation"], line["dry_run"]) for line in intents] == [
        ("AssociateIamInstanceProfile", True)
    ]
    # moto shows the association's id where AWS shows the instance profile's.
    assert outcome.result == "unverified"
    assert (await witness.undo()).result == "applied"
    assert witness.attached(witness.bare) == []


async def test_an_association_is_replaced_and_what_moto_does_not_show_is_unverified(witness: Witness) -> None:
    plan = witness.plan("replace-association", witness.instance_ref(witness.used), instance_profile="db")
    outcome = await witness.apply(plan)
    assert witness.attached(witness.used) == ["db"]
    assert outcome.result == "unverified"
    assert "DescribeInstances shows web" in outcome.message
    await witness.undo()
    assert witness.attached(witness.used) == ["web"]


async def test_detach_and_undo(witness: Witness) -> None:
    outcome = await witness.apply(witness.plan("detach", witness.instance_ref(witness.used)))
    assert outcome.result == "applied"
    assert witness.attached(witness.used) == []
    await witness.undo()
    assert witness.attached(witness.used) == ["web"]


async def test_detaching_and_attaching_again(witness: Witness) -> None:
    plan = witness.plan("reattach", witness.instance_ref(witness.used), instance_profile="db")
    await witness.apply(plan)
    assert witness.attached(witness.used) == ["db"]
    await witness.undo()
    assert witness.attached(witness.used) == ["web"]


async def test_an_unused_instance_profile_is_deleted_and_comes_back(witness: Witness) -> None:
    plan = witness.plan("delete-instance-profile", witness.profile_ref("db"))
    found = {check.name: check for check in await witness.uses(plan)}
    assert {name: check.state for name, check in found.items() if check.state != "passed"} == {
        "no instance uses it": "unknown",
        "no other service launches with it": "unknown",
    }
    assert found["no instance uses it"].detail.startswith(f"Not readable: {REGION}")
    assert (await witness.apply(plan)).result == "applied"
    assert "db" not in [
        one["InstanceProfileName"] for one in witness.iam.list_instance_profiles()["InstanceProfiles"]
    ]
    assert (await witness.undo()).result == "applied"
    assert witness.role_in("db") == ["db"]


async def test_a_used_one_is_not(witness: Witness) -> None:
    plan = witness.plan("delete-instance-profile", witness.profile_ref("db"))
    db = witness.iam.get_instance_profile(InstanceProfileName="db")["InstanceProfile"]["Arn"]
    witness.ec2.associate_iam_instance_profile(
        InstanceId=witness.bare, IamInstanceProfile={"Arn": db, "Name": "db"}
    )
    assert [user for user in await instance_users(witness.account, REGION, db, "") if witness.bare in user]
    assert (await witness.apply(plan)).result == "refused"
    assert witness.role_in("db") == ["db"]


async def test_one_is_created_with_a_role_and_deleted_again(witness: Witness) -> None:
    plan = witness.plan(
        "create-instance-profile", witness.instance_ref(witness.bare), name="fresh", role="crawler"
    )
    assert (await witness.apply(plan)).result == "applied"
    assert witness.role_in("fresh") == ["crawler"]
    assert (await witness.undo()).result == "applied"
    with pytest.raises(witness.iam.exceptions.NoSuchEntityException):
        witness.role_in("fresh")


async def test_simulation_that_moto_does_not_know_is_unknown(witness: Witness) -> None:
    plan = witness.plan("add-role", witness.profile_ref("crawler"))
    checks = {c.name: c.state async for c in preflight(plan, witness.account, witness.inventory)}
    assert checks["you may iam:PassRole"] == "unknown"
    assert checks["role crawler trusts EC2"] == "passed"
