"""The policies that `iptui policy` prints are enough for all that iptui sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.policies.decide import Grants, decide
from instance_profiles.policies.request import Request
from instance_profiles.questions.needed_policy import browse_policy, fix_policy
from tests.aws.sent import actions_in
from tests.fixes.cases import CASES
from tests.fixes.estate import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.fixes.plan import Call, Permission
    from instance_profiles.fixes.recipe import Recipe
    from tests.fixes.bench import Bench
    from tests.fixes.case import Case

CALLER = f"arn:aws:iam::{ACCOUNT}:user/kim"
MANAGED_POLICY_CHARACTERS = 6144
WITHOUT_POLICY = {"sts:GetCallerIdentity"}

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)


def needs_of(calls: tuple[Call, ...]) -> Iterator[Permission]:
    for call in calls:
        yield from call.permissions
        if call.inverse is not None:
            yield from call.inverse.permissions


@every_case
async def test_all_that_a_fix_and_its_undo_need_is_allowed(bench: Bench, case: Case) -> None:
    document = fix_policy(RECIPES[case.recipe], account=ACCOUNT)
    for need in needs_of(case.plan(bench).calls):
        context = {key: (value,) for key, value in need.context.items()}
        asked = Request(need.action, need.resource, CALLER, context, ACCOUNT)
        decided = decide(asked, Grants(identity=[document]))
        assert decided.decision == "allow", (need, decided)


@every_case
async def test_nothing_is_sent_that_neither_policy_allows(bench: Bench, case: Case) -> None:
    plan = case.plan(bench)
    await bench.checks(plan)
    await bench.apply(plan)
    sent = {
        f"{service}:{operation}" for service, operation, _ in bench.world.requests if " /" not in operation
    }
    allowed = actions_in(browse_policy()) | actions_in(fix_policy(RECIPES[case.recipe]))
    assert sent - allowed - WITHOUT_POLICY == set()


@every_recipe
def test_roles_are_passed_to_ec2_only_and_no_statement_reaches_another_account(recipe: Recipe) -> None:
    document = fix_policy(recipe, partition="aws-cn", account=ACCOUNT)
    assert actions_in(document) == set(recipe.actions)
    for statement in document["Statement"]:
        if "iam:PassRole" in statement["Action"]:
            assert statement["Action"] == ["iam:PassRole"]
            services = statement["Condition"]["StringEquals"]["iam:PassedToService"]
            assert services == ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]
        assert statement["Resource"].startswith("arn:aws-cn:") or statement["Action"] == ["ec2:RunInstances"]
        assert ACCOUNT in statement["Resource"] or statement["Resource"] == "*"


def test_the_policy_for_reading_fits_a_managed_policy_and_writes_nothing() -> None:
    document = browse_policy()
    assert len(json.dumps(document, separators=(",", ":"))) <= MANAGED_POLICY_CHARACTERS
    assert {
        "iam:ListInstanceProfiles",
        "ec2:DescribeInstances",
        "ec2:DescribeIamInstanceProfileAssociations",
        "iam:SimulatePrincipalPolicy",
        "eks:DescribeNodegroup",
        "elasticmapreduce:DescribeCluster",
    } <= actions_in(document)
    written = {action for recipe in RECIPES.values() for action in recipe.actions}
    assert actions_in(document).isdisjoint(written)
    assert len({statement["Sid"] for statement in document["Statement"]}) == len(document["Statement"])
