"""Taking pages into the inventory, and keeping it from one start to the next, at 100,000 instances.

The processor's time. What is recalled is decoded and taken a page at a time, so that the first screen needs
only the files opened and the first pages.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from benchmarks.rows import Row
from instance_profiles.inventory.collecting import collecting_rarely
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import Batch
from instance_profiles.inventory.snapshot import Snapshots, places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instance_profiles.inventory.model import LoadEvent

SIZE = 100_000
PAGE = 1_000
OWNER = (ACCOUNT, "AROA", "iam", "ec2")


def measure() -> list[Row]:
    events = list(LargeInventory(SIZE, SIZE // 10).events())
    gc.collect()
    with collecting_rarely():
        inventory = Inventory(lambda: NOW)
        taken = [(event, _seconds(lambda event=event: inventory.take(event))) for event in events]
        with tempfile.TemporaryDirectory() as folder:
            return [*_pages(taken), *_recalling(inventory, Path(folder))]


def _pages(taken: list[tuple[LoadEvent, float]]) -> Iterator[Row]:
    by_source: dict[str, list[float]] = {}
    ends = []
    for event, seconds in taken:
        if isinstance(event, Batch) and len(event.objects) == PAGE:
            by_source.setdefault(event.coverage.source, []).append(seconds)
        elif isinstance(event, Batch) and event.coverage.state == "complete":
            ends.append(seconds)
    for source, found in by_source.items():
        yield _within(f"taking a page of 1,000, {source}", statistics.median(found), 0.010)
    yield _within(f"the end of a listing that brought all again, longest of {len(ends)}", max(ends), 0.010)


def _recalling(inventory: Inventory, folder: Path) -> Iterator[Row]:
    snapshots = Snapshots(folder, OWNER)
    writing = _seconds(lambda: snapshots.write(places_of(inventory, ACCOUNT, NOW)))
    size = sum(path.stat().st_size for path in folder.iterdir())
    yield Row(what=f"writing {SIZE:,} instances", ours=writing, note=f"{size / 1e6:.1f} MB, beside the loop")
    before = time.process_time()
    places = list(snapshots.read(ACCOUNT))
    opened = time.process_time() - before
    again = Inventory(lambda: NOW)
    decoding, taking, first = [], [], opened
    for place in places:
        batches = place.batches()
        while True:
            before = time.process_time()
            batch = next(batches, None)
            decoding.append(time.process_time() - before)
            if batch is None:
                break
            taking.append(_seconds(lambda batch=batch: again.take(batch)))
        if place.region is None:
            first += sum(decoding) + sum(taking)
    yield Row(what="opening the files of the last time", ours=opened * 1000, unit="ms")
    yield _within("opening, and what has no region decoded and taken", first, 0.5)
    yield _within(f"decoding {SIZE:,} instances, all pages", sum(decoding), 0.3)
    yield _within("decoding, longest page", max(decoding), 0.010)
    yield Row(what=f"taking {SIZE:,} recalled instances, all pages", ours=sum(taking))


def _within(what: str, seconds: float, aim: float) -> Row:
    in_ms = aim < 0.1
    factor, unit = (1000.0, "ms") if in_ms else (1.0, "s")
    return Row(what=what, ours=seconds * factor, unit=unit, against="aim", theirs=aim * factor, at_most=1.0)


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
