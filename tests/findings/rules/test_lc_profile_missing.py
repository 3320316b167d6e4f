from __future__ import annotations

from instance_profiles.inventory.sources import INSTANCE_PROFILES, LAUNCH_CONFIGURATIONS
from tests.findings.estate import EU, Estate

RULE = "lc-profile-missing"


def test_an_error_where_a_scaling_group_launches_from_it(estate: Estate) -> None:
    configuration = estate.configuration("legacy-2019", "ingest")
    group = estate.group("legacy", configuration=configuration)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (configuration.ref, "error")
    assert (found.cause, found.related) == ("no instance profile ingest", (group.ref,))
    assert found.fixes == ("migrate-launch-configuration", "create-instance-profile")


def test_a_warning_where_none_does(estate: Estate) -> None:
    estate.configuration("legacy-2019", "arn:aws:iam::123456789012:instance-profile/ingest")
    assert estate.only(RULE).severity == "warning"


def test_names_compare_with_case_and_the_near_one_is_named(estate: Estate) -> None:
    near = estate.healthy_profile("Ingest")
    estate.configuration("legacy-2019", "ingest")
    assert near.arn in estate.only(RULE).detail


def test_one_that_exists_and_none_at_all_are_fine(estate: Estate) -> None:
    profile = estate.healthy_profile("ingest")
    estate.configuration("by-name", "ingest")
    estate.configuration("by-arn", profile.arn)
    estate.configuration("without", "")
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    configuration = estate.configuration("legacy-2019", "ingest")
    estate.state(INSTANCE_PROFILES, "denied")
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", configuration.ref)


def test_quiet_while_the_list_arrives(estate: Estate) -> None:
    estate.configuration("legacy-2019", "ingest")
    estate.state(INSTANCE_PROFILES, "loading")
    assert not estate.findings(RULE)


def test_unknown_where_launch_configurations_could_not_be_listed(estate: Estate) -> None:
    estate.state(LAUNCH_CONFIGURATIONS, "denied", EU)
    assert estate.only(RULE).object.id == EU
