from __future__ import annotations

from datetime import timedelta

from instance_profiles.inventory.sources import ASSOCIATIONS
from tests.findings.estate import EU, NOW, Estate

RULE = "association-projection-mismatch"


def after(estate: Estate, seconds: float) -> Estate:
    """It was first seen so long ago."""
    estate.seen_at = NOW - timedelta(seconds=seconds)
    return estate


def test_the_instance_shows_another_one_for_more_than_a_minute(estate: Estate) -> None:
    web, old = estate.healthy_profile("web"), estate.healthy_profile("web-old")
    instance = estate.instance("web-1", old)
    association = estate.association(instance, web)
    found = after(estate, 75).only(RULE)
    assert (found.object, found.severity) == (association.ref, "warning")
    assert found.cause == "instance shows web-old"
    assert web.arn in found.detail
    assert old.arn in found.detail
    assert "75 s ago" in found.detail
    assert set(found.related) == {instance.ref, web.ref, old.ref}
    assert found.fixes == ("reattach",)


def test_the_instance_shows_none(estate: Estate) -> None:
    estate.association(estate.instance("web-1"), estate.healthy_profile("web"))
    assert after(estate, 75).only(RULE).cause == "instance shows no instance profile"


def test_a_minute_is_granted(estate: Estate) -> None:
    estate.association(estate.instance("web-1"), estate.healthy_profile("web"))
    assert not after(estate, 60).findings(RULE)


def test_the_same_one_is_fine(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web)
    assert not after(estate, 600).findings(RULE)


def test_on_its_way_they_differ(estate: Estate) -> None:
    web, old = estate.healthy_profile("web"), estate.healthy_profile("web-old")
    instance = estate.instance("web-1", old)
    estate.association(instance, web, "associating")
    estate.association(instance, old, "disassociating")
    assert not after(estate, 600).findings(RULE)


def test_unknown_where_associations_could_not_be_listed(estate: Estate) -> None:
    estate.state(ASSOCIATIONS, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
