from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES
from tests.findings.estate import EU, NOW, Estate

RULE = "profile-role-changed-recently"


def changed(estate: Estate, minutes: float = 10, **instance: Any) -> tuple[Any, Any]:
    profile = estate.healthy_profile("web")
    estate.role_changed(profile, minutes)
    return profile, estate.instance("web-1", profile, **instance)


@pytest.mark.parametrize("minutes", [0, 10, 59])
def test_a_running_instance_from_before_may_have_the_old_role(estate: Estate, minutes: int) -> None:
    profile, instance = changed(estate, minutes)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (profile.ref, "warning")
    assert found.cause == f"role changed {minutes} min ago, it may not have arrived"
    assert instance.ref in found.related
    assert "1 running instance (web-1)" in found.detail
    assert found.fixes == ("reattach",)


def test_after_an_hour_it_has_arrived(estate: Estate) -> None:
    changed(estate, 60)
    assert not estate.findings(RULE)


@pytest.mark.parametrize("instance", [{"launched": NOW - timedelta(minutes=5)}, {"state": "stopped"}])
def test_instances_that_start_with_the_new_role(estate: Estate, instance: dict[str, Any]) -> None:
    changed(estate, **instance)
    assert not estate.findings(RULE)


def test_the_role_of_another_instance_profile(estate: Estate) -> None:
    estate.role_changed(estate.healthy_profile("other"), 10)
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


def test_one_that_was_emptied_has_another_fault(estate: Estate) -> None:
    profile = estate.profile("web")
    estate.role_changed(profile, 10)
    estate.instance("web-1", profile)
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    profile = estate.healthy_profile("web")
    estate.role_changed(profile, 10)
    estate.state(INSTANCES, "denied", EU)
    found = estate.only(RULE)
    assert (found.verdict, found.object, found.cause) == (
        "unknown",
        profile.ref,
        "instances of eu-west-1 not read",
    )


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
