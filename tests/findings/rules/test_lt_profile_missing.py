from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES, LAUNCH_TEMPLATE_VERSIONS
from tests.findings.estate import ACCOUNT, EU, Estate

RULE = "lt-profile-missing"


def test_an_error_where_a_scaling_group_launches_from_it(estate: Estate) -> None:
    template = estate.template("reporting", "reporting", number=5)
    group = estate.group("reporters", template, "$Latest")
    found = estate.only(RULE)
    assert (found.object, found.severity) == (template.ref, "error")
    assert found.cause == "no instance profile reporting"
    assert "Version 5 (default, latest)" in found.detail
    assert found.related == (group.ref,)
    assert found.fixes == ("repair-launch-template", "create-instance-profile")


def test_an_error_where_a_fleet_launches_from_it(estate: Estate) -> None:
    template = estate.template("reporting", "reporting")
    fleet = estate.fleet("reporters", template)
    found = estate.only(RULE)
    assert (found.severity, found.related) == ("error", (fleet.ref,))
    assert f"EC2 fleet {fleet.ref.name} launches from it" in found.detail


def test_everybody_who_launches_from_it_is_named(estate: Estate) -> None:
    template = estate.template("reporting", "reporting")
    estate.group("a", template)
    estate.group("b", template)
    fleet = estate.fleet("c", template, kind="spot-fleet")
    told = (
        f"Scaling groups a and b and spot fleet {fleet.ref.name} launch from it and cannot start an instance."
    )
    assert told in estate.only(RULE).detail


def test_a_warning_where_none_does(estate: Estate) -> None:
    estate.template("reporting", arn=f"arn:aws:iam::{ACCOUNT}:instance-profile/reporting")
    assert estate.only(RULE).severity == "warning"


def test_a_warning_where_the_group_launches_from_a_good_version(estate: Estate) -> None:
    estate.healthy_profile("web")
    good = estate.template("reporting", "web", number=1, latest=False)
    estate.template("reporting", "reporting", number=2, default=False)
    estate.group("reporters", good, "$Default")
    found = estate.only(RULE)
    assert found.severity == "warning"
    assert "Version 2 (latest)" in found.detail


def test_a_pinned_version_is_read(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.template("reporting", "web", number=3)
    pinned = estate.template("reporting", "reporting", number=1, default=False, latest=False)
    estate.group("reporters", pinned, "1")
    assert estate.only(RULE).severity == "error"


def test_a_version_that_nothing_launches_from_is_left_out(estate: Estate) -> None:
    estate.template("reporting", "reporting", number=1, default=False, latest=False)
    assert not estate.findings(RULE)


def test_several_versions_are_one_finding(estate: Estate) -> None:
    estate.template("reporting", "reporting", number=1, latest=False)
    estate.template("reporting", "reports", number=2, default=False)
    found = estate.only(RULE)
    assert "Version 1 (default) names reporting" in found.detail
    assert "Version 2 (latest) names reports" in found.detail


def test_names_compare_with_case_and_the_near_one_is_named(estate: Estate) -> None:
    near = estate.healthy_profile("Reporting")
    estate.template("reporting", "reporting")
    found = estate.only(RULE)
    assert near.arn in found.detail
    assert found.related == (near.ref,)


def test_one_at_another_path_is_the_business_of_another_rule(estate: Estate) -> None:
    estate.profile("reporting", estate.role("reporting"), path="/data/")
    estate.template("reporting", arn=f"arn:aws:iam::{ACCOUNT}:instance-profile/reporting")
    assert not estate.findings(RULE)
    assert estate.present("profile-reference-path-in-name")


def test_an_arn_of_another_account_is_not_judged(estate: Estate) -> None:
    estate.template("reporting", arn="arn:aws:iam::999988887777:instance-profile/reporting")
    assert not estate.findings(RULE)


def test_one_that_exists_and_none_at_all_are_fine(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.template("by-name", "web")
    estate.template("by-arn", arn=web.arn)
    estate.template("without")
    assert not estate.findings(RULE)


@pytest.mark.parametrize("state", ["denied", "failed"])
def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate, state: str) -> None:
    template = estate.template("reporting", "reporting")
    estate.state(INSTANCE_PROFILES, state)
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", template.ref)


def test_quiet_while_the_list_arrives(estate: Estate) -> None:
    estate.template("reporting", "reporting")
    estate.state(INSTANCE_PROFILES, "loading")
    assert not estate.findings(RULE)


def test_unknown_for_the_region_where_templates_could_not_be_listed(estate: Estate) -> None:
    estate.state(LAUNCH_TEMPLATE_VERSIONS, "denied", EU)
    assert estate.only(RULE).object.id == EU
