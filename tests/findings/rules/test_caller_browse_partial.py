from __future__ import annotations

import pytest

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import Batch, Coverage
from instance_profiles.inventory.sources import (
    CALLER_IDENTITY,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
    LOCAL_CONFIG,
    REGIONAL_SOURCES,
)
from tests.findings.estate import EU, NOW, US, Estate

RULE = "caller-browse-partial"


def test_one_denied_listing(estate: Estate) -> None:
    estate.state(LAUNCH_CONFIGURATIONS, "denied", EU, "Ask for autoscaling:DescribeLaunchConfigurations.")
    found = estate.only(RULE)
    assert (found.object.kind, found.object.id, found.severity) == ("region", EU, "warning")
    assert (found.verdict, found.cause) == ("present", "launch configurations denied")
    assert "Ask for autoscaling:DescribeLaunchConfigurations." in found.detail
    assert "profile-orphaned" in found.detail
    assert "instance-imds-disabled" not in found.detail


def test_one_finding_for_each_region_and_one_for_the_account(estate: Estate) -> None:
    for region in (EU, US):
        for source in REGIONAL_SOURCES:
            estate.state(source, "failed", region, "No answer in 30 s.")
    estate.state(INSTANCE_PROFILES, "denied")
    assert [(found.object.kind, found.cause) for found in estate.findings(RULE)] == [
        ("account", "instance profiles denied"),
        ("region", "10 listings not read"),
        ("region", "10 listings not read"),
    ]


def test_the_same_reason_is_given_once(estate: Estate) -> None:
    for source in REGIONAL_SOURCES:
        estate.state(source, "failed", EU, "The token has expired.")
    assert estate.only(RULE).detail.count("The token has expired.") == 1


def test_a_region_that_is_not_enabled_is_a_note(estate: Estate) -> None:
    for source in REGIONAL_SOURCES:
        estate.state(source, "disabled", US)
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("info", "region is not enabled")


@pytest.mark.parametrize("state", ["complete", "loading"])
def test_all_is_well(estate: Estate, state: str) -> None:
    estate.state(INSTANCES, state, EU)
    assert not estate.findings(RULE)


@pytest.mark.parametrize("source", [CALLER_IDENTITY, LOCAL_CONFIG])
def test_what_belongs_to_no_account_is_told_too(source: str) -> None:
    inventory = Inventory()
    inventory.take(Batch(Coverage("", None, source, "failed", "Unreadable.")))
    [found] = [found for found in evaluate(inventory, NOW) if found.rule == RULE]
    assert found.object.name == "this machine"
    assert "Unreadable." in found.detail
