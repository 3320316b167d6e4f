"""The checks of a batch before confirmation: those of each fix, asked together where they ask for the same.

One simulation serves all fixes that need the same action, and one listing all that look at it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.remembering import remembering
from instance_profiles.fixes.plan import Check
from instance_profiles.fixes.preflight import looks, needs, with_checks
from instance_profiles.fixes.several import Item, with_items
from instance_profiles.fixes.simulate import Simulated, principal_arn, simulate_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import CheckState, Permission
    from instance_profiles.fixes.several import Batch
    from instance_profiles.inventory.inventory import Inventory

    AccountOf = Callable[[str], AwsAccount]
    Context = tuple[tuple[str, str], ...]

_AT_ONCE = 8
_STATES: dict[bool | None, CheckState] = {True: "passed", False: "failed", None: "unknown"}
PERMISSION = "you may "
READ_ONLY = "read-only"


class Refused(msgspec.Struct, frozen=True):
    """A fix that its checks refuse, and why in one sentence."""

    item: Item
    reason: str


async def check_batch(batch: Batch, account_of: AccountOf) -> AsyncIterator[tuple[int, Check]]:
    """The checks, each with the number of its item, as they come in; the same as if checked one by one.

    Never raises for trouble with AWS, and changes nothing.
    """
    found: asyncio.Queue[tuple[int, Check] | None] = asyncio.Queue()
    with remembering() as context:
        looking = asyncio.create_task(_all(batch, account_of, found), context=context)
        try:
            while (one := await found.get()) is not None:
                yield one
            await looking
        finally:
            looking.cancel()


def with_batch_checks(batch: Batch, checks: Mapping[int, Sequence[Check]]) -> Batch:
    """The batch with the results of its checks."""
    items = (
        msgspec.structs.replace(item, plan=with_checks(item.plan, checks.get(number, ())))
        for number, item in enumerate(batch.items)
    )
    return msgspec.structs.replace(batch, items=tuple(items))


def sorted_out(
    batch: Batch, inventory: Inventory, *, dry_run: bool = False
) -> tuple[Batch, tuple[Refused, ...]]:
    """The checked batch without the fixes that may not be applied, and those with the reason."""
    reasons = [refusal_of(item, dry_run=dry_run) for item in batch.items]
    pairs = list(zip(batch.items, reasons, strict=True))
    kept = [item for item, reason in pairs if reason is None]
    refused = tuple(Refused(item, reason) for item, reason in pairs if reason is not None)
    return with_items(batch, kept, inventory), refused


def refusal_of(item: Item, *, dry_run: bool = False) -> str | None:
    """Why the fix may not be part of a batch as its checks came out, in one sentence.

    To delete something that may be in use after all is a decision for the one object. That iptui only reads
    is no fault of a plan that is only shown.
    """
    for check in item.plan.checks:
        if check.state == "failed" and not (dry_run and check.name == READ_ONLY):
            return f"A check failed: {check.name}" + (
                f" ({check.detail.rstrip('.')})." if check.detail else "."
            )
    if not item.deletes:
        return None
    for check in item.plan.checks:
        if check.state == "unknown" and not check.name.startswith(PERMISSION):
            return f"It is not known whether {check.name} ({check.detail.rstrip('.')}); delete it by itself."
    return None


async def _all(batch: Batch, account_of: AccountOf, found: asyncio.Queue[tuple[int, Check] | None]) -> None:
    limit = asyncio.Semaphore(_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as tasks:
            for number, item in enumerate(batch.items):
                account = account_of(item.plan.account)
                if account.connection.read_only:
                    detail = "iptui was started to read only; start it without --read-only to apply this."
                    found.put_nowait((number, Check(READ_ONLY, "failed", detail)))
                for look in looks(item.plan, account):
                    tasks.create_task(_look(number, look, limit, found))
            for account_id in batch.accounts:
                tasks.create_task(_permissions(batch, account_of(account_id), account_id, limit, found))
    finally:
        found.put_nowait(None)


async def _look(
    number: int,
    look: Callable[[], Awaitable[tuple[Check, ...]]],
    limit: asyncio.Semaphore,
    found: asyncio.Queue[tuple[int, Check] | None],
) -> None:
    async with limit:
        for check in await look():
            found.put_nowait((number, check))


async def _permissions(
    batch: Batch,
    account: AwsAccount,
    account_id: str,
    limit: asyncio.Semaphore,
    found: asyncio.Queue[tuple[int, Check] | None],
) -> None:
    """One check an item and action, made of simulations that ask for the resources of all items."""
    mine = {n: needs(item.plan) for n, item in enumerate(batch.items) if item.plan.account == account_id}
    asked: dict[tuple[str, Context], dict[str, None]] = {}
    for wanted in mine.values():
        for need in wanted:
            asked.setdefault(_question(need), {})[need.resource] = None
    if not asked:
        return
    principal = await principal_arn(account)

    async def ask(action: str, context: Context, resources: tuple[str, ...]) -> dict[str, Simulated]:
        if isinstance(principal, Simulated):
            return dict.fromkeys(resources, principal)
        async with limit:
            return await simulate_each(account, principal, action, resources, dict(context))

    answers = await asyncio.gather(
        *(ask(action, context, tuple(resources)) for (action, context), resources in asked.items())
    )
    told = dict(zip(asked, answers, strict=True))
    for number, wanted in mine.items():
        for check in _checks_of(wanted, told):
            found.put_nowait((number, check))


def _checks_of(
    wanted: tuple[Permission, ...], told: Mapping[tuple[str, Context], Mapping[str, Simulated]]
) -> list[Check]:
    """One check for each action, the worst answer for its resources."""
    by_action: dict[str, list[Simulated]] = {}
    for need in wanted:
        by_action.setdefault(need.action, []).append(told[_question(need)][need.resource])
    checks = []
    for action, answers in by_action.items():
        worst = min(answers, key=lambda answer: (False, None, True).index(answer.allowed))
        checks.append(Check(f"{PERMISSION}{action}", _STATES[worst.allowed], worst.detail))
    return checks


def _question(need: Permission) -> tuple[str, Context]:
    return need.action, tuple(sorted(need.context.items()))
