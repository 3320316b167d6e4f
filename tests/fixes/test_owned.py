"""A fix of what a tool or service owns says what drifts, where it belongs, and asks for the typed name."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.findings.owner import Owner
from instance_profiles.fixes import drift
from instance_profiles.fixes.drift import taking_over
from instance_profiles.inventory.model import ObjectRef
from tests.fixes import estate
from tests.fixes.cases import CASES

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Plan
    from tests.fixes.bench import Bench

BY_ID = {case.id: case for case in CASES}
STACK = {"aws:cloudformation:stack-name": "mail", "aws:cloudformation:logical-id": "MailRole"}


def tag_role(bench: Bench, name: str, tags: dict[str, str]) -> None:
    role = bench.inventory.role_by_name(estate.ACCOUNT, name)
    assert role is not None
    bench.inventory.put(msgspec.structs.replace(role, tags=tags))


def tag_instance(bench: Bench, name: str, tags: dict[str, str]) -> None:
    instance = next(found for found in bench.inventory.instances if found.name == name)
    bench.inventory.put(msgspec.structs.replace(instance, tags={**instance.tags, **tags}))


def trust_plan(bench: Bench) -> Plan:
    return bench.plan("repair-trust", bench.finding("role-trust-missing-ec2", bench.role_ref("mailer")))


async def test_nothing_is_said_where_nobody_owns_it(bench: Bench) -> None:
    assert not [text for text in trust_plan(bench).warnings if "belongs" in text]


async def test_a_role_of_a_stack_drifts_and_its_change_belongs_in_the_stack(bench: Bench) -> None:
    tag_role(bench, "mailer", STACK)
    plan = trust_plan(bench)
    assert plan.typed_name == "mailer"
    [said] = [text for text in plan.warnings if "belongs to" in text]
    assert said.startswith("mailer belongs to CloudFormation (tag aws:cloudformation:stack-name).")
    assert "drifts" in said
    assert "The lasting change belongs in stack mail, logical id MailRole." in said
    assert "aws cloudformation describe-stack-resource --stack-name mail" in said


async def test_putting_a_role_into_an_instance_profile_does_not_change_the_role(bench: Bench) -> None:
    plan = BY_ID["add-role"].plan(bench)
    role = next(call.parameters["RoleName"] for call in plan.calls)
    tag_role(bench, role, STACK)
    assert not [text for text in BY_ID["add-role"].plan(bench).warnings if "belongs" in text]


async def test_what_is_owned_by_its_name_only_says_so_and_asks_all_the_same(bench: Bench) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    profile = bench.inventory.instance_profile_by_name(estate.ACCOUNT, plan.subject.name)
    assert profile is not None
    renamed = msgspec.structs.replace(profile, instance_profile_name="ecsInstanceRole")
    bench.inventory.put(renamed)
    plan = bench.plan("delete-instance-profile", bench.finding("profile-orphaned", renamed.ref))
    assert plan.typed_name == "ecsInstanceRole"
    assert any(text.startswith("By its name, ecsInstanceRole belongs to ECS.") for text in plan.warnings)


async def test_an_instance_of_a_scaling_group_is_replaced_without_the_change(bench: Bench) -> None:
    tag_instance(bench, "bare", {"aws:autoscaling:groupName": "fleet"})
    finding = bench.finding("instance-no-profile", bench.instance_ref("bare"), "attach")
    plan = bench.plan("attach", finding, instance_profile="web")
    assert any("the launch template of scaling group fleet" in text for text in plan.warnings)
    assert plan.typed_name == "bare"


async def test_attaching_the_same_instance_profile_again_is_no_drift(bench: Bench) -> None:
    tag_instance(bench, "web-1", {"aws:autoscaling:groupName": "fleet"})
    finding = bench.finding("association-stuck-associating", bench.instance_ref("web-1"), "reattach")
    same = bench.plan("reattach", finding, instance_profile="web")
    other = bench.plan("reattach", finding, instance_profile="db")
    assert not [text for text in same.warnings if "scaling group fleet" in text]
    assert [text for text in other.warnings if "scaling group fleet" in text]


TERRAFORM = {"terraform:address": "module.mail.aws_iam_role.mailer"}


def told(plan: Plan) -> str:
    [said] = [text for text in plan.warnings if "belongs to" in text or "belongs in" in text]
    return said


def tag_profile(bench: Bench, name: str, tags: dict[str, str]) -> None:
    profile = bench.inventory.instance_profile_by_name(estate.ACCOUNT, name)
    assert profile is not None
    bench.inventory.put(msgspec.structs.replace(profile, tags=tags))


async def test_terraform_is_told_with_address_argument_and_the_command_that_shows_it(bench: Bench) -> None:
    tag_role(bench, "mailer", TERRAFORM)
    said = told(trust_plan(bench))
    assert "What drifts: assume_role_policy of aws_iam_role." in said
    assert "The next terraform apply undoes the change." in said
    assert "Terraform address module.mail.aws_iam_role.mailer." in said
    assert said.endswith("terraform plan -target=module.mail.aws_iam_role.mailer")


async def test_an_address_that_no_tag_tells_is_found_by_a_command(bench: Bench) -> None:
    tag_profile(bench, "mailer", {"ManagedBy": "Terraform"})
    said = told(BY_ID["swap-role"].plan(bench))
    assert "What drifts: role of aws_iam_instance_profile." in said
    assert said.endswith("Its address: terraform state list -id=mailer")


async def test_an_instance_of_terraform_is_found_by_its_id(bench: Bench) -> None:
    tag_instance(bench, "bare", {"ManagedBy": "Terraform"})
    finding = bench.finding("instance-no-profile", bench.instance_ref("bare"), "attach")
    said = told(bench.plan("attach", finding, instance_profile="web"))
    assert "What drifts: iam_instance_profile of aws_instance." in said
    assert f"terraform state list -id={bench.instance_ref('bare').id}" in said


async def test_a_property_of_a_stack_drifts(bench: Bench) -> None:
    tag_profile(bench, "mailer", {**STACK, "aws:cloudformation:logical-id": "MailProfile"})
    said = told(BY_ID["swap-role"].plan(bench))
    assert "What drifts: Roles of AWS::IAM::InstanceProfile." in said
    assert "stack mail, logical id MailProfile" in said
    assert "describe-stack-resource --stack-name mail --logical-resource-id MailProfile" in said


async def test_what_is_deleted_here_has_to_be_taken_out_there(bench: Bench) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    name = plan.subject.name
    tag_profile(bench, name, {"terraform:address": "aws_iam_instance_profile.old"})
    said = told(BY_ID["delete-instance-profile"].plan(bench))
    assert "makes it again as long as its block is there" in said
    assert "take it out of Terraform address aws_iam_instance_profile.old" in said
    tag_profile(bench, name, STACK)
    said = told(BY_ID["delete-instance-profile"].plan(bench))
    assert "Take it out of stack mail, logical id MailRole as well." in said


@pytest.mark.parametrize(
    ("tags", "command"),
    [
        ({"ManagedBy": "Terraform"}, "terraform import aws_iam_instance_profile.NAME fresh"),
        (STACK, "aws cloudformation create-change-set --change-set-type IMPORT --stack-name mail"),
        ({**STACK, "aws:cdk:path": "Mail/Web"}, "cdk import mail"),
    ],
)
async def test_the_owner_takes_over_what_is_made_for_its_instance(
    bench: Bench, tags: dict[str, str], command: str
) -> None:
    finding = bench.finding("instance-no-profile", bench.instance_ref("bare"), "create-instance-profile")
    assert not bench.plan("create-instance-profile", finding, name="fresh", role="web").notes
    tag_instance(bench, "bare", tags)
    [note] = bench.plan("create-instance-profile", finding, name="fresh", role="web").notes
    assert command in note
    assert "fresh" in note


def test_a_resource_import_runs_as_it_stands_but_for_its_names() -> None:
    owner = Owner("cloudformation", "CloudFormation", "tag", "tag", "stack a b", "drifts", stack="a b")
    note = taking_over(owner, "web")
    assert note is not None
    words = shlex.split(note.partition(" by: ")[2])
    assert words[words.index("--stack-name") + 1] == "a b"
    [resource] = json.loads(words[words.index("--resources-to-import") + 1])
    assert resource["ResourceIdentifier"] == {"InstanceProfileName": "web"}


def test_a_policy_of_a_role_is_not_undone_where_terraform_knows_nothing_of_it() -> None:
    owner = Owner("terraform", "Terraform", "tag", "tag x", "main.tf", "The next apply undoes the change.")
    role = ObjectRef("role", estate.ACCOUNT, None, "AROA1", "web")
    said = drift.told(owner, role, ["PutRolePolicy"], "web")
    assert "undoes the change" not in said
    assert "a role that it makes anew comes without it" in said


def test_what_is_deleted_and_made_anew_keeps_its_name_and_can_be_replaced_there() -> None:
    owner = Owner("terraform", "Terraform", "tag", "tag x", "x", "y", address="aws_iam_instance_profile.a")
    ref = ObjectRef("instance-profile", estate.ACCOUNT, None, "AIPA1", "a")
    said = drift.told(owner, ref, ["DeleteInstanceProfile", "CreateInstanceProfile"], "a")
    assert "Its name stays" in said
    assert said.endswith("terraform apply -replace=aws_iam_instance_profile.a")
