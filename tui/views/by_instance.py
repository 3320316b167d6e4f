"""View 4, by instance: region, instance, and inside it the association, instance profile and role."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views.accounts import per_account
from tui.views.parts import by_name, group_node, instance_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.model import Instance
    from tui.store import Store
    from tui.views.node import Node


def roots(store: Store) -> Sequence[Node]:
    return per_account(store, partial(_account_nodes, store))


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    instances = [instance for instance in store.inventory.instances if instance.account == account]
    return region_nodes(store, f"{under}regions", instances)


def region_nodes(store: Store, under: str, instances: Sequence[Instance]) -> Sequence[Node]:
    """One heading for each region that has instances."""
    by_region: dict[str, list[Instance]] = {}
    for instance in instances:
        by_region.setdefault(instance.region, []).append(instance)
    return [
        group_node(
            store,
            f"{under}/{region}",
            region,
            [instance.ref for instance in members],
            partial(_instances, store, f"{under}/{region}", members),
        )
        for region, members in sorted(by_region.items())
    ]


def _instances(store: Store, under: str, members: Sequence[Instance]) -> Sequence[Node]:
    ordered = sorted(members, key=lambda instance: by_name(instance.ref))
    return [instance_node(store, under, instance, region=False) for instance in ordered]
