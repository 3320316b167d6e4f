from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import ACCOUNT_SUMMARY
from tests.findings.estate import ACCOUNT, Estate

RULE = "profile-quota-near"


@pytest.mark.parametrize("used", [80, 99])
def test_near(estate: Estate, used: int) -> None:
    estate.summary(used, 100)
    found = estate.only(RULE)
    assert (found.object.kind, found.object.id, found.severity) == ("account", ACCOUNT, "warning")
    assert found.cause == f"{used} of 100 instance profiles used"


@pytest.mark.parametrize(("used", "quota"), [(0, 1000), (79, 100), (799, 1000), (5, 0)])
def test_far_from_it(estate: Estate, used: int, quota: int) -> None:
    estate.summary(used, quota)
    assert not estate.findings(RULE)


def test_roles_have_a_quota_too(estate: Estate) -> None:
    estate.summary(10, 1000, roles=990, roles_quota=1000)
    assert estate.only(RULE).cause == "990 of 1,000 roles used"


def test_the_fuller_of_both_leads(estate: Estate) -> None:
    estate.summary(850, 1000, roles=999, roles_quota=1000)
    found = estate.only(RULE)
    assert found.cause == "999 of 1,000 roles used"
    assert "850 instance profiles" in found.detail


def test_a_full_one_is_told_as_full_and_the_other_as_near(estate: Estate) -> None:
    estate.summary(850, 1000, roles=1000, roles_quota=1000)
    assert estate.only(RULE).cause == "850 of 1,000 instance profiles used"
    assert estate.only("profile-quota-exhausted").cause == "all 1,000 roles used"


def test_unknown_where_the_summary_was_denied(estate: Estate) -> None:
    estate.state(ACCOUNT_SUMMARY, "denied")
    assert estate.only(RULE).verdict == "unknown"
