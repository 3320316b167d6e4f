"""View 2, by instance profile: everything there is, instance profiles first and open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views import rows
from tui.views.accounts import per_account
from tui.views.by_instance import region_nodes
from tui.views.named_profiles import named_profile_nodes
from tui.views.node import Node
from tui.views.parts import (
    by_name,
    group_node,
    instance_profile_node,
    one_per_template,
    role_node,
    template_node,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store import Store


def roots(store: Store) -> Sequence[Node]:
    nodes = list(per_account(store, partial(_account_nodes, store)))
    names = [profile.ref for profile in store.inventory.named_profiles.values()]
    if names and not (store.loading and not nodes):
        nodes.append(group_node(store, "named", "Named profiles", names, partial(named_profile_nodes, store)))
    return nodes


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    inventory = store.inventory
    listed = [profile for profile in inventory.instance_profiles if profile.account == account]
    profiles = sorted(
        listed, key=lambda p: (rows.urgency(rows.instance_profile_row(store, p)), *by_name(p.ref))
    )
    roles = sorted((r for r in inventory.roles if r.account == account), key=lambda r: by_name(r.ref))
    instances = [i for i in inventory.instances if i.account == account]
    templates = one_per_template([v for v in inventory.launch_template_versions if v.account == account])
    return [
        Node(
            f"{under}profiles",
            partial(rows.instance_profiles_row, store, profiles),
            children=(lambda: [instance_profile_node(store, f"{under}profiles", p) for p in profiles])
            if profiles
            else None,
            members=partial(rows.instance_profile_members, store, profiles),
        ),
        group_node(
            store,
            f"{under}roles",
            "Roles",
            [r.ref for r in roles],
            lambda: [role_node(store, f"{under}roles", r) for r in roles],
        ),
        group_node(
            store,
            f"{under}instances",
            "Instances",
            [i.ref for i in instances],
            lambda: region_nodes(store, f"{under}instances", instances),
        ),
        group_node(
            store,
            f"{under}templates",
            "Launch templates",
            [v.ref for v in templates],
            lambda: [template_node(store, f"{under}templates", v) for v in templates],
        ),
    ]
