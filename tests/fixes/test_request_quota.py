"""Asking for a higher quota: which one, how much, and never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.offers import candidates
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.quotas import NAME
from tests.fixes.quota_cases import ACCOUNT_REF, INSTANCE_PROFILES, QUOTA_CASES, ROLES, asked_for, asks

if TYPE_CHECKING:
    from tests.fixes.bench import Bench

(CASE,) = QUOTA_CASES
NOT_ASKED = "more is not yet asked for: Roles per account"


async def test_the_fullest_quota_and_the_next_thousand_are_the_first_choice(bench: Bench) -> None:
    plan = CASE.plan(bench)
    assert plan.title == "Ask AWS for 2,000 instead of 1,000: roles per account"
    assert plan.guessed == ()
    names = candidates("request-quota", "name", CASE.finding(bench), bench.inventory)
    assert [one.label for one in names] == ["Roles per account", "Instance profiles per account"]
    steps = candidates("request-quota", "quota", CASE.finding(bench), bench.inventory)
    assert [one.value for one in steps] == ["2000", "3000", "4000", "5000"]


async def test_the_other_quota_and_any_number_above_can_be_asked_for(bench: Bench) -> None:
    plan = CASE.plan(bench)
    assert plan.warnings == ()
    plan = bench.plan(
        "request-quota", CASE.finding(bench), name="instance profiles per account", quota="9000"
    )
    assert "a person there decides" in plan.warnings[0]
    assert (await bench.apply(plan)).result == "applied"
    assert asked_for(bench.world) == [(INSTANCE_PROFILES, 9000)]


@pytest.mark.parametrize("quota", ["1000", "12", "many", "-1", "1e9"])
async def test_what_is_not_more_is_refused_in_words(bench: Bench, quota: str) -> None:
    with pytest.raises(CannotPlan, match="above the present 1,000"):
        bench.plan("request-quota", CASE.finding(bench), quota=quota)


@pytest.mark.parametrize("status", ["PENDING", "CASE_OPENED"])
async def test_a_request_that_is_open_refuses_another_one(bench: Bench, status: str) -> None:
    asks(bench.world, ROLES, 1500, status)
    check = (await bench.checks(CASE.plan(bench)))[NOT_ASKED]
    assert check.state == "failed"
    assert "A request for 1,500 is open since" in check.detail


async def test_one_that_was_turned_down_does_not(bench: Bench) -> None:
    asks(bench.world, ROLES, 1500, "NOT_APPROVED")
    assert (await bench.checks(CASE.plan(bench)))[NOT_ASKED].state == "passed"


async def test_a_quota_that_was_raised_meanwhile_is_enough(bench: Bench) -> None:
    plan = CASE.plan(bench)
    bench.world.account.quotas.roles = 2000
    bench.world.changed()
    check = (await bench.checks(plan))[NOT_ASKED]
    assert (check.state, check.detail) == ("failed", "Roles per account is 2,000 now.")


async def test_who_may_not_look_is_told_so(bench: Bench) -> None:
    bench.world.deny("servicequotas:List*")
    found = await bench.checks(CASE.plan(bench))
    assert {found[NAME].state, found[NOT_ASKED].state} == {"unknown"}


async def test_the_command_line_asks_for_the_code_by_name(bench: Bench) -> None:
    (call,) = CASE.plan(bench).calls
    line = aws_command(call)
    assert line.startswith("aws service-quotas request-service-quota-increase --region us-east-1")
    assert "Quotas[?QuotaName==" in line
    assert CASE.finding(bench).object == ACCOUNT_REF
