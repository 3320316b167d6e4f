"""Rules over large inventories: all of them, and after a change of one object.

The processor's time, which does not count what else the machine does; against the aim.
"""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

import msgspec

from benchmarks.large_inventory import NOW, LargeInventory
from benchmarks.rows import Row
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.findings.judge import Judge
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.passing import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.inventory.model import Instance

SIZES = (3_400, 20_000, 100_000)
CHANGES = 20


def measure() -> list[Row]:
    return [row for size in SIZES for row in _measure(size)]


def _measure(size: int) -> list[Row]:
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(size, size // 10).events():
        inventory.take(event)
    gc.collect()
    look(inventory, NOW)
    whole = _seconds(lambda: evaluate(inventory, NOW))
    judge = Judge(inventory)
    judge.work(NOW)
    changes = [
        _seconds(lambda one=one: _change(inventory, judge, one))
        for one in list(inventory.instances)[:CHANGES]
    ]
    return [
        Row(
            what=f"all rules, {size:,} instances",
            ours=whole,
            against="aim",
            theirs=1.0,
            at_most=1.0,
        ),
        Row(
            what=f"after a change of one of {size:,} instances",
            ours=statistics.median(changes) * 1000,
            unit="ms",
            against="aim",
            theirs=5.0,
            at_most=1.0,
        ),
    ]


def _change(inventory: Inventory, judge: Judge, instance: Instance) -> None:
    inventory.put(msgspec.structs.replace(instance, state="stopping"))
    judge.work(NOW)


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
