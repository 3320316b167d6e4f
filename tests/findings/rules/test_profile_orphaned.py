from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.model import InstanceProfileRef
from instance_profiles.inventory.sources import INSTANCE_PROFILE_TAGS, REGIONS, USE_SOURCES
from tests.findings.estate import ACCOUNT, EU, NOW, US, Estate

if TYPE_CHECKING:
    from instance_profiles.inventory.model import CoverageState

RULE = "profile-orphaned"


def test_one_that_nothing_refers_to(estate: Estate) -> None:
    role = estate.role("jenkins", last_used=NOW - timedelta(days=300))
    jenkins = estate.profile("jenkins", role)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (jenkins.ref, "warning", "nothing uses it")
    assert "last used 300 days ago" in found.detail
    assert found.fixes == ("clean-up-orphans", "delete-instance-profile", "keep-instance-profile")


def test_a_role_used_lately_is_told(estate: Estate) -> None:
    estate.profile("jenkins", estate.role("jenkins", last_used=NOW - timedelta(days=3)))
    assert "used 3 days ago in eu-west-1: something may still depend on it" in estate.only(RULE).detail


def test_an_empty_one_is_told_beside_its_other_fault(estate: Estate) -> None:
    estate.profile("jenkins")
    assert {found.rule for found in estate.findings()} == {"profile-without-role", RULE}


@pytest.mark.parametrize("days", [0, 29])
def test_a_young_one_is_a_note(estate: Estate, days: int) -> None:
    estate.profile("jenkins", estate.role("jenkins"), created=NOW - timedelta(days=days))
    assert estate.only(RULE).severity == "info"


def test_thirty_days_are_not_young(estate: Estate) -> None:
    estate.profile("jenkins", estate.role("jenkins"), created=NOW - timedelta(days=30))
    assert estate.only(RULE).severity == "warning"


@pytest.mark.parametrize(
    "name",
    [
        "eks-0ec1f2a3-1b2c-3d4e-5f60-718293a4b5c6",
        "aws-elasticbeanstalk-ec2-role",
        "EMR_EC2_DefaultRole",
        "ecsInstanceRole",
        "AmazonSSMRoleForInstancesQuickSetup",
    ],
)
def test_one_that_a_service_made_is_a_note(estate: Estate, name: str) -> None:
    estate.healthy_profile(name)
    assert estate.only(RULE).severity == "info"


def test_one_that_a_stack_made_is_a_note(estate: Estate) -> None:
    estate.profile("jenkins", estate.role("jenkins"), tags={"aws:cloudformation:stack-name": "ci"})
    found = estate.only(RULE)
    assert found.severity == "info"
    assert "belongs to CloudFormation (tag aws:cloudformation:stack-name)" in found.detail


def test_the_tag_to_keep_it_is_honoured(estate: Estate) -> None:
    estate.profile("jenkins", estate.role("jenkins"), tags={"iptui:keep": ""})
    estate.tagged(estate.healthy_profile("hudson"), **{"iptui:keep": "for the audit"})
    assert not estate.findings(RULE)


@pytest.mark.parametrize(("state", "told"), [("loading", 0), ("denied", 1), ("disabled", 1)])
def test_nothing_is_said_before_it_is_known_whether_it_is_to_be_kept(
    estate: Estate, state: CoverageState, told: int
) -> None:
    estate.healthy_profile("jenkins")
    estate.state(INSTANCE_PROFILE_TAGS, state)
    assert len(estate.present(RULE)) == told


@pytest.mark.parametrize("state", ["pending", "running", "stopping", "stopped", "shutting-down"])
def test_an_instance_in_any_region_uses_it(estate: Estate, state: str) -> None:
    estate.instance("ci-1", estate.healthy_profile("jenkins"), state=state, region=US)
    assert not estate.findings(RULE)


def test_an_instance_that_holds_the_arn_with_an_old_id_refers_to_it(estate: Estate) -> None:
    jenkins = estate.healthy_profile("jenkins")
    estate.instance("ci-1", InstanceProfileRef(jenkins.arn, "AIPAOLD"))
    assert not estate.findings(RULE)


def test_an_association_of_a_hidden_instance_uses_it(estate: Estate) -> None:
    jenkins = estate.healthy_profile("jenkins")
    other = Estate()
    estate.association(other.instance("hidden"), jenkins)
    assert not estate.findings(RULE)


def test_templates_and_configurations_use_it(estate: Estate) -> None:
    by_name, by_arn, by_configuration = (estate.healthy_profile(name) for name in ("a", "b", "c"))
    estate.template("one", by_name.instance_profile_name)
    estate.template("two", arn=by_arn.arn, region=US)
    estate.configuration("three", by_configuration.arn)
    assert not estate.findings(RULE)


def test_what_a_template_means_but_misses_is_left_alone(estate: Estate) -> None:
    by_case, by_path, by_arn = (estate.healthy_profile(name) for name in ("jenkins", "hudson", "drone"))
    estate.template("one", "Jenkins")
    estate.template("two", f"ci/{by_path.instance_profile_name}")
    estate.template("three", arn=by_arn.arn.replace("/drone", "/ci/drone"))
    assert by_case.instance_profile_name != "Jenkins"
    assert not estate.findings(RULE)


def test_the_same_name_in_another_account_is_no_reference(estate: Estate) -> None:
    jenkins = estate.healthy_profile("jenkins")
    estate.template("one", arn=jenkins.arn.replace(ACCOUNT, "210987654321"))
    assert estate.only(RULE).object == jenkins.ref


@pytest.mark.parametrize("source", USE_SOURCES)
@pytest.mark.parametrize("state", ["denied", "failed"])
def test_unknown_where_a_listing_broke_in_one_region(estate: Estate, source: str, state: str) -> None:
    jenkins = estate.healthy_profile("jenkins")
    estate.state(source, state, US, "timed out")
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", jenkins.ref)
    assert US in found.cause
    assert "timed out" in found.detail


@pytest.mark.parametrize("source", USE_SOURCES)
def test_nothing_is_said_while_a_listing_runs(estate: Estate, source: str) -> None:
    estate.healthy_profile("jenkins")
    estate.state(source, "loading", US)
    assert not estate.findings(RULE)


def test_unknown_where_the_run_was_narrowed() -> None:
    estate = Estate(EU, US, asked=(EU,))
    estate.healthy_profile("jenkins")
    found = estate.only(RULE)
    assert (found.verdict, found.cause) == ("unknown", "1 of 2 enabled regions not read")
    assert US in found.detail


def test_unknown_where_regions_could_not_be_listed(estate: Estate) -> None:
    estate.healthy_profile("jenkins")
    estate.enabled = None
    estate.state(REGIONS, "denied")
    assert estate.only(RULE).cause == "enabled regions could not be listed"


def test_a_region_that_is_not_enabled_uses_nothing() -> None:
    estate = Estate(EU, asked=(EU, "ap-east-1"))
    estate.enabled = (EU,)
    estate.healthy_profile("jenkins")
    for source in USE_SOURCES:
        estate.state(source, "disabled", "ap-east-1")
    assert estate.only(RULE).verdict == "present"


def test_an_enabled_region_that_answers_as_if_it_were_not_is_unknown(estate: Estate) -> None:
    estate.healthy_profile("jenkins")
    for source in USE_SOURCES:
        estate.state(source, "disabled", US)
    assert estate.only(RULE).verdict == "unknown"


def test_one_in_use_stays_quiet_where_not_all_was_read(estate: Estate) -> None:
    estate.instance("ci-1", estate.healthy_profile("jenkins"))
    estate.state(USE_SOURCES[0], "denied", US)
    assert not [found for found in estate.findings(RULE) if found.object.account == ACCOUNT]
