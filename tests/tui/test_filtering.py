"""What a search or a severity leaves, worked out step by step, and kept in step with what changes."""

from __future__ import annotations

import msgspec
import pytest

from benchmarks.large_inventory import NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui import narrowing
from tui.filtering import Filter
from tui.listings import template_name
from tui.store import Store
from tui.views.catalogue import VIEWS, tree_of
from widgets.tree_rows import VisibleRows

INSTANCES = 3_000


@pytest.fixture(scope="module")
def fleet() -> LargeInventory:
    return LargeInventory(INSTANCES, INSTANCES // 10, regions=("eu-west-1", "us-east-1"))


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
    sets = {
        "instance": filter_.narrowing.own_instances,
        "role": filter_.narrowing.own_roles,
        "instance-profile": filter_.narrowing.own_profiles,
        "launch-template": filter_.narrowing.own_templates,
    }
    return sets[kind]


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


@pytest.mark.parametrize("many", [1, 1_000_000])
def test_what_uses_an_instance_profile_is_found_from_either_side(store: Store, monkeypatch, many) -> None:
    """One instance profile after the other, or by a look through all that may use any."""
    monkeypatch.setattr(narrowing, "_MANY", many)
    inventory = store.inventory
    profiles = [one for one in inventory.instance_profiles if inventory.template_versions_naming(one)][:3]
    profiles += [one for one in inventory.instance_profiles if inventory.instances_of(one)][:20]
    wanted = {one.instance_profile_id for one in profiles}
    kept = narrowing.Narrowing(inventory, {("instance-profile", profiles[0].account, None): wanted})
    for _ in kept.prepare():
        pass
    instances = [one for profile in profiles for one in inventory.instances_of(profile)]
    versions = [one for profile in profiles for one in inventory.template_versions_naming(profile)]
    assert instances
    assert versions
    assert kept.instances == {one.instance_id for one in instances}
    assert kept.templates == {template_name(one.region, one.launch_template_id) for one in versions}
    assert kept.profiles == wanted
