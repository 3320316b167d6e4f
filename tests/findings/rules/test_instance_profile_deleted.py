from __future__ import annotations

import pytest

from instance_profiles.inventory.model import InstanceProfileRef
from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import Estate, deleted

RULE = "instance-profile-deleted"


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_it_points_to_one_that_is_no_more(estate: Estate, state: str) -> None:
    instance = estate.instance("reporting-1", deleted("reporting"), state=state)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (instance.ref, "error")
    assert found.cause == "instance profile reporting was deleted"
    assert found.fixes == ("reattach", "replace-association", "create-instance-profile")


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_instances_that_are_gone_are_left_out(estate: Estate, state: str) -> None:
    estate.instance("reporting-1", deleted("reporting"), state=state)
    assert not estate.findings(RULE)


def test_one_that_was_made_again_is_the_other_rules_business(estate: Estate) -> None:
    estate.instance("reporting-1", deleted("reporting"))
    estate.healthy_profile("reporting")
    assert {found.rule for found in estate.findings()} == {"instance-profile-stale-id"}


def test_one_that_exists_is_fine(estate: Estate) -> None:
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


@pytest.mark.parametrize("state", ["denied", "failed"])
def test_unknown_where_the_list_is_not_complete(estate: Estate, state: str) -> None:
    instance = estate.instance("reporting-1", deleted("reporting"))
    estate.state(INSTANCE_PROFILES, state)
    found = estate.only(RULE)
    assert (found.verdict, found.object, found.cause) == (
        "unknown",
        instance.ref,
        "instance profiles not read",
    )


def test_quiet_while_the_list_arrives(estate: Estate) -> None:
    estate.instance("reporting-1", deleted("reporting"))
    estate.state(INSTANCE_PROFILES, "loading")
    assert not estate.findings(RULE)


def test_unknown_where_it_belongs_to_an_account_that_is_not_read(estate: Estate) -> None:
    estate.instance("reporting-1", deleted("reporting", account="999988887777"))
    assert estate.only(RULE).cause == "account 999988887777 is not loaded"


def test_the_path_is_part_of_the_arn(estate: Estate) -> None:
    profile = estate.profile("reporting", estate.role("reporting"), path="/data/")
    estate.instance("reporting-1", InstanceProfileRef(profile.arn.replace("/data/", "/"), "AIPAOLD"))
    assert len(estate.present(RULE)) == 1
