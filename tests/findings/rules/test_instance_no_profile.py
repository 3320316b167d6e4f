from __future__ import annotations

import pytest

from instance_profiles.inventory.model import Operator
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES
from tests.findings.estate import EU, Estate

RULE = "instance-no-profile"


def test_a_running_one_without(estate: Estate) -> None:
    instance = estate.instance("bastion")
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (instance.ref, "info", "no instance profile")
    assert found.fixes == ("attach",)


@pytest.mark.parametrize("state", ["pending", "stopping", "stopped", "shutting-down", "terminated"])
def test_only_running_ones_are_told(estate: Estate, state: str) -> None:
    estate.instance("bastion", state=state)
    assert not estate.findings(RULE)


def test_one_that_a_service_manages_is_left_out(estate: Estate) -> None:
    estate.instance("node", operator=Operator(managed=True, principal="eks.amazonaws.com"))
    assert not estate.findings(RULE)


@pytest.mark.parametrize("state", ["associating", "disassociating", "associated"])
def test_an_association_says_otherwise(estate: Estate, state: str) -> None:
    estate.association(estate.instance("bastion"), estate.healthy_profile("web"), state, age=1)
    assert not estate.findings(RULE)


def test_one_with_an_instance_profile_is_fine(estate: Estate) -> None:
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


def test_unknown_where_associations_could_not_be_read(estate: Estate) -> None:
    instance = estate.instance("bastion")
    estate.state(ASSOCIATIONS, "denied", EU)
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", instance.ref)


def test_quiet_while_associations_are_read(estate: Estate) -> None:
    estate.instance("bastion")
    estate.state(ASSOCIATIONS, "loading", EU)
    assert not estate.findings(RULE)


def test_unknown_for_the_region_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "failed", EU, "No answer in 30 s.")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind, found.object.id) == ("unknown", "region", EU)
    assert "No answer in 30 s" in found.detail
