"""What is kept of the rows of instance profiles is what looking at them anew would tell."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui.below import shown_on_row
from tui.store import Store
from tui.verdicts import mark_of

EVENTS = list(LargeInventory(60, 12, faults=25).events())
KINDS = ("instances", "associations", "instance_profiles", "roles")


def fresh_store():
    store = Store(Inventory(lambda: NOW), lambda: NOW)
    store.take(EVENTS)
    return store


def assert_in_step(store):
    rows, inventory = store.profile_rows, store.inventory
    marks = {}
    for profile in inventory.instance_profiles:
        shown = shown_on_row(store.verdicts, inventory, profile)
        assert rows.shown(profile) == shown
        if shown is not None:
            marks["instance-profile", ACCOUNT, None, profile.instance_profile_id] = mark_of(shown.finding)
    assert rows.marks(ACCOUNT) == marks
    assert rows.tally(ACCOUNT) == Counter(marks.values())
    names = [(rows.urgency(one), one.instance_profile_name, one) for one in inventory.instance_profiles]
    listed = store.listings.instance_profiles(ACCOUNT).names()
    assert list(listed) == [one.instance_profile_id for *_, one in sorted(names, key=lambda name: name[:2])]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 59), st.booleans()), max_size=6))
def test_they_follow_what_comes_changes_and_goes(changes):
    store = fresh_store()
    store.judge(NOW)
    assert_in_step(store)
    for kind, number, goes in changes:
        items = list(getattr(store.inventory, kind))
        if not items:
            continue
        item = items[number % len(items)]
        store.inventory.remove(item) if goes else store.inventory.put(changed(kind, item))
        store.judge(NOW)
        assert_in_step(store)


def changed(kind, item):
    match kind:
        case "instances":
            return msgspec.structs.replace(item, iam_instance_profile=None)
        case "associations":
            return msgspec.structs.replace(item, state="associating")
        case "instance_profiles":
            return msgspec.structs.replace(item, role=None)
        case _:
            return msgspec.structs.replace(item, assume_role_policy_document="{}")


def test_a_row_is_looked_at_once_for_a_change_and_not_when_it_is_drawn(monkeypatch):
    store = fresh_store()
    store.judge(NOW)
    looked = []
    monkeypatch.setattr("tui.profile_rows.shown_on_row", lambda *about: looked.append(about) or None)
    from tui.views.rows import instance_profile_row

    for profile in store.inventory.instance_profiles:
        instance_profile_row(store, profile)
    assert looked == []
    one = next(one for one in store.inventory.instances if one.iam_instance_profile)
    store.inventory.put(changed("instances", one))
    store.judge(NOW)
    assert 1 <= len(looked) <= 2


@pytest.mark.parametrize("steps", [2, 3])
def test_it_goes_on_where_it_was_interrupted(steps):
    store = fresh_store()
    left = iter(range(10_000))
    while not store.judge_some(NOW, lambda: next(left) % steps != 0):
        pass
    assert_in_step(store)
