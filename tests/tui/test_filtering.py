"""What a search or a severity leaves, worked out step by step, and kept in step with what changes."""

from __future__ import annotations

from functools import cache
from random import Random

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui.filtering import Filter
from tui.narrowing import Narrowing
from tui.search import SearchIndex, _name_and_text
from tui.store import Store
from tui.views import parts
from tui.views.catalogue import VIEWS, tree_of
from widgets.tree_rows import VisibleRows

INSTANCES = 3_000
REGIONS = ("eu-west-1", "us-east-1")


@pytest.fixture(scope="module")
def fleet() -> LargeInventory:
    return LargeInventory(INSTANCES, INSTANCES // 10, regions=REGIONS)


@cache
def read(fleet: LargeInventory) -> Inventory:
    inventory = Inventory(lambda: NOW)
    for event in fleet.events():
        inventory.take(event)
    return inventory


@cache
def index_of(inventory: Inventory) -> SearchIndex:
    return SearchIndex(inventory)


@pytest.fixture
def store(fleet: LargeInventory) -> Store:
    store = Store(Inventory(lambda: NOW), lambda: NOW)
    store.take(fleet.events())
    store.judge(NOW)
    return store


def found(filter_: Filter, typed: str, kind: str) -> set[str]:
    filter_.typed = typed
    for _ in filter_.work_out():
        pass
    assert filter_.narrowing is not None
    regions = (None,) if kind in ("role", "instance-profile", "launch-template") else REGIONS
    return {name for region in regions for name in filter_.narrowing.own(kind, ACCOUNT, region)}


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("service-00007", lambda one: "service-00007" in one.name),
        (
            "TEAM=team-3 staging",
            lambda one: "team-3" in one.tags["team"] and one.tags["environment"] == "staging",
        ),
        ("10.0.1.7", lambda one: "10.0.1.7" in (one.private_ip_address or "")),
        ("us-east-1", lambda one: one.region == "us-east-1"),
        ("arn:aws:ec2", lambda _: True),
    ],
)
def test_instances_are_found_by_all_that_they_are_known_by(store: Store, typed: str, matches) -> None:
    expected = {one.instance_id for one in store.inventory.instances if matches(one)}
    assert found(Filter(store), typed, "instance") == expected


@settings(deadline=None, max_examples=50)
@given(st.randoms(use_true_random=False))
def test_any_piece_of_a_text_finds_all_that_have_it(fleet: LargeInventory, random: Random) -> None:
    inventory = read(fleet)
    items = [*inventory.instances, *inventory.roles, *inventory.launch_template_versions]
    words = []
    for _ in range(random.choice((1, 2))):
        word = random.choice(_name_and_text(random.choice(items))[1].split())
        begin = random.randrange(len(word))
        words.append(word[begin : begin + random.choice((1, 2, 5, 40))])
    texts = [(one.ref, _name_and_text(one)[1]) for one in items]
    expected = {ref for ref, text in texts if all(word in text for word in words)}
    assume(expected)  # similar names are found where nothing is
    found: dict = {}
    for _ in index_of(inventory).find(" ".join(words), found):
        pass
    assert {
        ref for ref, _ in texts if ref.id in found.get((ref.kind, ref.account, ref.region), ())
    } == expected


def test_what_finds_everything_puts_nothing_together(store: Store) -> None:
    """A set of a hundred thousand ids costs its making, and again whenever garbage is looked for."""
    index = SearchIndex(store.inventory)
    first: dict = {}
    second: dict = {}
    for typed, found in (("arn:aws:ec2", first), ("instance/i-", second)):
        for _ in index.find(typed, found):
            pass
    group = ("instance", ACCOUNT, REGIONS[0])
    assert first[group] == store.inventory.instances.by_id(ACCOUNT, REGIONS[0]).keys()
    assert first[group] is second[group]


def test_what_changed_is_found_by_what_it_is_now(store: Store) -> None:
    looking = Filter(store)
    one = next(iter(store.inventory.instances))
    assert one.instance_id in found(looking, one.name, "instance")
    store.inventory.put(msgspec.structs.replace(one, tags={"Name": "moved-away"}))
    assert looking.is_old
    assert found(looking, "moved-away", "instance") == {one.instance_id}
    assert one.instance_id not in found(looking, one.name, "instance")
    store.inventory.remove(one)
    assert not found(looking, "moved-away", "instance")


def test_a_slip_finds_similar_names(store: Store) -> None:
    assert "AROA00000000000000007" in found(Filter(store), "servcie-00007", "role")


def test_a_template_with_many_versions_is_found_by_each(store: Store) -> None:
    version = next(iter(store.inventory.launch_template_versions))
    looking = Filter(store)
    found(looking, "template-0", "launch-template")
    store.inventory.put(
        msgspec.structs.replace(
            version, version_number=2, default_version=False, launch_template_name="other"
        )
    )
    name = f"{version.region}:{version.launch_template_id}"
    assert name in found(looking, "other", "launch-template")
    assert name in found(looking, version.launch_template_name, "launch-template")


def test_words_and_a_severity_together_leave_what_has_both(store: Store) -> None:
    looking = Filter(store)
    looking.shown = "error"
    both = found(looking, "us-east-1", "instance")
    looking.typed = ""
    errors = found(looking, "", "instance")
    east = {one.instance_id for one in store.inventory.instances if one.region == "us-east-1"}
    assert both
    assert both == errors & east


def test_nothing_takes_long_at_a_time(store: Store) -> None:
    """The work is in so many steps that none of them is more than some hundred objects."""
    looking = Filter(store)
    looking.typed = "service"
    assert sum(1 for _ in looking.work_out()) >= INSTANCES / 500


def test_a_narrowed_tree_opens_as_far_as_what_is_wanted_lies(store: Store) -> None:
    looking = Filter(store)
    view = next(view for view in VIEWS if view.id == "instances")
    tree = tree_of(view, store, lambda: None)
    association = next(iter(store.inventory.associations))
    found(looking, association.association_id, "instance")
    tree.narrow(looking.narrowing)
    rows = VisibleRows(tree)
    assert list(rows.opening_all(None, tree.leads_to_wanted))
    keys = list(rows)
    assert len(keys) == 3
    assert keys[1].endswith(association.instance_id)
    assert keys[2].endswith(association.association_id)


def kept_by(store: Store, wanted: dict) -> Narrowing:
    narrowing = Narrowing(store.inventory, wanted)
    for _ in narrowing.prepare():
        pass
    return narrowing


@pytest.mark.parametrize("view", VIEWS[:4], ids=lambda view: view.id)
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_narrowed_tree_opens_each_row_that_is_not_wanted_itself(store: Store, view, share) -> None:
    """Asked for whole lists it says the same as row by row."""
    random = Random(share)
    wanted = {
        group: frozenset(name for name in sorted(names) if random.random() < share)
        for group, names in store.verdicts.with_mark("error").items()
    }
    trees = [tree_of(view, store, lambda: None) for _ in range(2)]
    narrowing = kept_by(store, wanted)
    for tree in trees:
        tree.narrow(narrowing)
    tree, plain = trees

    def row_by_row(keys, places):
        return [
            place for place in places if plain.has_children(keys[place]) and not plain._is_whole(keys[place])
        ]

    rows, expected = VisibleRows(tree), VisibleRows(plain)
    assert list(rows.opening_all(None, tree.leads_to_wanted)) == list(expected.opening_all(None, row_by_row))
    assert list(rows) == list(expected)
    assert rows.expanded == expected.expanded


def test_what_was_made_to_see_whether_it_stays_is_not_made_again(store: Store, monkeypatch) -> None:
    role = next(one for one in store.inventory.roles if store.inventory.instance_profiles_of(one))
    (profile,) = store.inventory.instance_profiles_of(role)
    made: list[str] = []
    make = parts.instance_node
    monkeypatch.setattr(
        parts, "instance_node", lambda *args, **more: made.append(args[2].instance_id) or make(*args, **more)
    )
    tree = tree_of(VIEWS[1], store, lambda: None)
    tree.narrow(kept_by(store, {("role", role.account, None): frozenset({role.role_id})}))
    rows = VisibleRows(tree)
    assert list(rows.opening_all(None, lambda keys, places: [
        place for place in tree.leads_to_wanted(keys, places) if keys[place].startswith("profiles")
    ]))  # fmt: skip
    shown = [key for key in rows if key.startswith("profiles") and "/instances/" in key]
    assert (
        len(made) == len({key.split("/")[4] for key in shown}) == len(store.inventory.instances_of(profile))
    )
