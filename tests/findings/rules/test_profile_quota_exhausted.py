from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import ACCOUNT_SUMMARY
from tests.findings.estate import ACCOUNT, Estate

RULE = "profile-quota-exhausted"


@pytest.mark.parametrize("used", [100, 101])
def test_full(estate: Estate, used: int) -> None:
    estate.summary(used, 100)
    found = estate.only(RULE)
    assert (found.object.kind, found.object.id, found.severity) == ("account", ACCOUNT, "error")
    assert found.cause == "all 100 instance profiles used"
    assert f"holds {used} instance profiles; its quota is 100" in found.detail


def test_both_full(estate: Estate) -> None:
    estate.summary(100, 100, roles=1000, roles_quota=1000)
    assert "No further instance profiles and roles can be created" in estate.only(RULE).detail


@pytest.mark.parametrize(("used", "quota"), [(99, 100), (0, 1000), (5, 0)])
def test_room_left_or_no_quota_told(estate: Estate, used: int, quota: int) -> None:
    estate.summary(used, quota)
    assert not estate.findings(RULE)


def test_unknown_where_the_summary_was_denied(estate: Estate) -> None:
    estate.state(ACCOUNT_SUMMARY, "denied")
    assert estate.only(RULE).verdict == "unknown"
