"""View 2, by instance profile: everything there is, instance profiles first and open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views import rows
from tui.views.accounts import per_account
from tui.views.by_instance import instances_in_trouble, region_nodes
from tui.views.named_profiles import named_profile_nodes
from tui.views.node import Node
from tui.views.parts import (
    group_node,
    instance_profile_nodes,
    role_nodes,
    template_nodes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store import Store
    from tui.troubled import Troubled


def roots(store: Store) -> Sequence[Node]:
    nodes = list(per_account(store, partial(_account_nodes, store)))
    names = [profile.ref for profile in store.inventory.named_profiles.values()]
    if names and not (store.loading and not nodes):
        nodes.append(group_node(store, "named", "Named profiles", names, partial(named_profile_nodes, store)))
    return nodes


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    inventory, verdicts = store.inventory, store.verdicts
    roles = store.listings.roles(account)
    profiles = inventory.instance_profiles.at(account)
    regions = store.listings.regions(account)
    instances = sum(len(inventory.instances.at(account, region)) for region in regions)
    templates = store.listings.templates(account)
    return [
        Node(
            f"{under}profiles",
            partial(rows.instance_profiles_row, store, account),
            children=partial(instance_profile_nodes, store, f"{under}profiles", account)
            if profiles
            else None,
            troubled=partial(rows.troubled_instance_profiles, store, account),
        ),
        Node(
            f"{under}roles",
            lambda: rows.marked_group_row("Roles", len(roles), verdicts.tally(account, "role")),
            children=partial(role_nodes, store, f"{under}roles", account, roles) if len(roles) else None,
            troubled=partial(_roles_in_trouble, store, account),
        ),
        Node(
            f"{under}instances",
            lambda: rows.marked_group_row("Instances", instances, verdicts.tally(account, "instance")),
            children=partial(region_nodes, store, f"{under}instances", account) if instances else None,
            troubled=partial(_instances_in_trouble, store, account),
        ),
        Node(
            f"{under}templates",
            lambda: rows.marked_group_row(
                "Launch templates", len(templates), verdicts.tally(account, "launch-template")
            ),
            children=partial(template_nodes, store, f"{under}templates", account) if len(templates) else None,
            troubled=partial(_templates_in_trouble, store, account),
        ),
    ]


def _roles_in_trouble(store: Store, account: str) -> Troubled:
    marks = store.verdicts.troubled("role", account)
    return rows.troubled(store, rows.listed(marks, store.listings.roles(account), ("role", account, None)))


def _instances_in_trouble(store: Store, account: str) -> Troubled:
    regions = store.verdicts.troubled_regions("instance", account)
    return rows.troubled(store, *(instances_in_trouble(store, account, region) for region in regions))


def _templates_in_trouble(store: Store, account: str) -> Troubled:
    verdicts = store.verdicts
    marked = (
        verdicts.troubled("launch-template", account, region)
        for region in verdicts.troubled_regions("launch-template", account)
    )
    return rows.troubled(store, *(rows.unlisted(store, marks) for marks in marked))
