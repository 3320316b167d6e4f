from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES
from tests.findings.estate import EU, Estate, ref_of

RULE = "profile-without-role"


@pytest.mark.parametrize("state", ["running", "stopped", "pending", "stopping"])
def test_an_empty_one_in_use_is_an_error(estate: Estate, state: str) -> None:
    crawler = estate.profile("crawler")
    instance = estate.instance("crawl-7", crawler, state=state)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (crawler.ref, "error", "no role")
    assert "1 instance uses it" in found.detail
    assert instance.ref in found.related
    assert found.fixes[0] == "add-role"


def test_an_empty_one_that_nothing_uses_is_a_warning(estate: Estate) -> None:
    estate.profile("crawler")
    found = estate.only(RULE)
    assert found.severity == "warning"
    assert found.fixes == ("add-role", "delete-instance-profile")


@pytest.mark.parametrize("state", ["shutting-down", "terminated"])
def test_instances_that_are_gone_do_not_use_it(estate: Estate, state: str) -> None:
    estate.instance("crawl-7", estate.profile("crawler"), state=state)
    assert estate.only(RULE).severity == "warning"


def test_a_template_that_names_it_makes_it_an_error(estate: Estate) -> None:
    estate.profile("crawler")
    template = estate.template("crawler-asg", "crawler")
    group = estate.group("crawlers", template)
    found = estate.only(RULE)
    assert found.severity == "error"
    assert "New instances from crawler-asg (scaling group crawlers) will not start." in found.detail
    assert {template.ref, group.ref} <= set(found.related)


def test_a_spot_fleet_that_names_it_makes_it_an_error(estate: Estate) -> None:
    estate.profile("crawler")
    fleet = estate.fleet("crawlers", None, "crawler", kind="spot-fleet")
    found = estate.only(RULE)
    assert (found.severity, found.related) == ("error", (fleet.ref,))
    assert f"Fleet {fleet.ref.name} cannot launch with it." in found.detail


def test_a_template_version_that_nothing_launches_from_does_not_count(estate: Estate) -> None:
    estate.profile("crawler")
    estate.template("crawler-asg", "crawler", number=1, default=False, latest=False)
    assert estate.only(RULE).severity == "warning"


def test_a_pinned_version_counts(estate: Estate) -> None:
    estate.profile("crawler")
    estate.group("crawlers", estate.template("crawler-asg", "crawler", default=False, latest=False), "1")
    assert estate.only(RULE).severity == "error"


def test_a_launch_configuration_counts_by_name_and_by_arn(estate: Estate) -> None:
    crawler, fetcher = estate.profile("crawler"), estate.profile("fetcher")
    estate.configuration("by-name", crawler.instance_profile_name)
    estate.configuration("by-arn", fetcher.arn)
    assert [found.severity for found in estate.present(RULE)] == ["error", "error"]


def test_one_with_a_role_is_fine(estate: Estate) -> None:
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


def test_it_is_certain_even_where_instances_could_not_be_read(estate: Estate) -> None:
    estate.profile("crawler")
    estate.state(INSTANCES, "denied", EU)
    found = estate.only(RULE)
    assert (found.verdict, found.severity) == ("present", "warning")
    assert "Not everything that could use it has been read." in found.detail


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied", cause="no identity-based policy allows it")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind) == ("unknown", "account")
    assert "no identity-based policy allows it" in found.detail


def test_an_association_alone_is_no_instance(estate: Estate) -> None:
    crawler = estate.profile("crawler")
    instance = estate.instance("crawl-7")
    estate.association(instance, ref_of(crawler), "disassociating")
    assert estate.only(RULE).severity == "warning"
