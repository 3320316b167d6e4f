"""Searching all of the trail, which AWS bills: the table of Athena in the settings, else CloudTrail Lake.

First it is found out what there is and what it would read; only then, when somebody wants it, it is asked.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from instance_profiles.denials.trail.athena import TrailTable, plan_query, run_query
from instance_profiles.denials.trail.event import TrailEvent
from instance_profiles.denials.trail.lake import event_data_store, search_store
from instance_profiles.denials.trail.timing import Sleep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount

News: TypeAlias = AsyncGenerator[str | tuple[TrailEvent, ...], None]
"""Words on how far it is, then pages of denials."""


class Offer(msgspec.Struct, frozen=True):
    """A search that could be run, and in a sentence what it reads; `run` is closed to stop it at AWS."""

    name: str
    reads: str
    run: Callable[[Sleep], News]


async def offer(
    account: AwsAccount, table: TrailTable | None, since: datetime, until: datetime, regions: Sequence[str]
) -> Offer | None:
    """What can be searched; None where there is neither a table nor an event data store.

    Raises:
        AwsError: neither may be looked at.
    """
    if table is not None:
        planned = await plan_query(account, table, since, until, regions)
        return Offer("Athena", planned.reads, lambda sleep: run_query(account, table, planned, sleep))
    store = await event_data_store(account)
    if store is None:
        return None
    times = f"{since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
    return Offer(
        "CloudTrail Lake",
        f"Reads {times} of event data store {store.name}; AWS bills what it reads.",
        lambda sleep: search_store(account, store, since, until, sleep),
    )
