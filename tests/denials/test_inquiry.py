"""Asking AWS about a denial: each step learns something, is skipped with a word, or says why it could not."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.denials.inquiry.inquire import inquire, worth_asking
from instance_profiles.denials.reading import read
from instance_profiles.denials.trail.athena import TrailTable
from tests.denials.asking import ACCOUNT, EVERYTHING, NO_PASSING, WEB

if TYPE_CHECKING:
    from tests.denials.asking import Company

TABLE = TrailTable("logs", "cloudtrail")
LIMITED = {"Sid": "Elsewhere", "Effect": "Allow", "Action": "iam:PassRole", "Resource": f"{WEB}-canary"}
ONLY_ADD = {"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"}
WITH_MFA = {
    "Sid": "WithMfa",
    "Effect": "Allow",
    "Action": "iam:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
}


async def test_a_deny_is_followed_to_its_statement_by_every_step(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    steps = await acme.ask(await acme.add_role())
    details, simulation, documents = (
        steps["authorization-details"],
        steps["simulation"],
        steps["documents"],
    )
    assert (details.ruling.effect, details.ruling.denied_by) == ("explicit", "identity-policy")
    assert details.ruling.statement == {"Sid": "NoPassing", "Effect": "Deny"}
    assert details.ruling.attached_to == (acme.role.arn,)
    assert simulation.words == "Denied by inline policy guard of role operator."
    (shown,) = documents.documents
    assert (shown.title, shown.statement) == ("Inline policy guard of role operator", NO_PASSING)
    assert (documents.error.denied_by, documents.error.policy) == (
        "identity-policy",
        "inline policy guard of role operator",
    )


async def test_details_that_are_not_there_yet_are_asked_for_again(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    error = await acme.add_role()
    acme.world.timing.authorization_details = 70.0
    said = [step.words async for step in inquire(acme.admin, error, acme.scope()) if step.state == "asking"]
    assert said[:4] == [
        "",
        "not there yet, asking again in 2 s",
        "not there yet, asking again in 4 s",
        "not there yet, asking again in 6 s",
    ]
    assert sum(acme.slept) == 12


async def test_details_that_never_come_are_given_up_after_a_minute(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    error = msgspec.structs.replace(await acme.add_role(), region="eu-west-1")
    step = (await acme.ask(error))["authorization-details"]
    assert (step.state, sum(acme.slept)) == ("skipped", 60)
    assert "AWS does not have it in eu-west-1" in step.words


async def test_passing_a_role_is_told_from_the_call_that_carried_it(acme: Company):
    acme.may({**ONLY_ADD, "Action": "ec2:*"})
    error = await acme.attach()
    bare = "UnauthorizedOperation: You are not authorized to perform this operation."
    (unsaid,) = read(f"{bare} Encoded authorization failure message: {error.encoded}").errors
    assert (unsaid.action, unsaid.rule) == (None, "caller-encoded-message")
    steps = await acme.ask(unsaid)
    decoded = steps["decoded-message"]
    assert (decoded.error.action, decoded.error.resource) == ("iam:PassRole", WEB)
    assert decoded.error.principal == f"arn:aws:sts::{ACCOUNT}:assumed-role/operator/kim"
    assert steps["simulation"].error.rule == "caller-passrole-denied"
    assert "role/web" in steps["simulation"].error.resource


async def test_where_nothing_allows_it_the_statement_that_nearly_does_is_shown(acme: Company):
    acme.may(ONLY_ADD, LIMITED)
    steps = await acme.ask(await acme.add_role())
    assert steps["simulation"].ruling.effect == "implicit"
    (shown,) = steps["documents"].documents
    assert shown.statement == LIMITED
    assert "but not here" in steps["documents"].words


async def test_a_boundary_that_denies_is_found_by_asking_without_it(acme: Company):
    acme.may(EVERYTHING)
    boundary = acme.role.boundary = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    steps = await acme.ask(await acme.add_role())
    ruling = steps["simulation"].ruling
    assert (ruling.effect, ruling.denied_by, ruling.policy) == ("explicit", "permissions-boundary", boundary)
    assert NO_PASSING in [shown.statement for shown in steps["documents"].documents]


async def test_what_hangs_on_a_key_that_nobody_told_is_unknown(acme: Company):
    acme.may(WITH_MFA)
    step = (await acme.ask(_denied("no identity-based policy allows")))["simulation"]
    assert step.ruling.decision == "unknown"
    assert "aws:MultiFactorAuthPresent" in step.words


async def test_a_simulation_that_allows_it_says_what_it_does_not_know(acme: Company):
    acme.may(EVERYTHING)
    step = (await acme.ask(_denied("no session policy allows")))["simulation"]
    assert step.ruling.decision == "allow"
    assert "a session policy" in step.words


@pytest.mark.parametrize(
    ("action", "step"),
    [
        ("iam:GetRequestAuthorizationDetails", "authorization-details"),
        ("iam:SimulatePrincipalPolicy", "simulation"),
        ("iam:GetAccountAuthorizationDetails", "documents"),
        ("cloudtrail:LookupEvents", "changes"),
        ("cloudtrail:ListEventDataStores", "lake"),
        ("athena:GetTableMetadata", "athena"),
    ],
)
async def test_a_step_that_is_denied_is_skipped_with_a_word_and_the_others_go_on(acme: Company, action, step):
    acme.may(EVERYTHING, NO_PASSING)
    error = await acme.add_role()
    acme.world.deny(action)
    steps = await acme.ask(error, table=TABLE)
    assert steps[step].state == "denied"
    assert steps[step].words == f"{action} is denied to you; asking goes on without it."
    assert len(steps) == 8
    assert "answered" in {one.state for one in steps.values()}


async def test_the_denied_call_is_found_among_those_of_the_caller(acme: Company):
    acme.may({**ONLY_ADD, "Action": "ec2:*"})
    await acme.attach()
    step = (await acme.ask(await acme.attach()))["denied-call"]
    assert "ec2:AssociateIamInstanceProfile in eu-west-1" in step.words
    assert [event.name for event in step.events] == ["AssociateIamInstanceProfile"] * 2


async def test_who_changed_it_last_is_told(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    await acme.admin.call("iam", "TagRole", {"RoleName": "web", "Tags": [{"Key": "a", "Value": "b"}]})
    error = await acme.add_role()
    step = (await acme.ask(error))["changes"]
    assert "TagRole by admin" in step.words
    assert [event.who for event in step.events] == [f"arn:aws:iam::{ACCOUNT}:user/admin"]


async def test_somebody_of_another_account_is_not_asked_about_here(acme: Company):
    other = _denied("no identity-based policy allows", "999988887777")
    steps = await acme.ask(other)
    for step in ("simulation", "documents", "denied-call"):
        assert steps[step].state == "skipped"
        assert "999988887777" in steps[step].words


async def test_the_root_user_has_no_policies_to_look_at(acme: Company):
    root = msgspec.structs.replace(_denied("x"), principal=f"arn:aws:iam::{ACCOUNT}:root", effect=None)
    steps = await acme.ask(root)
    assert (steps["simulation"].state, steps["documents"].state) == ("skipped", "skipped")


async def test_what_aws_bills_is_offered_and_not_run(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    steps = await acme.ask(await acme.add_role(), table=TABLE)
    assert steps["athena"].state == "offered"
    assert "narrowed by account, region, timestamp" in steps["athena"].words
    assert "StartQueryExecution" not in _sent(acme)


async def test_athena_finds_the_denial_when_it_is_wanted(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    error = await acme.add_role()
    steps = await acme.ask(error, table=TABLE, athena=True)
    assert steps["athena"].words == "1 denial around instance profiles, 1 of them like this one."
    (event,) = steps["athena"].events
    assert event.name == "AddRoleToInstanceProfile"
    assert f"iam:PassRole on resource: {WEB}" in event.said


async def test_stopping_in_the_middle_stops_the_query_at_athena_too(acme: Company):
    acme.may(EVERYTHING, NO_PASSING)
    error = await acme.add_role()
    async with aclosing(inquire(acme.admin, error, acme.scope(table=TABLE, athena=True))) as steps:
        async for step in steps:
            if step.name == "athena" and "queued" in step.words:
                break
    assert _sent(acme)[-1] == "StopQueryExecution"


async def test_only_denials_are_worth_asking_about():
    (exists,) = read(
        "IncorrectState: There is an existing association for instance i-0123456789abcdef0"
    ).errors
    assert not worth_asking(exists)
    assert worth_asking(_denied("no identity-based policy allows"))


def _denied(reason: str, account: str = ACCOUNT):
    text = (
        f"AccessDenied: User: arn:aws:sts::{account}:assumed-role/operator/kim is not authorized to perform:"
        f" iam:PassRole on resource: {WEB} because {reason} the iam:PassRole action"
    )
    (error,) = read(text).errors
    return error


def _sent(acme: Company) -> list[str]:
    return [operation for _, operation, _ in acme.world.requests]
