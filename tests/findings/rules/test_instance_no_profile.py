from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.model import Operator
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES, MANAGED_NODES
from tests.findings.estate import EU, Estate

if TYPE_CHECKING:
    from instance_profiles.inventory.model import CoverageState

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


def test_a_warning_where_its_scaling_group_launches_with_one(estate: Estate) -> None:
    estate.healthy_profile("web")
    instance = estate.instance("web-1")
    group = estate.group("web", estate.template("web", "web"), members=[instance])
    found = estate.only(RULE)
    assert (found.severity, found.related) == ("warning", (group.ref,))
    assert "Scaling group web launches with web." in found.detail


def test_a_note_where_its_scaling_group_launches_without(estate: Estate) -> None:
    instance = estate.instance("web-1")
    estate.group("web", estate.template("web"), members=[instance])
    found = estate.only(RULE)
    assert (found.severity, found.related) == ("info", ())


def test_a_warning_where_it_is_to_be_patched_and_nobody_can(estate: Estate) -> None:
    estate.instance("bastion", tags={"Patch Group": "linux"})
    found = estate.only(RULE)
    assert found.severity == "warning"
    assert "Its tag Patch Group" in found.detail


def test_a_note_where_default_host_management_patches_it(estate: Estate) -> None:
    estate.node(estate.instance("bastion", tags={"Patch Group": "linux"}))
    assert estate.only(RULE).severity == "info"


@pytest.mark.parametrize("state", ["loading", "denied", "disabled"])
def test_a_note_where_it_is_not_known_whether_it_is_patched(estate: Estate, state: CoverageState) -> None:
    estate.instance("bastion", tags={"PatchGroup": "linux"})
    estate.state(MANAGED_NODES, state, EU)
    assert estate.only(RULE).severity == "info"
