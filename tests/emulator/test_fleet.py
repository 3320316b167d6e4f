"""Fleet files: what they make, and the sentence for what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.clock import Clock
from instance_profiles.emulator.fleet import FleetError, build_world, load_fleet
from tests.emulator.conftest import FLEET

if TYPE_CHECKING:
    from pathlib import Path


def test_a_fleet_file_of_ones_own(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text(FLEET, encoding="utf-8")
    world = load_fleet(str(path))
    assert set(world.account.instance_profiles) == {"web", "spare"}
    assert world.regions == ["us-east-1", "eu-west-1"]


def test_instances_are_numbered_and_linked_by_id():
    world = build_world(FLEET)
    region = world.account.region("us-east-1")
    assert [i.tags["Name"] for i in region.instances.values()] == ["web-1", "web-2", "bare", "web", "web"]
    web = world.account.instance_profiles["web"]
    assert {association.profile.id for association in region.associations.values()} == {web.id}
    assert region.scaling_groups["web"].instance_ids == list(region.instances)[3:]


def test_ages_count_back_from_the_start():
    clock = Clock(frozen_at=1_800_000_000)
    world = build_world(FLEET, clock)
    assert world.account.roles["web"].created == 1_800_000_000 - 400 * 86400


def test_a_deleted_profile_is_named_by_an_id_of_its_own():
    world = build_world(
        FLEET
        + """
[[instances]]
region = "eu-west-1"
name = "stale"
instance_profile = "web"
deleted_profile = true

[[instances]]
region = "eu-west-1"
name = "gone"
instance_profile = "never-there"
deleted_profile = true
"""
    )
    web = world.account.instance_profiles["web"]
    stale, gone = world.account.region("eu-west-1").instances.values()
    assert stale.shown_profile
    assert gone.shown_profile
    assert stale.shown_profile.arn == web.arn
    assert stale.shown_profile.id != web.id
    assert gone.shown_profile.arn.endswith("instance-profile/never-there")


def test_a_fleet_may_extend_another():
    partial = load_fleet("demo-partial")
    assert partial.account.alias == "acme-prod"
    assert len(partial.account.instance_profiles) == len(load_fleet("demo").account.instance_profiles)
    action = "autoscaling:DescribeLaunchConfigurations"
    assert partial.faults.denial(action, "eu-central-1")
    assert not partial.faults.denial(action, "us-east-1")


def test_timing_can_be_changed():
    assert build_world(FLEET + "[timing]\npropagation = 90").timing.propagation == 90


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("regions = [", "the fleet: "),
        ("regions = ['us-east-1']", "[account]"),
        (FLEET + "[[role]]\nname = 'x'", "role"),
        (FLEET + "[[roles]]\nname = 'web'", "'web'"),
        (FLEET + "[[roles]]\nname = 'x'\npolicies = ['NoSuchPolicy']", "'NoSuchPolicy'"),
        (FLEET + "[[instance_profiles]]\nname = 'x'\nrole = 'absent'", "'absent'"),
        (FLEET + "[[instances]]\nregion = 'us-east-1'\nname = 'x'\ninstance_profile = 'absent'", "'absent'"),
        (FLEET + "[[instances]]\nregion = 'us-east-1'\nname = 'x'\nstate = 'asleep'", "'asleep'"),
        (FLEET + "[[instances]]\nregion = 'mars-1'\nname = 'x'", "'mars-1'"),
        (FLEET + "[[launch_templates]]\nregion = 'mars-1'\nname = 'x'", "'mars-1'"),
        (FLEET + "[[scaling_groups]]\nregion = 'us-east-1'\nname = 'x'\nlaunch_template = 'no'", "'no'"),
        (FLEET + "[timing]\nnap = 1", "'nap'"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str):
    with pytest.raises(FleetError) as caught:
        build_world(text)
    assert named in str(caught.value)


def test_a_fleet_that_is_not_there():
    with pytest.raises(FleetError, match="give a TOML file or one of demo"):
        load_fleet("no-such-fleet")
