"""One account needs no heading; several get one each, with their name and number."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.views.node import Node
from widgets.resource_tree import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.store import Store


def per_account(store: Store, make: Callable[[str, str], Sequence[Node]]) -> Sequence[Node]:
    """`make(account, key prefix)` for each account, under headings where there are several accounts."""
    accounts = list(store.inventory.accounts())
    if len(accounts) == 1:
        return make(accounts[0], "")
    return [
        Node(
            f"account/{account}",
            partial(_account_row, store, account),
            store.inventory.callers[account].ref,
            partial(make, account, f"account/{account}/"),
        )
        for account in sorted(accounts)
    ]


def _account_row(store: Store, account: str) -> Row:
    caller = store.inventory.callers[account]
    return Row(
        label=caller.account_alias or caller.named_profile or account,
        kind="group",
        facts=account,
        counts=store.verdicts.tally(account),
    )
