"""Memory for each instance with its association, its share of roles and instance profiles, and all indexes.

What Python's allocator gives out beyond an empty program, at two sizes.
"""

from __future__ import annotations

import gc
import tracemalloc

from benchmarks.large_inventory import NOW, LargeInventory
from benchmarks.rows import Row
from instance_profiles.inventory.inventory import Inventory
from tui.store import Store

SIZES = (3_400, 20_000)
AIM = 1_500.0


def measure() -> list[Row]:
    return [row for size in SIZES for row in _measure(size)]


def _measure(size: int) -> list[Row]:
    gc.collect()
    tracemalloc.start()
    try:
        before = _held()
        inventory = Inventory(lambda: NOW)
        store = Store(inventory, lambda: NOW)
        for event in LargeInventory(size, size // 10).events():
            inventory.take(event)
        read = _held() - before
        store.judge(NOW)
        judged = _held() - before
    finally:
        tracemalloc.stop()
    return [
        Row(
            what=f"objects and indexes, {size:,} instances",
            ours=read / size,
            unit="B",
            against="aim",
            theirs=AIM,
            at_most=1.0,
        ),
        Row(what=f"with findings and their indexes, {size:,} instances", ours=judged / size, unit="B"),
    ]


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
