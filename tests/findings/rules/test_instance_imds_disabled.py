from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, Estate, deleted

RULE = "instance-imds-disabled"


@pytest.mark.parametrize("state", ["pending", "running", "stopped"])
def test_off_while_an_instance_profile_is_attached(estate: Estate, state: str) -> None:
    profile = estate.healthy_profile("payments")
    instance = estate.instance("payments-2", profile, imds="disabled", state=state)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (instance.ref, "error", "metadata service is off")
    assert found.related == (profile.ref,)
    assert found.fixes == ("enable-imds",)


def test_off_without_an_instance_profile_is_sound(estate: Estate) -> None:
    estate.instance("hardened", imds="disabled")
    assert not estate.findings(RULE)


def test_on_is_fine(estate: Estate) -> None:
    estate.instance("payments-1", estate.healthy_profile("payments"))
    assert not estate.findings(RULE)


def test_instances_that_are_gone_are_left_out(estate: Estate) -> None:
    estate.instance("payments-2", estate.healthy_profile("payments"), imds="disabled", state="terminated")
    assert not estate.findings(RULE)


def test_it_does_not_matter_whether_the_instance_profile_exists(estate: Estate) -> None:
    estate.instance("payments-2", deleted("payments"), imds="disabled")
    assert estate.only(RULE).related == ()


def test_unknown_for_the_region_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
