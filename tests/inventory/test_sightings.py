"""What is normal in passing: which objects are in such a state, since when, and what a start remembers."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import (
    Batch,
    Coverage,
    CoverageState,
    Instance,
    MetadataOptions,
    Object,
    ScalingActivity,
)
from instance_profiles.inventory.passing import (
    look,
    metadata_pending,
    not_visible_since,
    projection_mismatch,
    waiting_instances,
)
from instance_profiles.inventory.sightings import Passing
from instance_profiles.inventory.sightings_file import SightingsFile
from tests.inventory.things import (
    ACCOUNT,
    REGION,
    THEN,
    association,
    group,
    instance,
    instance_profile,
    points_to,
)

if TYPE_CHECKING:
    from pathlib import Path

    from instance_profiles.inventory.model import Association

WEB, DB = instance_profile("web", 1), instance_profile("db", 2)
SECOND = timedelta(seconds=1)
PASSING = Passing(ACCOUNT, REGION, "iip-assoc-1", "associating")
HERE = [(ACCOUNT, REGION)]


def take(inventory: Inventory, source: str, *objects: Object, end: CoverageState = "complete") -> None:
    region = None if source.startswith("iam:") else REGION
    inventory.apply(Batch(Coverage(ACCOUNT, region, source, "loading"), ()))
    inventory.apply(Batch(Coverage(ACCOUNT, region, source, "loading"), objects))
    inventory.apply(Batch(Coverage(ACCOUNT, region, source, end), ()))


def inventory_of(*instances: Instance, associations: tuple[Association, ...] = ()) -> Inventory:
    inventory = Inventory(lambda: THEN)
    take(inventory, sources.INSTANCE_PROFILES, WEB, DB)
    take(inventory, sources.INSTANCES, *instances)
    take(inventory, sources.ASSOCIATIONS, *associations)
    look(inventory, THEN)
    return inventory


def setting_metadata(state: str = "running", tokens: str = "required") -> Instance:
    return instance(state=state, metadata_options=MetadataOptions("pending", "enabled", tokens, 2))


def since(inventory: Inventory, passing: Passing | None) -> object:
    return inventory.sightings.since(passing) if passing else None


# -- states ------------------------------------------------------------------------------------------------


def test_pending_metadata_of_a_running_instance_is_dated_until_it_is_applied() -> None:
    changing = setting_metadata()
    inventory = inventory_of(changing)
    take(inventory, sources.INSTANCES, changing)
    look(inventory, THEN + 90 * SECOND)
    assert since(inventory, metadata_pending(changing)) == THEN
    assert waiting_instances(inventory) == [changing.ref]
    take(inventory, sources.INSTANCES, instance())
    look(inventory, THEN + 100 * SECOND)
    take(inventory, sources.INSTANCES, changing)
    look(inventory, THEN + 200 * SECOND)
    assert since(inventory, metadata_pending(changing)) == THEN + 200 * SECOND


def test_pending_metadata_says_nothing_where_the_instance_does_not_run() -> None:
    assert metadata_pending(setting_metadata("stopping")) is None
    assert not inventory_of(setting_metadata("stopping")).sightings.known()


def test_other_options_that_are_being_set_are_another_stay() -> None:
    inventory = inventory_of(setting_metadata())
    again = setting_metadata(tokens="optional")
    take(inventory, sources.INSTANCES, again)
    look(inventory, THEN + 90 * SECOND)
    assert since(inventory, metadata_pending(again)) == THEN + 90 * SECOND


@pytest.mark.parametrize("shown", [points_to(DB), None])
def test_an_instance_that_shows_another_instance_profile_than_it_has(shown: object) -> None:
    server = instance(iam_instance_profile=shown)
    inventory = inventory_of(server, associations=(association(server, points_to(WEB)),))
    assert since(inventory, projection_mismatch(server, inventory)) == THEN
    replaced = association(server, points_to(WEB), number=2)
    take(inventory, sources.ASSOCIATIONS, replaced)
    look(inventory, THEN + 90 * SECOND)
    assert since(inventory, projection_mismatch(server, inventory)) == THEN + 90 * SECOND


def test_no_mismatch_while_it_is_replaced_or_where_both_agree() -> None:
    server, other = instance(1, points_to(WEB)), instance(2, points_to(WEB))
    inventory = inventory_of(
        server,
        other,
        associations=(
            association(server, points_to(WEB), 1, state="disassociating"),
            association(server, points_to(DB), 2, state="associating"),
            association(other, points_to(WEB), 3),
        ),
    )
    assert {passing.state for passing in inventory.sightings.known()} == {"associating", "disassociating"}
    assert not waiting_instances(inventory)


@pytest.mark.parametrize(
    ("message", "status", "minutes", "seen"),
    [
        ("Value (web) for parameter iamInstanceProfile.name is invalid. Invalid", "Failed", 1, THEN),
        (f"Value ({WEB.arn}) for parameter iamInstanceProfile.arn is invalid.", "Failed", 1, THEN),
        ("Value (web) for parameter iamInstanceProfile.name is invalid.", "Failed", -1, None),
        ("Value (Web) for parameter iamInstanceProfile.name is invalid.", "Failed", 1, None),
        ("Value (gone) for parameter iamInstanceProfile.name is invalid.", "Failed", 1, None),
        ("", "Successful", 1, None),
    ],
)
def test_an_instance_profile_that_ec2_does_not_know_yet(
    message: str, status: str, minutes: int, seen: object
) -> None:
    inventory = inventory_of()
    inventory.put(group("web"))
    started = THEN + timedelta(minutes=minutes)
    refusal = ScalingActivity(ACCOUNT, REGION, "a-1", "web", status, started, "", message)
    take(inventory, sources.SCALING_ACTIVITIES, refusal)
    look(inventory, THEN)
    assert not_visible_since(WEB, inventory) == seen


def test_what_was_not_completely_read_neither_begins_nor_ends_anything() -> None:
    inventory = inventory_of(setting_metadata())
    take(inventory, sources.INSTANCES, instance(), end="failed")
    look(inventory, THEN + 90 * SECOND)
    assert list(inventory.sightings.known().values()) == [THEN]
    fresh = Inventory()
    take(fresh, sources.INSTANCES, setting_metadata(), end="denied")
    take(fresh, sources.ASSOCIATIONS)
    look(fresh, THEN)
    assert not fresh.sightings.known()


# -- from one start to the next -----------------------------------------------------------------------------


def test_an_association_that_was_seen_by_an_earlier_run_keeps_its_age() -> None:
    server = instance(1, points_to(WEB))
    moving = association(server, points_to(WEB), state="associating")
    inventory = Inventory(lambda: THEN)
    earlier = Passing(ACCOUNT, REGION, moving.association_id, "associating")
    inventory.sightings.recall({earlier: THEN - 300 * SECOND}, THEN)
    take(inventory, sources.ASSOCIATIONS, moving)
    key = (ACCOUNT, REGION, moving.association_id)
    known = inventory.associations.get(key)
    assert known is not None
    assert known.first_seen == THEN - 300 * SECOND
    take(inventory, sources.ASSOCIATIONS, msgspec.structs.replace(moving, state="associated"))
    known = inventory.associations.get(key)
    assert known is not None
    assert known.first_seen == THEN


def test_a_time_to_come_is_not_believed() -> None:
    inventory = Inventory(lambda: THEN)
    inventory.sightings.recall({PASSING: THEN + SECOND}, THEN)
    assert not inventory.sightings.known()


def test_the_file_is_for_its_owner_alone_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "first-seen.json"
    SightingsFile(path).write({PASSING: THEN}, HERE, THEN)
    assert SightingsFile(path).read() == {PASSING: THEN}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert json.loads(path.read_text())["schema"] == "iptui.first-seen/1"


def test_a_run_replaces_what_it_looked_at_and_leaves_the_rest(tmp_path: Path) -> None:
    file = SightingsFile(tmp_path / "first-seen.json")
    elsewhere = msgspec.structs.replace(PASSING, region="us-east-1")
    file.write({PASSING: THEN, elsewhere: THEN}, [*HERE, elsewhere.place], THEN)
    file.write({}, HERE, THEN + SECOND)
    assert file.read() == {elsewhere: THEN}
    file.write({}, HERE, THEN + timedelta(days=31))
    assert file.read() == {}


def test_test_servers_are_kept_apart_without_their_addresses(tmp_path: Path) -> None:
    path = tmp_path / "first-seen.json"
    address = "http://user:secret@127.0.0.1:5000"
    SightingsFile(path, {address}).write({PASSING: THEN}, HERE, THEN)
    SightingsFile(path).write({PASSING: THEN + SECOND}, HERE, THEN + SECOND)
    assert SightingsFile(path, {address}).read() == {PASSING: THEN}
    assert SightingsFile(path).read() == {PASSING: THEN + SECOND}
    assert "secret" not in path.read_text()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"schema": "iptui.first-seen/2", "entries": []}',
        b'{"schema": "iptui.first-seen/1", "entries": [{"aws": "aws"}]}',
        (
            b'{"schema": "iptui.first-seen/1", "entries": [{"aws": "aws", "account": "1", "region": "r", '
            b'"id": "i", "state": "associating", "of": "", "since": "2026-01-02T03:04:05"}]}'
        ),
    ],
)
def test_a_damaged_file_is_refused_and_written_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "first-seen.json"
    path.write_bytes(content)
    file = SightingsFile(path)
    assert file.read() == {}
    assert "will be written anew" in caplog.text
    file.write({PASSING: THEN}, HERE, THEN)
    assert file.read() == {PASSING: THEN}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    blocked = tmp_path / "first-seen.json"
    blocked.mkdir()
    with pytest.raises(IsADirectoryError):
        SightingsFile(blocked).write({PASSING: THEN}, HERE, THEN)
    assert [file.name for file in tmp_path.iterdir()] == [blocked.name]
