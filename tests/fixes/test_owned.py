"""A fix of what a tool or service owns says what drifts, where it belongs, and asks for the typed name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

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
