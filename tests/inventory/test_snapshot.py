"""The inventory on disk: what is kept, for whom, and what is refused."""

from __future__ import annotations

import stat
import zlib
from typing import TYPE_CHECKING

import msgspec
import pytest

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from instance_profiles.inventory import sources
from instance_profiles.inventory.columns import packed, unpacked
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import Batch, Coverage, InlinePolicy, Instance
from instance_profiles.inventory.snapshot import Snapshots, places_of

if TYPE_CHECKING:
    from pathlib import Path

OWNER = ("123456789012", "AROA:me", "iam", "ec2")


def read_inventory() -> Inventory:
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(instances=200, profiles=20).events():
        inventory.take(event)
    return inventory


@pytest.fixture
def whole() -> Inventory:
    return read_inventory()


def kept(whole: Inventory, folder: Path) -> Snapshots:
    snapshots = Snapshots(folder, OWNER)
    snapshots.write(places_of(whole, ACCOUNT, NOW))
    return snapshots


def recalled(snapshots: Snapshots) -> Inventory:
    inventory = Inventory(lambda: NOW)
    for place in snapshots.read(ACCOUNT):
        for batch in place.batches():
            inventory.take(batch)
    return inventory


def test_what_was_read_comes_back_with_its_joins(whole: Inventory, tmp_path: Path) -> None:
    again = recalled(kept(whole, tmp_path))
    assert again.counts() == whole.counts()
    assert set(again.associations) == set(whole.associations)
    groups = {one.ref for one in whole.auto_scaling_groups}
    assert {one.ref for one in again.auto_scaling_groups} == groups
    profile = next(iter(whole.instance_profiles))
    names = sorted(instance.name for instance in again.instances_of(profile))
    assert names == sorted(instance.name for instance in whole.instances_of(profile))
    assert {place.read_at for place in kept(whole, tmp_path).read(ACCOUNT)} == {NOW}


def test_neither_policies_nor_tags_that_may_be_secret_are_written(whole: Inventory, tmp_path: Path) -> None:
    role = next(iter(whole.roles))
    instance = next(iter(whole.instances))
    whole.put(msgspec.structs.replace(role, inline_policies=(InlinePolicy("own", '{"token": "hush-1"}'),)))
    whole.put(msgspec.structs.replace(instance, tags={**instance.tags, "password": "hush-2"}))
    again = recalled(kept(whole, tmp_path))
    contents = [content for place in Snapshots(tmp_path, OWNER).read(ACCOUNT) for _, content in place.pieces]
    assert b'"Service":"ec2.amazonaws.com"' in b"".join(map(zlib.decompress, contents)).replace(b" ", b"")
    assert b"hush" not in b"".join(map(zlib.decompress, contents))
    assert b"hush" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    found = again.instances.get((instance.account, instance.region, instance.instance_id))
    assert found is not None
    assert found.tags == {"Name": instance.tags["Name"]}


def test_the_files_are_for_their_owner_alone(whole: Inventory, tmp_path: Path) -> None:
    kept(whole, tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("place", range(4))
def test_another_account_caller_or_address_sees_nothing(whole: Inventory, tmp_path: Path, place: int) -> None:
    kept(whole, tmp_path)
    other = (*OWNER[:place], "another", *OWNER[place + 1 :])
    assert list(Snapshots(tmp_path, other).read(ACCOUNT)) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-10],
        lambda content: content[:200] + b"x" + content[201:],
        lambda content: content.replace(b"inventory 2", b"inventory 1"),
        lambda _content: b"",
    ],
)
def test_a_damaged_file_is_refused_alone_and_written_anew(
    whole: Inventory, tmp_path: Path, damage: object
) -> None:
    snapshots = kept(whole, tmp_path)
    before = len(list(snapshots.read(ACCOUNT)))
    path = min(tmp_path.iterdir())
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    assert len(list(snapshots.read(ACCOUNT))) == before - 1
    assert len(list(kept(whole, tmp_path).read(ACCOUNT))) == before


def test_a_piece_of_another_version_ends_its_place_and_nothing_of_it_counts_as_read(
    whole: Inventory, tmp_path: Path
) -> None:
    place = next(place for place in kept(whole, tmp_path).read(ACCOUNT) if place.region is not None)
    (first, content), (second, _), *_ = place.pieces
    assert (first.source, second.source) == (sources.INSTANCES, sources.ASSOCIATIONS)
    mixed = msgspec.structs.replace(place, pieces=((first, content), (second, content)))
    events = list(mixed.batches())
    assert [(event.coverage.source, event.coverage.state) for event in events] == [(first.source, "loading")]
    unknown = msgspec.structs.replace(first, kind="Thing")
    assert list(msgspec.structs.replace(place, pieces=((unknown, content),)).batches()) == []


def test_a_place_comes_in_small_pieces_that_are_decoded_when_asked_for(tmp_path: Path) -> None:
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(instances=2_500, profiles=250, regions=("us-east-1",)).events():
        inventory.take(event)
    account, region = kept(inventory, tmp_path).read(ACCOUNT)
    assert (account.region, region.region) == (None, "us-east-1")
    assert next(account.batches()).coverage.source == sources.INSTANCE_PROFILES
    batches = list(region.batches())
    sizes = [len(batch.objects) for batch in batches if batch.coverage.source == sources.INSTANCES]
    assert sizes == [1_000, 1_000, 500, 0]
    damaged = msgspec.structs.replace(region, pieces=(region.pieces[0], (region.pieces[1][0], b"")))
    assert len(next(damaged.batches()).objects) == 1_000


def test_what_was_not_read_to_its_end_is_not_kept(whole: Inventory, tmp_path: Path) -> None:
    region = next(iter(whole.instances)).region
    whole.take(Batch(Coverage(ACCOUNT, region, sources.INSTANCES, "denied", "Refused.")))
    again = recalled(kept(whole, tmp_path))
    assert not again.instances.at(ACCOUNT, region)
    assert len(again.associations.at(ACCOUNT, region)) == len(whole.associations.at(ACCOUNT, region))


def test_what_was_recalled_and_is_not_read_again_is_forgotten(whole: Inventory, tmp_path: Path) -> None:
    again = recalled(kept(whole, tmp_path))
    gone = next(iter(again.instances)).region
    again.take(Batch(Coverage(ACCOUNT, gone, sources.INSTANCES, "failed", "No answer.")))
    again.forget_unread(ACCOUNT, [gone])
    assert not again.instances.at(ACCOUNT, gone)
    assert len(again.associations.at(ACCOUNT, gone)) == len(whole.associations.at(ACCOUNT, gone))


def test_roles_that_the_plain_listing_brought_stay_where_their_details_are_denied(
    whole: Inventory, tmp_path: Path
) -> None:
    again = recalled(kept(whole, tmp_path))
    again.take(Batch(Coverage(ACCOUNT, None, sources.AUTHORIZATION_DETAILS, "denied", "Refused.")))
    again.take(Batch(Coverage(ACCOUNT, None, sources.ROLES, "complete"), tuple(whole.roles)))
    again.forget_unread(ACCOUNT, [None])
    assert len(again.roles) == len(whole.roles)


def test_a_piece_whose_places_have_no_values_is_refused(whole: Inventory) -> None:
    piece = zlib.decompress(packed(tuple(whole.instances)[:100]))
    table = msgspec.msgpack.decode(piece)
    name = next(name for name, column in table["columns"].items() if column["places"])
    table["columns"][name]["places"] = b"\xff" * 100
    with pytest.raises(ValueError, match="has no value"):
        unpacked(zlib.compress(msgspec.msgpack.encode(table)), Instance)


def test_whoever_writes_rests_after_each_piece(tmp_path: Path) -> None:
    rests: list[None] = []
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(instances=2_500, profiles=20).events():
        inventory.take(event)
    snapshots = Snapshots(tmp_path, OWNER)
    snapshots.write(places_of(inventory, ACCOUNT, NOW), lambda: rests.append(None))
    pieces = [piece for place in snapshots.read(ACCOUNT) for piece in place.pieces]
    assert len(rests) == len(pieces) > 3
