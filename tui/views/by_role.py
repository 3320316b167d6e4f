"""View 3, by role: each role, the instance profiles that hold it, and who runs with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.store import in_order
from tui.views.accounts import per_account
from tui.views.node import Node
from tui.views.parts import role_nodes
from tui.views.rows import listed, marked_group_row, troubled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.findings.scope import Judged
    from tui.store import Mark, Store


def roots(store: Store) -> Sequence[Node]:
    return per_account(store, partial(_account_nodes, store))


def _account_nodes(store: Store, account: str, under: str) -> Sequence[Node]:
    return [
        _heading(store, f"{under}held", "Roles in an instance profile", account, held=True),
        _heading(store, f"{under}other", "Other roles", account, held=False),
    ]


def _heading(store: Store, key: str, label: str, account: str, *, held: bool) -> Node:
    listing = store.listings.held_roles(account, held=held)

    def marks_of_these() -> dict[Judged, Mark]:
        marks = store.verdicts.troubled("role", account)
        holding = store.inventory.profiles_holding
        return {about: mark for about, mark in marks.items() if bool(holding(about[3])) == held}

    return Node(
        key,
        lambda: marked_group_row(label, len(listing), in_order(marks_of_these().values())),
        children=partial(role_nodes, store, key, account, listing) if len(listing) else None,
        troubled=lambda: troubled(store, listed(marks_of_these(), listing, ("role", account, None))),
    )
