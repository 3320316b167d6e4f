"""iptui's screen by itself: a large inventory streams in without AWS, then keys are pressed.

`python -m benchmarks.programs.screen INSTANCES [--stalls]` prints one line of JSON; `--stalls` also what held
the loop up, on standard error. It has an end in any case: what takes too long is given up and said.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from benchmarks.large_inventory import NOW, LargeInventory
from benchmarks.loop_watch import LoopWatch
from config.settings import resolve
from instance_profiles.inventory.collecting import DRAWING, collecting_rarely
from instance_profiles.inventory.model import Batch
from tui.app import IptuiApp
from tui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from config.settings import ResolvedSettings
    from instance_profiles.inventory.model import LoadEvent

PAGE_SECONDS = 0.03
"""Between two pages: 100,000 instances and all that belongs to them come within some ten seconds."""
LIMIT = 600.0
"""Seconds after which the program ends, whatever it waits for."""
QUIET = 0.08
"""Seconds without work after which an operation is over."""
KEY_PAUSE = 0.05

SIZE = (120, 40)


class Silent(HeadlessDriver):
    """A terminal that nobody looks at, but for which everything is drawn."""

    written = 0.0
    """When something was last written, by `time.perf_counter`."""
    first = 0.0
    """The same of the first time since this was set to nothing."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        type(self).written = time.perf_counter()
        type(self).first = type(self).first or type(self).written


class Fed(Workspace):
    """A workspace whose loads bring the same inventory each time, a page after the other."""

    events: tuple[LoadEvent, ...] = ()

    async def load(self) -> AsyncIterator[LoadEvent]:
        for event in self.events:
            if isinstance(event, Batch) and event.objects:
                await asyncio.sleep(PAGE_SECONDS)
            yield event
        self.read_at = NOW


class Measuring:
    """Drives the program as a person would, and keeps what was seen."""

    def __init__(self, app: IptuiApp, watch: LoopWatch) -> None:
        self.app = app
        self.watch = watch
        self.figures: dict[str, Any] = {}

    async def run(self) -> None:
        # The store is made after the first frame, the main screen after that.
        await self._until(lambda: "store" in vars(self.app))
        self.app.store.clock = lambda: NOW
        await self._until(lambda: "main" in vars(self.app) and self.app.main.is_mounted)
        keys, begin = [], time.perf_counter()
        self.watch.phase = "loading"
        while self.app.store.loaded_at is None:
            keys.append(await self._key_answered("right_square_bracket", "]"))
            await asyncio.sleep(KEY_PAUSE)
        self._note("loading", seconds=time.perf_counter() - begin, keys=keys)
        self.watch.phase = "settling"
        await self._quiet()
        await self._operations()
        await self._reload()

    async def _operations(self) -> None:
        tree = self.app.main._tree
        for name, keys in (
            ("instance profiles", "2"), ("end", "end"), ("home", "home"), ("expand all", "asterisk"),
            ("end of all", "end"), ("page up", "pageup"), ("home of all", "home"), ("page down", "pagedown"),
            ("collapse all", "minus"), ("roles", "3"), ("expand all roles", "asterisk"),
            ("instances", "4"), ("expand all instances", "asterisk"), ("end of instances", "end"),
            ("fold a region", "left,left"), ("unfold a region", "right"),
            ("problems", "1"), ("expand all problems", "asterisk"), ("end of problems", "end"),
            ("named", "5"), ("instances again", "4"), ("instance profiles again", "2"),
            ("only errors", "s"), ("only warnings", "s"), ("only notes", "s"), ("everything", "escape"),
        ):  # fmt: skip
            await self._operation(name, *keys.split(","), narrows=name.startswith("only"))
            self.figures[name]["rows"] = tree.row_count
        await self._operation("open search", "slash")
        for letter in "service-04":
            await self._operation(f"type {letter!r}", "minus" if letter == "-" else letter, narrows=True)
            self.figures[f"type {letter!r}"]["rows"] = tree.row_count
        for letter in "xq":
            await self._operation(f"type {letter!r}", letter)
        await self._operation("close search", "escape")

    async def _reload(self) -> None:
        trees = self.app.main.views.trees.values()
        made = sum(tree.made for tree in trees)
        self.watch.phase = "reloading"
        before, begin, keys = self.app.store.loaded_at, time.perf_counter(), []
        self.app.session.reload()
        while self.app.store.loaded_at == before:
            keys.append(await self._key_answered("right_square_bracket", "]"))
            await asyncio.sleep(KEY_PAUSE)
        self._note("reloading", seconds=time.perf_counter() - begin, keys=keys)
        self.figures["reloading"]["nodes made"] = sum(tree.made for tree in trees) - made

    def _note(self, phase: str, **more: object) -> None:
        turns = self.watch.turns.get(phase, [])
        self.figures[phase] = {"longest": max(turns, default=0.0), "cpu": sum(turns), **more}

    async def _operation(self, name: str, *keys: str, narrows: bool = False) -> None:
        """Press keys until nothing more is drawn; a tree that `narrows` is noted when it is drawn first."""
        self.watch.phase = name
        begin, cpu, before = time.perf_counter(), time.thread_time(), self.app.main._filter.narrowing
        Silent.first = 0.0
        for key in keys:
            self._press(key, None)
        if narrows:
            await self._until(lambda: self.app.main._filter.narrowing is not before)
            Silent.first = 0.0  # a letter that was typed is drawn before what it finds
            await self._until(lambda: Silent.first)
        await self._quiet()
        self._note(name, seconds=Silent.written - begin, first=Silent.first - begin)
        self.figures[name]["cpu"] = time.thread_time() - cpu

    async def _key_answered(self, key: str, character: str) -> float:
        """Seconds from a key to the tab that it opens, drawn."""
        from tui.screens.detail import DetailPane

        pane = self.app.main.query_one(DetailPane)
        before, begin = pane.shown, time.perf_counter()
        self._press(key, character)
        # It may be drawn in the same turn of the loop in which it changed.
        unchanged = begin
        while pane.shown == before:
            unchanged = time.perf_counter()
            await asyncio.sleep(0.001)
        await self._until(lambda: Silent.written >= unchanged)
        return Silent.written - begin

    def _press(self, key: str, character: str | None) -> None:
        named = {"slash": "/", "minus": "-", "asterisk": "*"}
        character = character or named.get(key) or (key if len(key) == 1 else None)
        event = events.Key(key, character)
        assert self.app._driver is not None
        self.app._driver.process_message(event)

    async def _until(self, is_so: Callable[[], object]) -> None:
        while not is_so():  # noqa: ASYNC110 - what is waited for knows nothing of being measured
            await asyncio.sleep(0.001)

    def _is_at_work(self) -> bool:
        workers = (worker for worker in self.app.workers if worker.group == "filter")
        return self.app.main._tree.is_busy or any(not worker.is_finished for worker in workers)

    async def _quiet(self) -> None:
        """Until nothing but the usual looks at the clock goes on."""
        while True:
            cpu, writes = time.thread_time(), Silent.written
            await asyncio.sleep(QUIET)
            is_calm = time.thread_time() - cpu < QUIET / 4 and Silent.written == writes
            if is_calm and not self._is_at_work():
                return


async def main(instances: int, *, stalls: bool) -> None:
    inventory = LargeInventory(instances, max(instances // 10, 1))
    Fed.events = tuple(inventory.events())
    del inventory
    with tempfile.TemporaryDirectory() as folder:
        folders = {f"IPTUI_{name}_DIR": f"{folder}/{name.lower()}" for name in ("CONFIG", "STATE", "CACHE")}
        resolved = resolve({}, folders)
        app = IptuiApp(resolved, lambda: fed(resolved))
        app.driver_class = Silent
        watch = LoopWatch()
        measuring = Measuring(app, watch)
        running = asyncio.create_task(app.run_async(size=SIZE))
        watch.start()
        try:
            async with asyncio.timeout(LIMIT):
                await measuring.run()
        except TimeoutError:
            measuring.figures["given up"] = watch.phase
        finally:
            watch.stop()
            app.exit()
            await asyncio.wait([running], timeout=10)
    if stalls:
        for stall in watch.stalls:
            print(
                f"{stall.phase}: {stall.wall * 1000:.0f} ms, {stall.cpu * 1000:.0f} of them of the loop, "
                f"{stall.collecting * 1000:.0f} collecting\n{stall.doing}",
                file=sys.stderr,
            )
    print(json.dumps(measuring.figures))


@asynccontextmanager
async def fed(resolved: ResolvedSettings) -> AsyncIterator[Workspace]:
    yield Fed(resolved, [], clock=lambda: NOW)


if __name__ == "__main__":
    with collecting_rarely(DRAWING):
        asyncio.run(main(int(sys.argv[1]), stalls="--stalls" in sys.argv))
