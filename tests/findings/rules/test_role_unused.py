from __future__ import annotations

from datetime import timedelta

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS
from tests.findings.estate import NOW, TRUSTS_RDS, Estate

RULE = "role-unused"


def days(number: float) -> timedelta:
    return timedelta(days=number)


def test_not_used_for_months(estate: Estate) -> None:
    role = estate.role("legacy", last_used=NOW - days(91))
    profile = estate.profile("legacy", role)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "info")
    assert found.cause == "role last used 91 days ago"
    assert found.related == (profile.ref,)


@pytest.mark.parametrize(("age", "told"), [(91, 91), (399, 399), (2000, 400)])
def test_never_used_since_it_was_created_or_as_far_as_iam_remembers(
    estate: Estate, age: int, told: int
) -> None:
    estate.profile("legacy", estate.role("legacy", last_used=None, created=NOW - days(age)))
    assert estate.only(RULE).cause == f"role never used in {told} days"


def test_instances_that_use_it_all_the_same_are_told(estate: Estate) -> None:
    estate.instance("l-1", estate.profile("legacy", estate.role("legacy", last_used=None)))
    assert "1 instance uses it all the same" in estate.only(RULE).detail


def test_used_within_the_threshold(estate: Estate) -> None:
    estate.profile("web", estate.role("web", last_used=NOW - days(90)))
    assert not estate.findings(RULE)


@pytest.mark.parametrize("age", [0, 1, 90])
def test_a_young_role_is_left_alone(estate: Estate, age: int) -> None:
    estate.profile("new", estate.role("new", last_used=None, created=NOW - days(age)))
    assert not estate.findings(RULE)


def test_a_role_that_ec2_may_not_assume_has_another_fault(estate: Estate) -> None:
    estate.profile("batch", estate.role("batch", TRUSTS_RDS, last_used=None))
    assert not estate.findings(RULE)


def test_a_role_outside_any_instance_profile_is_not_looked_at(estate: Estate) -> None:
    estate.role("lambda", last_used=None)
    assert not estate.findings(RULE)


def test_unknown_where_the_last_use_could_not_be_read(estate: Estate) -> None:
    estate.profile("web", Estate().role("web", last_used=None))
    estate.state(AUTHORIZATION_DETAILS, "denied")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind) == ("unknown", "account")
