"""A tree that keeps what did not change shows just what one that is made anew would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui.changes import MANY, Changes
from tui.store import Store
from tui.views.catalogue import VIEWS, tree_of
from widgets.tree_rows import VisibleRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.views.catalogue import View
    from tui.views.node import Tree
    from widgets.resource_tree import Row

INSTANCES = 60


@pytest.fixture
def store() -> Store:
    store = Store(Inventory(lambda: NOW), lambda: NOW)
    store.take(LargeInventory(INSTANCES, INSTANCES // 10, regions=("eu-west-1", "us-east-1")).events())
    store.judge(NOW)
    return store


def opened(tree: Tree) -> VisibleRows:
    rows = VisibleRows(tree)
    assert list(rows.opening_all(None))
    return rows


def shown(tree: Tree, rows: VisibleRows) -> list[tuple[str, int, Row]]:
    return [(key, rows.depth(index), tree.row(key)) for index, key in enumerate(rows)]


def stop_instance(inventory: Inventory) -> None:
    inventory.put(msgspec.structs.replace(next(iter(inventory.instances)), state="stopped"))


def rename_instance(inventory: Inventory) -> None:
    one = next(iter(inventory.instances))
    inventory.put(msgspec.structs.replace(one, tags={**one.tags, "Name": "zzz"}))


def lose_instance(inventory: Inventory) -> None:
    inventory.remove(next(iter(inventory.instances)))


def new_instance(inventory: Inventory) -> None:
    one = next(one for one in inventory.instances if one.iam_instance_profile)
    inventory.put(msgspec.structs.replace(one, instance_id="i-new", arn=one.arn + "new"))


def other_instance_profile(inventory: Inventory) -> None:
    one, other = [one for one in inventory.instances if one.iam_instance_profile][:: INSTANCES // 2][:2]
    assert one.iam_instance_profile != other.iam_instance_profile
    inventory.put(msgspec.structs.replace(one, iam_instance_profile=other.iam_instance_profile))


def lose_association(inventory: Inventory) -> None:
    inventory.remove(next(iter(inventory.associations)))


def empty_instance_profile(inventory: Inventory) -> None:
    profile = next(one for one in inventory.instance_profiles if one.role)
    inventory.put(msgspec.structs.replace(profile, role=None))


def lose_role(inventory: Inventory) -> None:
    inventory.remove(next(iter(inventory.roles)))


def lose_instance_profile(inventory: Inventory) -> None:
    inventory.remove(next(iter(inventory.instance_profiles)))


def lose_scaling_group(inventory: Inventory) -> None:
    inventory.remove(next(iter(inventory.auto_scaling_groups)))


def other_template(inventory: Inventory) -> None:
    version = next(iter(inventory.launch_template_versions))
    other = [profile.arn for profile in inventory.instance_profiles][-1]
    inventory.put(msgspec.structs.replace(version, iam_instance_profile_arn=other))


CHANGES = (
    stop_instance, rename_instance, lose_instance, new_instance, other_instance_profile, lose_association,
    empty_instance_profile, lose_role, lose_instance_profile, lose_scaling_group, other_template,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_a_kept_tree_shows_what_one_made_anew_would(
    store: Store, view: View, change: Callable[[Inventory], None]
) -> None:
    tree, changes = tree_of(view, store, lambda: None), Changes(store.inventory)
    rows = opened(tree)
    change(store.inventory)
    store.judge(NOW)
    tree.changed(changes.take())
    rows.rebuild()
    fresh = tree_of(view, store, lambda: None)
    assert shown(tree, rows) == shown(fresh, VisibleRows(fresh, rows.expanded))


@pytest.mark.parametrize("view", VIEWS[1:4], ids=lambda view: view.id)
def test_a_reload_that_brings_nothing_new_makes_nothing_but_headings(store: Store, view: View) -> None:
    tree, changes = tree_of(view, store, lambda: None), Changes(store.inventory)
    rows = opened(tree)
    made = tree.made
    store.take(LargeInventory(INSTANCES, INSTANCES // 10, regions=("eu-west-1", "us-east-1")).events())
    store.judge(NOW)
    tree.changed(changes.take())
    rows.rebuild()
    headings_and_the_named_profile = 10
    assert made > INSTANCES
    assert tree.made - made <= headings_and_the_named_profile


def test_after_very_many_changes_all_are_taken_to_have_changed(store: Store) -> None:
    changes = Changes(store.inventory)
    one = next(iter(store.inventory.instances))
    for number in range(MANY):
        store.inventory.put(msgspec.structs.replace(one, state=f"state-{number}"))
    assert changes.take() is None
    assert changes.take() == frozenset()
    store.inventory.put(msgspec.structs.replace(one, state="running", account=ACCOUNT))
    assert one.instance_id in (changes.take() or ())
