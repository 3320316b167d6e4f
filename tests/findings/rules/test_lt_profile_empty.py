from __future__ import annotations

from instance_profiles.inventory.sources import INSTANCE_PROFILES, LAUNCH_TEMPLATE_VERSIONS
from tests.findings.estate import EU, Estate

RULE = "lt-profile-empty"


def test_it_names_one_without_a_role(estate: Estate) -> None:
    crawler = estate.profile("crawler")
    template = estate.template("crawler-asg", "crawler", number=12)
    group = estate.group("crawlers", template)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (template.ref, "error", "crawler has no role")
    assert set(found.related) == {crawler.ref, group.ref}
    assert "Version 12" in found.detail
    assert found.fixes == ("add-role", "repair-launch-template")


def test_fleets_that_launch_from_it_are_named(estate: Estate) -> None:
    crawler = estate.profile("crawler")
    fleet = estate.fleet("crawlers", estate.template("crawler-asg", "crawler"))
    found = estate.only(RULE)
    assert set(found.related) == {crawler.ref, fleet.ref}
    assert f"EC2 fleet {fleet.ref.name} launches from it and cannot start" in found.detail


def test_an_error_without_a_group_too(estate: Estate) -> None:
    estate.template("crawler-asg", arn=estate.profile("crawler").arn)
    assert estate.only(RULE).severity == "error"


def test_versions_that_nothing_launches_from_are_left_out(estate: Estate) -> None:
    estate.profile("crawler")
    estate.template("crawler-asg", "crawler", default=False, latest=False)
    assert not estate.findings(RULE)


def test_one_with_a_role_or_missing_is_not_empty(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.template("web", "web")
    estate.template("reporting", "reporting")
    assert not estate.findings(RULE)


def test_unknown_where_either_listing_broke(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    estate.state(LAUNCH_TEMPLATE_VERSIONS, "denied", EU)
    assert sorted(found.object.kind for found in estate.unknown(RULE)) == ["account", "region"]
