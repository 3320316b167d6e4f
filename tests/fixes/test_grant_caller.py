"""Giving a caller what it lacks: as little as helps, to whom it can be given, otherwise as a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from instance_profiles.fixes.differences import changed_lines
from instance_profiles.fixes.granting import APPLICABLE, LACKS
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.inventory.model import Caller
from instance_profiles.questions.grant import wanted
from tests.fixes.cases import CASES
from tests.fixes.estate import ACCOUNT
from tests.fixes.grant_cases import GRANT_CASES, WEB, may_not_pass
from tests.fixes.role_cases import role

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Plan
    from tests.fixes.bench import Bench

(CASE,) = GRANT_CASES
CASES_BY_ID = {case.id: case for case in CASES}


def statement(plan: Plan) -> dict[str, Any]:
    (diff,) = plan.diffs
    (found,) = json.loads(diff.after)["Statement"]
    return dict(found)


def called_by(bench: Bench, arn: str) -> None:
    (caller,) = bench.inventory.callers.values()
    bench.inventory.callers[ACCOUNT] = msgspec.structs.replace(caller, arn=arn)


async def test_the_smallest_policy_names_the_role_and_the_service(bench: Bench) -> None:
    assert statement(CASE.plan(bench)) == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": WEB,
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    }


async def test_the_plan_shows_what_comes_and_that_nothing_goes(bench: Bench) -> None:
    (diff,) = CASE.plan(bench).diffs
    assert {line[:1] for line in changed_lines(diff.before, diff.after)} == {"+"}


async def test_in_china_both_names_of_ec2_are_allowed(bench: Bench) -> None:
    (caller,) = bench.inventory.callers.values()
    bench.inventory.callers[ACCOUNT] = Caller(ACCOUNT, caller.arn, caller.user_id, "aws-cn")
    condition = statement(CASE.plan(bench))["Condition"]["StringEquals"]
    assert condition == {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}


async def test_a_role_session_gets_it_in_its_role(bench: Bench) -> None:
    called_by(bench, f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/session")
    plan = CASE.plan(bench)
    assert [call.operation for call in plan.calls] == ["PutRolePolicy"]
    assert plan.typed_name == "worker"
    assert (await bench.apply(plan)).result == "applied"
    assert "iptui-pass-web" in role(bench.world, "worker").inline


async def test_any_user_or_role_of_the_account_can_be_named(bench: Bench) -> None:
    plan = bench.plan(
        "grant-caller", may_not_pass(bench), principal=f"arn:aws:iam::{ACCOUNT}:user/team/deploy"
    )
    (call,) = plan.calls
    assert call.parameters["UserName"] == "deploy"
    checks = await bench.checks(plan)
    assert [c.detail for c in checks.values() if c.state == "failed"] == [
        "User deploy does not exist any more."
    ]


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Ops_On_Call_0123456789abcdef/me",
            "Ops_On_Call",
        ),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/me", "federated session"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/unread/me", "was not read"),
        ("arn:aws:iam::999988887777:user/guest", "in account 999988887777"),
    ],
)
async def test_for_others_there_is_a_text_to_hand_over_and_no_call(bench: Bench, arn: str, said: str) -> None:
    called_by(bench, arn)
    plan = CASE.plan(bench)
    assert plan.calls == ()
    (text,) = plan.notes
    assert said in text
    assert WEB in text
    check = (await bench.checks(plan))[APPLICABLE]
    assert (check.state, said in check.detail) == ("failed", True)
    assert bench.writes() == []


async def test_the_root_user_is_given_nothing(bench: Bench) -> None:
    called_by(bench, f"arn:aws:iam::{ACCOUNT}:root")
    with pytest.raises(CannotPlan, match="root user needs no permission"):
        CASE.plan(bench)


async def test_who_may_not_attach_it_is_told_whom_to_send_it(bench: Bench) -> None:
    bench.world.deny("iam:PutUserPolicy")
    plan = CASE.plan(bench)
    assert "send the policy to whoever manages permissions" in plan.notes[0]
    assert (await bench.checks(plan))["you may iam:PutUserPolicy"].state == "failed"


async def test_a_permission_that_is_there_already_is_not_given_again(bench: Bench) -> None:
    finding = bench.finding("caller-passrole-denied", bench.role_ref("web"), "grant-caller")
    check = (await bench.checks(bench.plan("grant-caller", finding)))[LACKS]
    assert (check.state, "allowed already" in check.detail) == ("failed", True)


async def test_against_a_deny_no_allow_is_given(bench: Bench) -> None:
    finding = bench.finding("caller-passrole-denied", bench.role_ref("web"), "grant-caller")
    bench.world.deny("iam:PassRole", effect="explicit")
    check = (await bench.checks(bench.plan("grant-caller", finding)))[LACKS]
    assert (check.state, "No Allow helps against a Deny" in check.detail) == ("failed", True)


async def test_what_cannot_be_simulated_is_unknown(bench: Bench) -> None:
    bench.world.deny("iam:SimulatePrincipalPolicy")
    assert (await bench.checks(CASE.plan(bench)))[LACKS].state == "unknown"


@pytest.mark.parametrize("rule", ["caller-scp", "caller-rcp", "caller-vpce-policy", "caller-session-policy"])
async def test_what_no_policy_of_the_caller_lifts_is_refused(bench: Bench, rule: str) -> None:
    with pytest.raises(CannotPlan, match="No policy for the caller helps"):
        bench.plan("grant-caller", bench.finding(rule, bench.role_ref("web")))


async def test_a_role_of_another_account_can_never_be_passed(bench: Bench) -> None:
    with pytest.raises(CannotPlan, match="never be passed"):
        bench.plan("grant-caller", may_not_pass(bench), role="arn:aws:iam::999988887777:role/web")


@pytest.mark.parametrize("resource", ["*", f"arn:aws:iam::{ACCOUNT}:role/*", f"arn:aws:iam::{ACCOUNT}:*"])
@pytest.mark.parametrize("action", ["iam:PassRole", "iam:*", "*", "iam:Pass*"])
async def test_a_document_that_passes_every_role_is_refused(bench: Bench, resource: str, action: str) -> None:
    document = {"Statement": {"Effect": "Allow", "Action": action, "Resource": resource}}
    with pytest.raises(CannotPlan, match="pass every role"):
        bench.plan("grant-caller", may_not_pass(bench), document=json.dumps(document))


async def test_another_document_is_put_as_it_is(bench: Bench) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}]}
    plan = bench.plan("grant-caller", may_not_pass(bench), document=json.dumps(document), name="look")
    (call,) = plan.calls
    assert call.parameters["PolicyName"] == "look"
    assert json.loads(call.parameters["PolicyDocument"])["Statement"] == document["Statement"]


BOTH = [
    {"Effect": "Allow", "Action": ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
     "Resource": f"arn:aws:iam::{ACCOUNT}:instance-profile/crawler"},
    {"Effect": "Allow", "Action": "iam:PassRole", "Resource": WEB,
     "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}},
]  # fmt: skip


def given(bench: Bench, *statements: dict[str, Any]) -> Plan:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return bench.plan("grant-caller", may_not_pass(bench), document=document)


async def test_a_document_is_given_where_a_part_of_it_is_missing_and_nothing_of_it_denied(
    bench: Bench,
) -> None:
    plan = given(bench, *BOTH)
    assert "AddRoleToInstanceProfile and iam:RemoveRoleFromInstanceProfile and iam:PassRole" in plan.title
    check = (await bench.checks(plan))[LACKS]
    assert (check.state, "iam:PassRole is not allowed" in check.detail) == ("passed", True)


async def test_a_document_is_not_given_where_a_part_of_it_is_forbidden(bench: Bench) -> None:
    plan = given(bench, *BOTH)
    bench.world.deny("iam:RemoveRoleFromInstanceProfile", effect="explicit")
    check = (await bench.checks(plan))[LACKS]
    assert (check.state, "No Allow helps against a Deny" in check.detail) == ("failed", True)


async def test_a_document_that_is_allowed_already_is_not_given_again(bench: Bench) -> None:
    plan = given(bench, BOTH[0])
    check = (await bench.checks(plan))[LACKS]
    assert (check.state, "allowed already" in check.detail) == ("failed", True)


async def test_what_nobody_has_told_is_to_be_filled_in_first(bench: Bench) -> None:
    statement = {**BOTH[0], "Resource": f"arn:aws:ec2:<region>:{ACCOUNT}:<resource>"}
    with pytest.raises(CannotPlan, match="still has <region> in it"):
        given(bench, statement)


async def test_a_denial_leads_to_the_policy_for_exactly_that(bench: Bench) -> None:
    caller = bench.world.caller.arn
    passing = wanted(caller, ACCOUNT, [("iam:PassRole", WEB)])
    assert passing.answers == {"role": WEB}
    assert bench.plan("grant-caller", passing.finding, **passing.answers).typed_name == "kim"
    instance = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0123456789abcdef0"
    denied = [("ec2:AssociateIamInstanceProfile", instance), ("ec2:DisassociateIamInstanceProfile", instance)]
    other = wanted(caller, ACCOUNT, denied)
    (statement_,) = json.loads(other.answers["document"])["Statement"]
    assert statement_ == {"Effect": "Allow", "Action": [action for action, _ in denied], "Resource": instance}
    assert bench.plan("grant-caller", other.finding, **other.answers).calls[0].operation == "PutUserPolicy"


async def test_nobody_is_led_to_grant_the_right_to_grant(bench: Bench) -> None:
    bench.world.deny("iam:PutUserPolicy")
    check = (await bench.checks(CASE.plan(bench)))["you may iam:PutUserPolicy"]
    assert (check.state, check.lacks, "grant-caller" in check.detail) == ("failed", (), False)


async def test_a_check_that_lacks_an_allow_says_what_and_one_that_is_forbidden_does_not(bench: Bench) -> None:
    plan = CASES_BY_ID["add-role"].plan(bench)
    bench.world.deny("iam:PassRole")
    (lacking,) = (await bench.checks(plan))["you may iam:PassRole"].lacks
    assert (lacking.action, lacking.resource) == (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/crawler",
    )
