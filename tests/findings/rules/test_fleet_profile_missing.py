from __future__ import annotations

from typing import Literal

import pytest

from instance_profiles.inventory.sources import EC2_FLEETS, INSTANCE_PROFILES, SPOT_FLEETS
from tests.findings.estate import EU, Estate

Kind = Literal["spot-fleet", "ec2-fleet"]
BOTH: list[Kind] = ["spot-fleet", "ec2-fleet"]


@pytest.mark.parametrize("kind", BOTH)
def test_the_version_that_the_fleet_uses_names_one_that_does_not_exist(estate: Estate, kind: Kind) -> None:
    template = estate.template("render", "render", number=3)
    fleet = estate.fleet("nightly", template, kind=kind)
    found = estate.only(f"{kind}-profile-missing")
    assert (found.object, found.severity) == (fleet.ref, "error")
    assert found.cause == "no instance profile render"
    assert "Version 3 of render names render, which does not exist." in found.detail
    assert (found.related, found.fixes) == ((template.ref,), ("create-instance-profile",))


def test_a_launch_specification_of_a_spot_fleet_names_one(estate: Estate) -> None:
    near = estate.healthy_profile("Render")
    estate.fleet("nightly", None, "render", kind="spot-fleet")
    found = estate.only("spot-fleet-profile-missing")
    assert "Its launch specifications name render" in found.detail
    assert near.arn in found.detail


def test_one_of_another_account(estate: Estate) -> None:
    estate.fleet("nightly", None, "arn:aws:iam::999988887777:instance-profile/render", kind="spot-fleet")
    assert "belongs to another account" in estate.only("spot-fleet-profile-missing").detail


@pytest.mark.parametrize("kind", BOTH)
def test_each_kind_has_its_own_rule(estate: Estate, kind: Kind) -> None:
    estate.fleet("nightly", estate.template("render", "render"), kind=kind)
    [other] = {*BOTH} - {kind}
    assert not estate.findings(f"{other}-profile-missing")


@pytest.mark.parametrize("kind", BOTH)
def test_what_exists_and_versions_that_it_does_not_use_are_fine(estate: Estate, kind: Kind) -> None:
    good = estate.healthy_profile("render")
    used = estate.template("render", "render", number=1, latest=False)
    estate.template("render", "gone", number=2, default=False)
    estate.fleet("nightly", used, "render", good.arn, kind=kind)
    estate.fleet("bare", estate.template("bare"), kind=kind)
    assert not estate.findings(f"{kind}-profile-missing")


@pytest.mark.parametrize("kind", BOTH)
def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate, kind: Kind) -> None:
    fleet = estate.fleet("nightly", estate.template("render", "render"), kind=kind)
    estate.state(INSTANCE_PROFILES, "denied")
    found = estate.only(f"{kind}-profile-missing")
    assert (found.verdict, found.object) == ("unknown", fleet.ref)


@pytest.mark.parametrize("kind", BOTH)
def test_unknown_where_fleets_could_not_be_listed(estate: Estate, kind: Kind) -> None:
    estate.state(SPOT_FLEETS if kind == "spot-fleet" else EC2_FLEETS, "denied", EU)
    assert estate.only(f"{kind}-profile-missing").object.id == EU


@pytest.mark.parametrize("kind", BOTH)
def test_quiet_where_the_region_offers_no_fleets(estate: Estate, kind: Kind) -> None:
    estate.state(SPOT_FLEETS if kind == "spot-fleet" else EC2_FLEETS, "disabled", EU)
    assert not estate.findings(f"{kind}-profile-missing")
