"""iptui's engine reads a whole account, and says on one line how long it took and what that rests on."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter

from instance_profiles.aws import parsing
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.readers import Readers
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.model import Batch

LOOK = 0.005
"""Seconds between two looks at whether the event loop still turns."""


async def main() -> None:
    inventory = Inventory()
    stalls: list[float] = []
    watch = asyncio.create_task(_watch(stalls))
    readers = Readers()
    async with AwsAccount(Connection(), readers=readers) as account:
        await account.ready()
        cold = await _load(account, readers, inventory)
        warm = await _load(account, readers, Inventory())
        watch.cancel()
        print(
            json.dumps(
                {
                    "counts": inventory.counts(),
                    "incomplete": [
                        str(row) for row in inventory.coverage.values() if row.state != "complete"
                    ],
                    "cold": cold,
                    "warm": warm,
                    "stall": max(stalls),
                    "requests": sum(account.requests.values()) // 2,
                }
            )
        )


async def _load(account: AwsAccount, readers: Readers, inventory: Inventory) -> dict[str, float]:
    """Seconds of one load, the CPU seconds of it that went into unpacking and reading, its longest chain."""
    begin, read, loop = time.perf_counter(), _reading(readers), time.thread_time()
    pages_before = readers.pages
    pages: Counter[tuple[str | None, str]] = Counter()
    async for event in load(account):
        inventory.take(event)
        if isinstance(event, Batch) and event.objects:
            pages[event.coverage.region, event.coverage.source] += 1
    # Who calls is asked first; the account's listings cannot be told apart before.
    return {
        "seconds": time.perf_counter() - begin,
        "reading": _reading(readers) - read,
        "loop": time.thread_time() - loop,
        "in processes": readers.pages - pages_before,
        "chain": 1 + max(pages.values()),
    }


def _reading(readers: Readers) -> float:
    """CPU seconds that the threads and processes that unpack and read have used so far."""
    return readers.seconds + sum(
        pool().submit(time.thread_time).result() for pool in (parsing._worker, parsing._unpacker)
    )


async def _watch(stalls: list[float]) -> None:
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(LOOK)
        stalls.append(time.perf_counter() - begin - LOOK)


asyncio.run(main())
