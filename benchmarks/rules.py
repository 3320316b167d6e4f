"""Rules over large inventories: all of them, after a change of one object, and in steps while it arrives.

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
from instance_profiles.inventory.collecting import collecting_rarely
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.passing import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.inventory.model import Instance

SIZES = (3_400, 20_000, 100_000)
CHANGES = 20
RUNS = 3
TURN = 0.025
"""Seconds that the screen gives to judging before it draws."""
PAGES = 3
"""Pages that the screen takes in between two turns of judging."""


def measure() -> list[Row]:
    return [row for size in SIZES for row in (*_all_at_once(size), *_while_arriving(size))]


def _all_at_once(size: int) -> list[Row]:
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(size, size // 10).events():
        inventory.take(event)
    gc.collect()
    look(inventory, NOW)
    with collecting_rarely():
        whole = [_seconds(lambda: evaluate(inventory, NOW)) for _ in range(RUNS)]
        judge = Judge(inventory)
        judge.work(NOW)
        changes = [
            _seconds(lambda one=one: _change(inventory, judge, one))
            for one in list(inventory.instances)[:CHANGES]
        ]
    return [
        Row(
            what=f"all rules, {size:,} instances",
            ours=statistics.median(whole),
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


def _while_arriving(size: int) -> list[Row]:
    """As on the screen: pages and parts of judging take turns."""
    events = list(LargeInventory(size, size // 10).events())
    gc.collect()
    with collecting_rarely():
        inventory = Inventory(lambda: NOW)
        judge = Judge(inventory)
        clock = _Steps()
        for number, event in enumerate(events):
            inventory.take(event)
            if number % PAGES == 0:
                clock.turn(judge)
        while not clock.turn(judge):
            pass
    steps = sorted(clock.steps)
    return [
        Row(
            what=f"judging while {size:,} instances arrive, all steps",
            ours=sum(steps),
            note=f"{judge.evaluations:,} checks in {len(steps):,} steps",
        ),
        Row(
            what=f"judging while {size:,} instances arrive, longest of 1,000 steps",
            ours=steps[-1 - len(steps) // 1000] * 1000,
            unit="ms",
            note=f"median {statistics.median(steps) * 1000:.1f} ms, longest {steps[-1] * 1000:.0f} ms",
        ),
    ]


class _Steps:
    """How long the steps of a judgement take, each up to the moment when it asks whether to go on."""

    def __init__(self) -> None:
        self.steps: list[float] = []
        self._until = self._before = 0.0

    def turn(self, judge: Judge) -> bool:
        self._before = time.process_time()
        self._until = self._before + TURN
        return judge.work(NOW, self._may_go_on)

    def _may_go_on(self) -> bool:
        now = time.process_time()
        self.steps.append(now - self._before)
        self._before = now
        return now < self._until


def _change(inventory: Inventory, judge: Judge, instance: Instance) -> None:
    inventory.put(msgspec.structs.replace(instance, state="stopping"))
    judge.work(NOW)


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
