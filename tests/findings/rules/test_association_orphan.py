from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES
from tests.findings.estate import EU, US, Estate

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Association, CoverageState

RULE = "association-orphan"


def unlisted(estate: Estate, age: float = 3600) -> Association:
    """An association of an instance that another estate has."""
    web = estate.healthy_profile("web")
    return estate.association(Estate().instance("somewhere"), web, age=age)


def test_its_instance_is_in_no_list(estate: Estate) -> None:
    association = unlisted(estate)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (association.ref, "info")
    assert found.cause == f"instance {association.instance_id} is not listed"
    assert [ref.name for ref in found.related] == ["web"]


def test_it_may_have_been_launched_between_the_lists(estate: Estate) -> None:
    unlisted(estate, age=60)
    assert not estate.findings(RULE)


def test_one_with_its_instance_is_fine(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web)
    assert not estate.findings(RULE)


@pytest.mark.parametrize("state", ["denied", "failed"])
def test_unknown_where_instances_could_not_be_listed(estate: Estate, state: CoverageState) -> None:
    unlisted(estate)
    estate.state(INSTANCES, state, EU)
    found = estate.only(RULE)
    assert (found.verdict, found.object.id) == ("unknown", EU)


def test_quiet_while_instances_arrive(estate: Estate) -> None:
    unlisted(estate)
    estate.state(INSTANCES, "loading", EU)
    assert not estate.findings(RULE)


def test_unknown_where_associations_could_not_be_listed(estate: Estate) -> None:
    estate.state(ASSOCIATIONS, "denied", US)
    assert estate.only(RULE).object.id == US
