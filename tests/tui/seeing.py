"""The screen as a test sees it: what stands there, and waiting until it does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from config.settings import resolve
from tests.widgets.conftest import screen_lines, screen_strips
from tests.widgets.quickly import frames
from tui.app import IptuiApp
from tui.last_time import last_times
from tui.picture import last_picture
from tui.workspace import open_workspace
from widgets.resource_tree import ResourceTree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from config.settings import ResolvedSettings
    from tui.workspace import Workspace

PATIENCE = 90
"""Seconds after which what a test waits for will not come any more."""
UNASKED = 10
"""After so many moments without a frame the screen is looked at all the same."""


class Seen:
    """The running program: press keys, look, wait for what should come."""

    def __init__(self, app: IptuiApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        return screen_lines(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def characters(self) -> str:
        """Everything that is sent to the terminal as text, blanks at the ends of lines included."""
        return "".join(segment.text for strip in screen_strips(self.app) for segment in strip)

    @property
    def tree(self) -> ResourceTree:
        return self.app.main.query_one(ResourceTree)

    def row(self, words: str) -> str:
        """The first line with these words."""
        return next(line for line in self.lines if words in line)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def until(self, is_so: Callable[[], object], wanted: str) -> None:
        """Let the program go on until something is so; raises with the screen where it never is."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_so():
                    await self.pilot.pause(0.03)
                await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"{wanted}; the screen was:\n{self.text}") from None

    async def wait(self, *words: str, gone: str | None = None) -> str:
        """Go on until all the words are on the screen and `gone` is not."""

        text, seen, looks = "", -1, 0

        def stand() -> bool:
            nonlocal text, seen, looks
            # To look is to have everything rendered: only when there is a new frame, and now and then.
            looks += 1
            if frames() != seen or looks % UNASKED == 0:
                seen, text = frames(), self.text
            return all(word in text for word in words) and (gone is None or gone not in text)

        await self.until(stand, f"waited for {words!r} (gone: {gone!r})")
        return self.text

    async def opened(self) -> None:
        """Go on until the main screen is there."""
        await self.until(lambda: self.app.screen is not self.app.opening, "waited for the main screen")

    async def loaded(self) -> None:
        """Go on until everything is read and drawn."""
        await self.until(lambda: self.app.store.loaded_at is not None, "waited for the end of the load")
        await self.wait("s ago")

    async def stand_on(self, key: str) -> None:
        """Move the cursor down to a row, whose key ends so."""
        await self.press("home")
        for _ in self.tree.visible_keys:
            if (self.tree.cursor_key or "").endswith(key):
                break
            await self.press("down")
        assert (self.tree.cursor_key or "").endswith(key), self.text
        await self.pilot.pause()


@asynccontextmanager
async def seen(
    folder: Path,
    *,
    size: tuple[int, int] = (120, 40),
    wait: bool = True,
    opening: Callable[[ResolvedSettings], AbstractAsyncContextManager[Workspace]] = open_workspace,
    remembering: bool = False,
    **flags: object,
) -> AsyncIterator[Seen]:
    """Run the program with settings of its own below a folder; `flags` are settings by name.

    Goes on once everything is read, unless `wait` says otherwise. With `remembering` what the last run left
    is shown before AWS is asked who calls.
    """
    folders = {f"IPTUI_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    resolved = resolve(flags, folders)
    last_called = partial(last_times, resolved) if remembering else tuple
    picture = last_picture(resolved) if remembering else None
    app = IptuiApp(resolved, lambda: opening(resolved), last_times=last_called, picture=picture)
    async with app.run_test(size=size, notifications=True) as pilot:
        at = Seen(app, pilot)
        await at.opened()
        if wait:
            await at.loaded()
        yield at
