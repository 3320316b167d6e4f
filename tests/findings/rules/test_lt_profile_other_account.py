from __future__ import annotations

from instance_profiles.inventory.sources import LAUNCH_TEMPLATE_VERSIONS
from tests.findings.estate import ACCOUNT, EU, Estate

RULE = "lt-profile-other-account"
FOREIGN = "arn:aws:iam::999988887777:instance-profile/reporting"


def test_the_arn_is_of_another_account(estate: Estate) -> None:
    template = estate.template("reporting", arn=FOREIGN, number=3)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (template.ref, "error")
    assert found.cause == "names an instance profile of account 999988887777"
    assert f"Version 3 names {FOREIGN}" in found.detail
    assert found.fixes == ("repair-launch-template",)


def test_what_launches_from_it_is_named(estate: Estate) -> None:
    template = estate.template("reporting", arn=FOREIGN)
    group, fleet = estate.group("reporters", template), estate.fleet("spot", template)
    assert set(estate.only(RULE).related) == {group.ref, fleet.ref}


def test_it_is_told_whether_or_not_the_list_was_read_and_only_here(estate: Estate) -> None:
    estate.template("reporting", arn=FOREIGN)
    assert not estate.findings("lt-profile-missing")


def test_the_same_account_and_plain_names_are_fine(estate: Estate) -> None:
    estate.template("by-arn", arn=f"arn:aws:iam::{ACCOUNT}:instance-profile/gone")
    estate.template("by-name", "gone")
    assert not estate.findings(RULE)


def test_a_version_that_nothing_launches_from_is_left_out(estate: Estate) -> None:
    estate.template("reporting", arn=FOREIGN, default=False, latest=False)
    assert not estate.findings(RULE)


def test_unknown_where_templates_could_not_be_listed(estate: Estate) -> None:
    estate.state(LAUNCH_TEMPLATE_VERSIONS, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
