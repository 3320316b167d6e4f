"""View 3, by role: each role, the instance profiles that hold it, and who runs with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views.accounts import per_account
from tui.views.parts import by_name, group_node, role_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store import Store
    from tui.views.node import Node


def roots(store: Store) -> Sequence[Node]:
    return per_account(store, partial(_account_nodes, store))


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    inventory = store.inventory
    roles = sorted((r for r in inventory.roles if r.account == account), key=lambda r: by_name(r.ref))
    held = [role for role in roles if inventory.instance_profiles_of(role)]
    other = [role for role in roles if not inventory.instance_profiles_of(role)]
    return [
        group_node(
            store,
            f"{under}held",
            "Roles in an instance profile",
            [r.ref for r in held],
            lambda: [role_node(store, f"{under}held", r) for r in held],
        ),
        group_node(
            store,
            f"{under}other",
            "Other roles",
            [r.ref for r in other],
            lambda: [role_node(store, f"{under}other", r) for r in other],
        ),
    ]
