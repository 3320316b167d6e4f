from __future__ import annotations

import pytest

from instance_profiles.fixes.offers import offers
from instance_profiles.inventory.sources import INSTANCE_PROFILES, LAUNCH_CONFIGURATIONS
from tests.findings.estate import ACCOUNT, EU, Estate

RULE = "profile-reference-path-in-name"
ROOT = f"arn:aws:iam::{ACCOUNT}:instance-profile"


@pytest.fixture
def loader(estate: Estate) -> str:
    """The ARN of an instance profile that has a path."""
    return estate.profile("loader", estate.role("loader"), path="/data/").arn


def test_a_path_in_the_name_where_a_group_launches_is_an_error(estate: Estate, loader: str) -> None:
    template = estate.template("loader", "data/loader")
    group = estate.group("loaders", template)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (template.ref, "error")
    assert found.cause == "path is wrong: data/loader"
    assert loader in found.detail
    assert group.ref in found.related
    [offer] = offers(found, estate.inventory())
    assert (offer.recipe, offer.blocked) == ("repair-launch-template", None)


@pytest.mark.parametrize("arn", [f"{ROOT}/loader", f"{ROOT}/app/loader"])
def test_an_arn_without_the_right_path(estate: Estate, loader: str, arn: str) -> None:
    estate.template("loader", arn=arn)
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("warning", f"path is wrong: {arn.removeprefix(ROOT)}")
    assert not estate.findings("lt-profile-missing")


def test_a_fleet_launches_too(estate: Estate, loader: str) -> None:
    fleet = estate.fleet("loaders", estate.template("loader", "/data/loader"))
    found = estate.only(RULE)
    assert found.severity == "error"
    assert fleet.ref in found.related


def test_a_launch_configuration_is_migrated(estate: Estate, loader: str) -> None:
    configuration = estate.configuration("old", "data/loader")
    estate.group("loaders", configuration=configuration)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (configuration.ref, "error")
    assert found.fixes == ("migrate-launch-configuration",)


@pytest.mark.parametrize("name", ["loader", "Data/Loader", "data/other", "Loader"])
def test_other_names(estate: Estate, loader: str, name: str) -> None:
    estate.template("loader", name)
    assert not estate.findings(RULE)


@pytest.mark.parametrize(
    "arn", [f"{ROOT}/data/loader", f"{ROOT}/other", "arn:aws:iam::999988887777:instance-profile/loader"]
)
def test_other_arns(estate: Estate, loader: str, arn: str) -> None:
    estate.template("loader", arn=arn)
    assert not estate.findings(RULE)


@pytest.mark.parametrize(("source", "region"), [(INSTANCE_PROFILES, None), (LAUNCH_CONFIGURATIONS, EU)])
def test_unknown_where_a_listing_was_denied(estate: Estate, source: str, region: str | None) -> None:
    estate.state(source, "denied", region)
    assert estate.only(RULE).verdict == "unknown"
