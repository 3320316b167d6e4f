from __future__ import annotations

from datetime import timedelta

import pytest

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, NOW, Estate

RULE = "instance-imds-pending"


def after(estate: Estate, seconds: float) -> Estate:
    """It was first seen so long ago."""
    estate.seen_at = NOW - timedelta(seconds=seconds)
    return estate


def test_pending_on_a_running_instance_for_more_than_two_minutes(estate: Estate) -> None:
    instance = estate.instance("web", estate.healthy_profile("web"), imds_state="pending")
    found = after(estate, 185).only(RULE)
    assert (found.object, found.severity) == (instance.ref, "warning")
    assert found.cause == "metadata options pending for over 2 min"
    assert "185 s ago" in found.detail


def test_two_minutes_are_granted(estate: Estate) -> None:
    estate.instance("web", imds_state="pending")
    assert not after(estate, 120).findings(RULE)


@pytest.mark.parametrize("state", ["pending", "stopping", "stopped", "shutting-down", "terminated"])
def test_in_other_states_it_is_normal(estate: Estate, state: str) -> None:
    estate.instance("web", imds_state="pending", state=state)
    assert not after(estate, 600).findings(RULE)


def test_applied_is_fine(estate: Estate) -> None:
    estate.instance("web")
    assert not after(estate, 600).findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
