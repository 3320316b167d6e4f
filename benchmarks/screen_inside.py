"""The running program with a large inventory: how long its event loop stands still, and what keys cost."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual.events import Key

from benchmarks.large_inventory import ACCOUNT, NOW, LargeInventory
from config.settings import resolve
from instance_profiles.inventory.snapshot import Snapshots, places_of
from tui.app import IptuiApp
from tui.workspace import Workspace
from widgets.resource_tree import ResourceTree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from pathlib import Path

    from textual.pilot import Pilot

    from config.settings import ResolvedSettings
    from instance_profiles.inventory.model import Caller, LoadEvent
    from instance_profiles.inventory.snapshot import Place

SIZE = (120, 40)
KEYS = (
    ("expand all", ("4", "minus"), "asterisk"),
    ("end", (), "end"),
    ("switch tree", (), "3"),
    ("filter", ("4", "slash", "7"), "7"),
)
"""What is measured: keys before it, and the key that is timed."""
SECONDS = 90.0
_TICK = 0.002
_PAGES_AT_ONCE = 4


async def measured(size: int, folder: Path) -> dict[str, float]:
    """Seconds of each thing; files of the program and its snapshot go below `folder`."""
    events = list(LargeInventory(size, size // 10).events())
    snapshots = Snapshots(folder / "snapshots", (ACCOUNT,))
    found: dict[str, float] = {}
    async with _running(events, folder) as (app, _pilot):
        async with _stalls() as stalls:
            await _until(lambda: app.store.loaded_at is not None)
        found["longest stall while streaming"] = max(stalls)
        for what, before, key in KEYS:
            for one in before:
                await _settled(app, one)
            found[what] = await _seconds_of(app, key)
        places = places_of(app.store.inventory, ACCOUNT, NOW)
        await asyncio.to_thread(snapshots.write, places)
    found |= await _instant_start(events, snapshots, folder)
    return found


async def _instant_start(events: list[LoadEvent], snapshots: Snapshots, folder: Path) -> dict[str, float]:
    begun: list[float] = []

    async def recall(_caller: Caller) -> list[Place]:
        begun.append(time.perf_counter())
        return await asyncio.to_thread(snapshots.read, ACCOUNT)

    async with _running(events[:3], folder, recall) as (app, _pilot), _stalls() as stalls:
        await _until(lambda: _tree(app).virtual_size.height > SIZE[1])
        await _frame(app)
        full = time.perf_counter() - begun[0]
        await _until(lambda: app.store.loaded_at is not None)
        return {
            "snapshot, to the first full screen": full,
            "snapshot, until all is shown": time.perf_counter() - begun[0],
            "longest stall after a snapshot": max(stalls),
        }


class _Recorded(Workspace):
    """A workspace that yields what it was given, some pages at once, and asks AWS nothing."""

    def __init__(
        self,
        resolved: ResolvedSettings,
        events: Iterable[LoadEvent],
        recall: Callable[[Caller], Awaitable[list[Place]]] | None,
    ) -> None:
        super().__init__(resolved, [])
        self._events = events
        self._recall = recall

    async def load(self) -> AsyncIterator[LoadEvent]:
        for number, event in enumerate(self._events):
            yield event
            if number % _PAGES_AT_ONCE == 0:
                await asyncio.sleep(_TICK)

    async def recall(self, caller: Caller) -> list[Place]:
        return await self._recall(caller) if self._recall else []


@asynccontextmanager
async def _running(
    events: Iterable[LoadEvent],
    folder: Path,
    recall: Callable[[Caller], Awaitable[list[Place]]] | None = None,
) -> AsyncIterator[tuple[IptuiApp, Pilot[int]]]:
    folders = {f"IPTUI_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    resolved = resolve({}, folders)

    @asynccontextmanager
    async def opening() -> AsyncIterator[Workspace]:
        yield _Recorded(resolved, events, recall)

    app = IptuiApp(resolved, opening)
    async with app.run_test(size=SIZE) as pilot:
        yield app, pilot


@asynccontextmanager
async def _stalls() -> AsyncIterator[list[float]]:
    """By how much the event loop was late each time, in seconds."""
    found = [0.0]

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            found.append(time.perf_counter() - before - _TICK)

    watching = asyncio.create_task(watch())
    try:
        yield found
    finally:
        watching.cancel()


async def _settled(app: IptuiApp, key: str) -> None:
    """Press a key and let all that it asks for be done."""
    _press(app, key)
    await _frame(app)
    await _until(lambda: not any(one.group == "search" for one in app.workers if one.is_running))
    await _frame(app)


async def _seconds_of(app: IptuiApp, key: str) -> float:
    """Until the tree stands otherwise and is drawn."""
    tree = _tree(app)
    before, begin = (tree.cursor_key, tree.virtual_size), time.perf_counter()
    _press(app, key)
    await _until(lambda: (tree.cursor_key, tree.virtual_size) != before)
    await _frame(app)
    return time.perf_counter() - begin


def _press(app: IptuiApp, key: str) -> None:
    app.post_message(Key(key, key if len(key) == 1 else None))


async def _frame(app: IptuiApp) -> None:
    drawn = asyncio.Event()
    app.main.call_after_refresh(drawn.set)
    await drawn.wait()


async def _until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("what is measured never came")
        await asyncio.sleep(_TICK / 2)


def _tree(app: IptuiApp) -> ResourceTree:
    return app.main.query_one(ResourceTree)
