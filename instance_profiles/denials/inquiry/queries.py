"""What AWS bills by what it reads: CloudTrail Lake and Athena. Told before, and only run where wanted."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from instance_profiles.aws.regions import home_region
from instance_profiles.denials.inquiry.denied_call import is_this, line_of
from instance_profiles.denials.inquiry.known import (
    BEFORE,
    Known,
    Learnt,
    NothingToAsk,
    OnlyIfWanted,
    Question,
    Scope,
)
from instance_profiles.denials.trail.athena import plan_query, run_query
from instance_profiles.denials.trail.lake import event_data_store, search_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.event import TrailEvent

_SHOWN: Final = 8


def _always(_known: Known, _scope: Scope) -> str | None:
    return None


def _no_table(_known: Known, scope: Scope) -> str | None:
    return None if scope.table is not None else "The settings name no table: [trail] says which."


async def _lake(account: AwsAccount, known: Known, scope: Scope) -> AsyncIterator[str | Learnt]:
    store = await event_data_store(account)
    if store is None:
        raise NothingToAsk("There is no event data store.")
    hours = int(BEFORE.total_seconds() // 3600)
    reads = f"Reads {hours} hours of event data store {store.name}; AWS bills what it reads."
    if not scope.lake:
        raise OnlyIfWanted(reads)
    yield reads
    async with aclosing(search_store(account, store, scope.now - BEFORE, scope.now, scope.sleep)) as news:
        async for said in _gathered(news, known):
            yield said


async def _athena(account: AwsAccount, known: Known, scope: Scope) -> AsyncIterator[str | Learnt]:
    if scope.table is None:
        raise NothingToAsk("The settings name no table: [trail] says which.")
    home = home_region(known.partition)
    regions = [region for region in (known.region or account.default_region, home) if region]
    plan = await plan_query(account, scope.table, scope.now - BEFORE, scope.now, list(dict.fromkeys(regions)))
    if not scope.athena:
        raise OnlyIfWanted(plan.reads)
    yield plan.reads
    async with aclosing(run_query(account, scope.table, plan, scope.sleep)) as news:
        async for said in _gathered(news, known):
            yield said


LAKE: Final = Question("lake", "CloudTrail Lake", "cloudtrail:StartQuery", _always, _lake)
ATHENA: Final = Question("athena", "Athena", "athena:StartQueryExecution", _no_table, _athena)


async def _gathered(
    news: AsyncIterator[str | tuple[TrailEvent, ...]], known: Known
) -> AsyncIterator[str | Learnt]:
    """Words as they come, and at the end what all pages together say."""
    found: list[TrailEvent] = []
    async for one in news:
        if isinstance(one, str):
            yield one
        else:
            found += one
    yield _learnt(found, known)


def _learnt(found: list[TrailEvent], known: Known) -> Learnt:
    these = tuple(event for event in found if is_this(event, known))
    denials = f"{len(found)} denial" + "s" * (len(found) != 1)
    words = f"{denials} around instance profiles, {len(these)} of them like this one."
    shown = these or tuple(found)
    return Learnt(words, known, facts=tuple(map(line_of, shown[:_SHOWN])), events=shown)
