"""One server and one account for all tests of a process, on which each test gets a world of its own.

Starting both and reading everything takes longer than most tests; what a test sees is the same as if they
were started for it alone.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from instance_profiles.emulator.server import serve
from instance_profiles.fixes.journal import Journal
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from tests.fixes.bench import Bench, connected
from tests.fixes.estate import make_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from pathlib import Path

    import pytest

    from instance_profiles.emulator.world import World
    from instance_profiles.inventory.model import LoadEvent
    from tests.fixes.bench import TroubledAccount


class Changing:
    """To the server it is the world of the present test."""

    def __init__(self) -> None:
        self.world = make_world()
        self._count = 0

    @property
    def revision(self) -> tuple[int, int]:
        """Another one with another world, so that no page of an earlier one is answered."""
        return (self._count, self.world.revision)

    def change(self, world: World) -> None:
        self.world = world
        self._count += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


class Stage:
    """Where the tests play, one after the other."""

    def __init__(self, url: str, world: Changing) -> None:
        self.url = url
        self._world = world
        self._account: TroubledAccount | None = None
        self._events: dict[Callable[[], World], Sequence[LoadEvent]] = {}

    @asynccontextmanager
    async def bench(
        self, monkeypatch: pytest.MonkeyPatch, folder: Path, make: Callable[[], World] = make_world
    ) -> AsyncIterator[Bench]:
        """A company (the small one) as it is at first, read, with an empty journal."""
        world = make()
        self._world.change(world)
        for name, value in world.environment(self.url).items():
            monkeypatch.setenv(name, value)
        account = self._account = self._account or connected()
        connection = account.connection
        if make not in self._events:
            self._events[make] = [event async for event in load(account)]
        bench = Bench(world, account, Journal(folder / "state" / "journal.jsonl"), read(self._events[make]))
        world.requests.clear()
        try:
            yield bench
        finally:
            account.connection, account.troubles = connection, []
            account.carried_out, account.denied_after = [], None
            if _leaves_traces(world) or account.credentials_failed:
                await self.close()

    @contextmanager
    def tried_out(self, bench: Bench) -> Iterator[None]:
        """What happens to the world and to the journal within is undone at the end."""
        world, lines = bench.world, bench.journal.path.read_bytes()
        bench.world = deepcopy(world)
        self._world.change(bench.world)
        try:
            yield
        finally:
            bench.world = world
            self._world.change(world)
            bench.journal.path.write_bytes(lines)

    async def close(self) -> None:
        if self._account is not None:
            await self._account.close()
        self._account = None


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    world = Changing()
    async with serve(cast("World", world)) as url:
        stage = Stage(url, world)
        try:
            yield stage
        finally:
            await stage.close()


def read(events: Sequence[LoadEvent]) -> Inventory:
    inventory = Inventory()
    for event in events:
        inventory.take(event)
    return inventory


def _leaves_traces(world: World) -> bool:
    """Whether the SDK met what it remembers: it sends more slowly once it was throttled."""
    faults = world.faults
    return bool(faults.throttles or faults.delays or faults.silent or faults.html)
