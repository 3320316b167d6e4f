"""View 4, by instance: region, instance, and inside it the association, instance profile and role."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views.accounts import per_account
from tui.views.node import Many, Node
from tui.views.parts import instance_node
from tui.views.rows import listed, marked_group_row, troubled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store import Store
    from tui.troubled import Part, Troubled
    from widgets.resource_tree import Row


def roots(store: Store) -> Sequence[Node]:
    return per_account(store, partial(_account_nodes, store))


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    return region_nodes(store, f"{under}regions", account)


def region_nodes(store: Store, under: str, account: str) -> Sequence[Node]:
    """One heading for each region that has instances."""
    return [
        Node(
            f"{under}/{region}",
            partial(_region_row, store, account, region),
            children=partial(_instances, store, f"{under}/{region}", account, region),
            troubled=partial(_troubled, store, account, region),
        )
        for region in store.listings.regions(account)
    ]


def _region_row(store: Store, account: str, region: str) -> Row:
    total = len(store.inventory.instances.at(account, region))
    return marked_group_row(region, total, store.verdicts.tally(account, "instance", region))


def instances_in_trouble(store: Store, account: str, region: str) -> Part:
    """The instances of a region that have a mark."""
    marks = store.verdicts.troubled("instance", account, region)
    return listed(marks, store.listings.instances(account, region), ("instance", account, region))


def _troubled(store: Store, account: str, region: str) -> Troubled:
    return troubled(store, instances_in_trouble(store, account, region))


def _instances(store: Store, under: str, account: str, region: str) -> Many:
    def make(instance_id: str) -> Node | None:
        instance = store.inventory.instance(account, region, instance_id)
        return instance_node(store, under, instance, region=False) if instance is not None else None

    return Many(
        f"{under}/{region}",
        store.listings.instances(account, region).keys(f"{under}/{region}"),
        make,
        opens=True,
        kept=lambda narrowing: narrowing.kept("instance", account, region),
        whole=lambda narrowing: narrowing.own("instance", account, region),
    )
