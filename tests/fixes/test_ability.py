"""Could this caller do it? What fixes need is what their recipes say, and IAM is asked about all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.denials.permission import NobodyToAsk
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.questions.ability import could, grantable, grantable_for, policy_for, standing, why
from instance_profiles.questions.needs import ASKED_OF_EACH, fixes_of, rows_of
from tests.fixes.cases import CASES
from tests.fixes.estate import ACCOUNT

if TYPE_CHECKING:
    from instance_profiles.denials.permission import Answer
    from instance_profiles.questions.needs import FixNeeds, Row
    from tests.fixes.bench import Bench
    from tests.fixes.case import Case

KIM = f"arn:aws:iam::{ACCOUNT}:user/kim"
LOOK = {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:Simulate*", "sts:*"], "Resource": "*"}
ADD = {"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"}
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/crawler"}

PASSING = {"iam:PassRole"}
_ATTACH = {
    "ec2:AssociateIamInstanceProfile",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "ec2:DisassociateIamInstanceProfile",
}
_FILL = {
    "iam:AddRoleToInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:CreateInstanceProfile",
    "iam:TagInstanceProfile",
}
_DELETE = {*_FILL, "iam:DeleteInstanceProfile"}
_GRANT = {"iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:DetachRolePolicy", "iam:DeleteRolePolicy"}
P_FIX: dict[str, set[str]] = {
    "R1": _FILL | PASSING,
    "R2": _FILL | PASSING,
    "R8": _FILL | _ATTACH | PASSING,
    "R3": _ATTACH | PASSING,
    "R4": _ATTACH | PASSING,
    "R5": _ATTACH | PASSING,
    "R6": _ATTACH,
    "R7": _DELETE,
    "R17": _DELETE,
    "R10": {"iam:UpdateAssumeRolePolicy"},
    "R11": _GRANT,
    "R12": {
        "iam:PutRolePermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
    },
    "R13": {"ec2:ModifyInstanceMetadataOptions"},
    "R15": _ATTACH | PASSING,
    "R18": {"servicequotas:RequestServiceQuotaIncrease"},
}
"""The permissions that AWS documents for each recipe's calls; a new instance profile is attached as well."""


def enforce(bench: Bench, *statements: dict[str, Any], **layers: Any) -> None:
    """From now on kim may do what these statements say."""
    caller = bench.world.caller
    caller.enforced = True
    caller.policies = [json.dumps({"Version": "2012-10-17", "Statement": list(statements)})]
    for name, value in layers.items():
        setattr(caller, name, value)
    bench.world.changed()


async def ask(bench: Bench, rows: tuple[Row, ...], principal: str | None = None) -> dict[int, Answer]:
    return {place: answer async for place, answer in could(bench.account, principal, rows)}


def crawler(bench: Bench) -> tuple[FixNeeds, tuple[Row, ...]]:
    """The fix of an empty instance profile, and what it needs."""
    ref = bench.profile_ref("crawler")
    (fix,) = fixes_of(ref, bench.inventory, [bench.finding("profile-without-role", ref, "add-role")])[:1]
    return fix, rows_of([fix])


@pytest.mark.parametrize("case", [case for case in CASES if RECIPES[case.recipe].number in P_FIX],
                         ids=lambda case: case.id)  # fmt: skip
async def test_a_recipe_needs_no_more_than_the_catalogue_of_fixes_states(bench: Bench, case: Case) -> None:
    plan = case.plan(bench)
    assert set(plan.permissions) <= P_FIX[RECIPES[case.recipe].number]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_the_fixes_of_an_object_need_all_that_their_calls_need(bench: Bench, case: Case) -> None:
    finding = case.fault(bench)
    found = {fix.recipe: fix for fix in fixes_of(finding.object, bench.inventory, [finding])}
    if case.answers or case.recipe not in finding.fixes:
        return  # what has to be told first is not planned for by itself
    assert {need.action for need in found[case.recipe].needs} == set(case.plan(bench).permissions)


async def test_what_does_not_apply_to_an_object_as_it_is_is_left_out(bench: Bench) -> None:
    recipes = {fix.recipe for fix in fixes_of(bench.instance_ref("bare"), bench.inventory)}
    assert "attach" in recipes
    assert not recipes & {"detach", "replace-association", "reattach"}


async def test_an_action_on_many_objects_is_asked_about_a_few_and_then_never_a_plain_yes(
    crowd: Bench,
) -> None:
    ref = max(crowd.inventory.instance_profiles, key=lambda p: len(crowd.inventory.instances_naming(p))).ref
    fixes = fixes_of(ref, crowd.inventory)
    wide = next(fix for fix in fixes if fix.left_out)
    actions = [need.action for need in wide.needs]
    assert max(actions.count(action) for action in actions) == ASKED_OF_EACH
    rows = rows_of([wide])
    answers = await ask(crowd, rows)
    assert {answer.decision.decision for answer in answers.values()} == {"allow"}
    assert standing(wide, rows, answers) == "unknown"


async def test_who_may_do_all_of_it_can_fix_it(bench: Bench) -> None:
    enforce(bench, LOOK, ADD, PASS)
    fix, rows = crawler(bench)
    answers = await ask(bench, rows)
    assert standing(fix, rows, answers) == "yes"
    assert standing(fix, rows, {}) == "asking"


async def test_where_an_allow_is_missing_the_smallest_policy_is_for_exactly_that(bench: Bench) -> None:
    enforce(bench, LOOK, ADD)
    fix, rows = crawler(bench)
    answers = await ask(bench, rows)
    assert standing(fix, rows, answers) == "no"
    lacking = grantable_for(fix, rows, answers)
    assert [one.action for one in lacking] == ["iam:PassRole"]
    policy, place = policy_for(KIM, lacking)
    condition = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    assert (policy["Statement"], place) == ([{**PASS, "Condition": condition}], "user kim")


@pytest.mark.parametrize(
    ("statements", "layers", "kind", "effect"),
    [
        ((LOOK, ADD, PASS, {"Effect": "Deny", "Action": "iam:Pass*", "Resource": "*"}), {},
         "identity-policy", "explicit"),
        ((LOOK, ADD, PASS),
         {"boundary": json.dumps({"Version": "2012-10-17", "Statement": [LOOK, ADD]})},
         "permissions-boundary", "implicit"),
    ],
)  # fmt: skip
async def test_what_no_allow_lifts_is_told_by_whom_it_is_denied_and_not_granted(
    bench: Bench, statements: Any, layers: Any, kind: str, effect: str
) -> None:
    enforce(bench, *statements, **layers)
    fix, rows = crawler(bench)
    answers = await ask(bench, rows)
    denied = next(a for p, a in answers.items() if rows[p].permission.action == "iam:PassRole")
    assert (denied.decision.decided_by, denied.decision.effect) == (kind, effect)
    assert kind.replace("-", " ") in why(denied)
    assert grantable_for(fix, rows, answers) == ()
    assert "iam:PassRole" not in {one.action for one in grantable(rows, answers)}


async def test_a_condition_on_what_nobody_knows_is_unknown_with_the_key(bench: Bench) -> None:
    mfa = {**PASS, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    enforce(bench, LOOK, ADD, mfa)
    fix, rows = crawler(bench)
    answers = await ask(bench, rows)
    assert standing(fix, rows, answers) == "unknown"
    unsure = next(answer for answer in answers.values() if answer.decision.decision == "unknown")
    assert "aws:MultiFactorAuthPresent" in why(unsure)


async def test_where_nothing_may_be_simulated_documents_are_judged_and_a_yes_is_only_probable(
    bench: Bench,
) -> None:
    enforce(bench, ADD, {**LOOK, "Action": ["iam:GetAccountAuthorizationDetails", "sts:*"]})
    bench.world.account.user_policies["kim"] = {
        "mine": json.dumps({"Version": "2012-10-17", "Statement": [ADD]})
    }
    bench.world.changed()
    _, rows = crawler(bench)
    answers = await ask(bench, rows)
    by_action = {rows[place].permission.action: answer for place, answer in answers.items()}
    added, passed = by_action["iam:AddRoleToInstanceProfile"], by_action["iam:PassRole"]
    assert (added.engine, added.probably, added.policies) == ("local", True, ("mine",))
    assert added.decision.statement == ADD
    assert (passed.decision.decision, passed.decision.effect) == ("deny", "implicit")
    assert any("SimulatePrincipalPolicy is denied" in note for note in passed.notes)
    simulations = [name for _, name, _ in bench.world.requests if name == "SimulatePrincipalPolicy"]
    assert len(simulations) == 1


async def test_where_nothing_can_be_read_all_is_unknown_and_says_why(bench: Bench) -> None:
    enforce(bench, {"Effect": "Allow", "Action": "sts:*", "Resource": "*"})
    _, rows = crawler(bench)
    answers = await ask(bench, rows)
    assert {answer.decision.decision for answer in answers.values()} == {"unknown"}
    assert all("denied" in why(answer) for answer in answers.values())


async def test_nothing_limits_root_but_the_organization(bench: Bench) -> None:
    fix, rows = crawler(bench)
    answers = await ask(bench, rows, f"arn:aws:iam::{ACCOUNT}:root")
    assert all(answer.probably and "organization" in why(answer) for answer in answers.values())
    assert standing(fix, rows, answers) == "unknown"
    assert not any(name == "SimulatePrincipalPolicy" for _, name, _ in bench.world.requests)


async def test_a_role_that_is_not_there_is_nobody_to_ask(bench: Bench) -> None:
    _, rows = crawler(bench)
    with pytest.raises(NobodyToAsk, match="check the ARN"):
        await ask(bench, rows, f"arn:aws:iam::{ACCOUNT}:role/nobody")


async def test_questions_under_the_same_circumstances_are_one_call(bench: Bench) -> None:
    ref = bench.profile_ref("unused")
    rows = rows_of(fixes_of(ref, bench.inventory))
    circumstances = {tuple(sorted(row.permission.context.items())) for row in rows}
    before = len(bench.world.requests)
    await ask(bench, rows)
    asked = [name for _, name, _ in bench.world.requests[before:] if name == "SimulatePrincipalPolicy"]
    assert len(asked) < len(rows)
    assert len(asked) >= len(circumstances)
    assert bench.writes() == []
