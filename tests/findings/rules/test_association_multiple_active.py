from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import ASSOCIATIONS
from tests.findings.estate import EU, Estate

RULE = "association-multiple-active"


def two(estate: Estate, first: str, second: str, age: float, *, state: str = "running") -> None:
    web, admin = estate.healthy_profile("web"), estate.healthy_profile("admin")
    instance = estate.instance("canary", web, state=state)
    estate.association(instance, web, first, age=86400)
    estate.association(instance, admin, second, age=age)


def test_two_at_once(estate: Estate) -> None:
    two(estate, "associated", "associated", age=0)
    found = estate.only(RULE)
    assert (found.object.kind, found.object.name, found.severity) == ("instance", "canary", "error")
    assert found.cause == "2 associations at once"
    assert {ref.kind for ref in found.related} == {"association", "instance-profile"}
    assert "The instance itself shows web." in found.detail
    assert found.fixes == ("detach", "attach")


@pytest.mark.parametrize(
    ("first", "second"),
    [("disassociating", "associating"), ("disassociating", "associated"), ("associated", "associating")],
)
def test_a_pair_in_transition_is_told_only_once_it_stays(first: str, second: str) -> None:
    young, old = Estate(), Estate()
    two(young, first, second, age=59)
    two(old, first, second, age=60)
    assert not young.findings(RULE)
    assert len(old.present(RULE)) == 1


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_instances_that_are_gone_are_left_out(estate: Estate, state: str) -> None:
    two(estate, "associated", "associated", age=86400, state=state)
    assert not estate.findings(RULE)


def test_one_is_fine(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web)
    assert not estate.findings(RULE)


def test_quiet_while_associations_are_read_again(estate: Estate) -> None:
    two(estate, "associated", "associated", age=86400)
    estate.state(ASSOCIATIONS, "loading", EU)
    assert not estate.findings(RULE)


def test_unknown_where_associations_could_not_be_listed(estate: Estate) -> None:
    two(estate, "associated", "associated", age=86400)
    estate.state(ASSOCIATIONS, "failed", EU)
    assert [found.object.id for found in estate.findings(RULE)] == [EU]
