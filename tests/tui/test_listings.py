"""Of a long list those with some names, in the order of the list."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui.listings import Keys, Listing, Listings

NAMES = [f"id-{number:03}" for number in range(60)]


def order_of(name: str) -> str | None:
    """In another order than the names."""
    return f"{name[::-1]}\0{name}" if name in NAMES else None


def all_keys() -> Keys:
    return Listing(order_of, ((str(order_of(name)), name) for name in NAMES)).keys("under")


@given(st.sets(st.sampled_from([*NAMES, "id-gone", "id-new"]), max_size=60))
def test_few_names_and_many_are_kept_alike(names: set[str]) -> None:
    keys = all_keys()
    assert list(keys.kept(names)) == [key for key in keys if key.rpartition("/")[2] in names]
    assert keys.keeps_any(names) == bool(names & set(NAMES))


def test_what_was_renamed_is_kept_where_it_stood() -> None:
    orders = {name: f"{name}\0{name}" for name in NAMES}
    listing = Listing(orders.get, ((order, name) for name, order in orders.items()))
    keys = listing.keys("under")
    for order in (orders[NAMES[2]], "zzz\0id-002"):
        orders[NAMES[2]] = order
        assert list(keys.kept({NAMES[2], NAMES[7]})) == ["under/id-002", "under/id-007"]


def test_the_names_at_some_places() -> None:
    keys = all_keys()
    assert [f"under/{name}" for name in keys.names(range(3, 9))] == list(keys[3:9])


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=40), st.integers(0, 40))
def test_what_comes_and_goes_is_in_step_and_lists_that_were_given_stay(
    changes: list[tuple[str, bool]], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tui.listings._MANY", many)
        listing, there = Listing(order_of), set[str]()
        given, as_given = listing.keys("under"), []
        for number, (name, comes) in enumerate(changes):
            if comes != (name in there):
                (there.add if comes else there.discard)(name)
                order = str(order_of(name))
                listing.add(order, name) if comes else listing.remove(order)
            if number % 7 == 0:
                given = listing.keys("under")
                as_given = list(given)
            assert len(listing) == len(there)
            assert list(given) == as_given
        assert list(listing.names()) == sorted(there, key=lambda name: str(order_of(name)))
        places = [listing.keys("under").find(f"under/{name}") for name in listing.names()]
        assert places == list(range(len(there)))


@pytest.fixture
def inventory() -> Inventory:
    found = Inventory(lambda: NOW)
    for event in LargeInventory(instances=3_000, profiles=20).events():
        found.take(event)
    return found


def test_lists_of_instances_that_were_made_ready_are_those_that_are_asked_for(inventory: Inventory) -> None:
    ready, asked = (Listings(inventory, lambda _profile: 2) for _ in range(2))
    assert len(list(ready.make_ready())) >= len(ready.regions(ACCOUNT)) > 1
    regions = ready.regions(ACCOUNT)
    kept = [ready.instances(ACCOUNT, region) for region in regions]
    assert list(ready.make_ready()) == []
    for region, listing in zip(regions, kept, strict=True):
        assert ready.instances(ACCOUNT, region) is listing
        assert list(listing.keys("")) == list(asked.instances(ACCOUNT, region).keys(""))


def test_lists_of_roles_that_were_made_ready_are_kept_in_step(inventory: Inventory) -> None:
    ready, asked = (Listings(inventory, lambda _profile: 2) for _ in range(2))
    for _ in ready.make_ready():
        pass
    held = ready.held_roles(ACCOUNT, held=True)
    lists = [[*of.held_roles(ACCOUNT, held=held).names()] for of in (ready, asked) for held in (True, False)]
    assert lists[:2] == lists[2:]
    assert lists[0]
    [profile, *_] = inventory.instance_profiles
    assert profile.role is not None
    inventory.put(msgspec.structs.replace(profile, role=None))
    assert ready.held_roles(ACCOUNT, held=True) is held
    assert profile.role.role_id not in held.names()
    assert profile.role.role_id in ready.held_roles(ACCOUNT, held=False).names()


def test_an_instance_that_comes_while_its_list_is_made_ready_is_in_it(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.listings._STEP", 50)
    listings = Listings(inventory, lambda _profile: 2)
    [region, *_] = [str(place[1]) for place in inventory.instances.places()]
    template = next(iter(inventory.instances.at(ACCOUNT, region)))
    making = listings.make_ready()
    next(making)
    for number in range(2):
        inventory.put(msgspec.structs.replace(template, instance_id=f"i-new{number}"))
        for _ in making:
            pass
        making = listings.make_ready()
        next(making, None)
    for _ in making:
        pass
    keys = list(listings.instances(ACCOUNT, region).keys("at"))
    assert {"at/i-new0", "at/i-new1"} <= set(keys)
    assert len(keys) == len(inventory.instances.at(ACCOUNT, region))
