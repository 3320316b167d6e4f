"""Undoing a batch: one plan for each of its fixes, the last first, and the reason for each that must stay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.several import Batch, Item, merged_radius
from instance_profiles.fixes.undo import plan_undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.journal_entry import JournalEntry
    from instance_profiles.inventory.inventory import Inventory

_AT_ONCE = 8
_NOTHING_TO_UNDO = ("undone", "rolled-back")


class Stays(msgspec.Struct, frozen=True):
    """A fix of the batch that is not taken back, and why in one sentence."""

    entry: str
    title: str
    reason: str


class BatchUndo(msgspec.Struct, frozen=True):
    """What takes a batch back, and what of it stays."""

    batch: Batch
    stays: tuple[Stays, ...] = ()


async def plan_batch_undo(
    entries: Sequence[JournalEntry], account_of: Callable[[str], AwsAccount], inventory: Inventory
) -> BatchUndo:
    """The batch that takes the applied fixes of an earlier one back; reads the world, changes nothing.

    Raises:
        CannotPlan: nothing of it is there to be taken back.
    """
    mark = next((entry.batch for entry in entries if entry.batch is not None), None)
    if mark is None:
        raise CannotPlan("There is no such batch.")
    open_entries = [entry for entry in reversed(entries) if entry.state not in _NOTHING_TO_UNDO]
    open_entries = [entry for entry in open_entries if entry.done or entry.state == "interrupted"]
    if not open_entries:
        raise CannotPlan("Nothing of it is left to undo.")
    limit = asyncio.Semaphore(_AT_ONCE)

    async def planned(entry: JournalEntry) -> Plan | Stays:
        async with limit:
            try:
                return await plan_undo(entry, account_of(entry.account), inventory)
            except (CannotPlan, AwsError) as refusal:
                return Stays(entry.id, entry.plan.title, str(refusal))
            except KeyError:
                reason = f"Account {entry.account} is not open here; choose the right --profile."
                return Stays(entry.id, entry.plan.title, reason)

    made = await asyncio.gather(*(planned(entry) for entry in open_entries))
    items = tuple(Item(plan, (plan.finding,)) for plan in made if isinstance(plan, Plan))
    radius = merged_radius([item.plan.blast_radius for item in items], inventory)
    batch = Batch(f"Undo: {mark.title}", items, (), radius, undoes=mark.id)
    return BatchUndo(batch, tuple(stays for stays in made if isinstance(stays, Stays)))


def lasting(items: Iterable[Item]) -> dict[str, int]:
    """What taking the fixes back would do and would not, each sentence with how many it holds for.

    Those with a call that nothing takes back come first.
    """
    found: dict[tuple[bool, str], int] = {}
    for item in items:
        forever = any(call.inverse is None for call in item.plan.calls)
        words = item.plan.undo or ("Cannot be taken back." if forever else "Can be taken back.")
        found[not forever, words] = found.get((not forever, words), 0) + 1
    return {words: count for (_, words), count in sorted(found.items(), key=lambda pair: pair[0][0])}
