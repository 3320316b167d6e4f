"""From the first frame to the main screen: what is imported when, and keys that come too early.

What asks AWS is imported first, and what shows the answer while that is on its way. Where the last time left
something, that is shown first: it would otherwise wait for the SDK, which takes long to import.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from textual.events import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.app import IptuiApp
    from tui.last_time import LastTime

MAKING = ("tui.intake", "tui.mutes", "tui.store", "tui.session")
ASKING = ("tui.workspace", "aiobotocore.session")
SHOWING = ("tui.screens.main",)
SHOWN_SECONDS = 1.0
"""So long is waited at most for the first picture of what the last time left."""
KEY_SECONDS = 0.04
"""Between two keys that were typed too early."""


class Beginning:
    """`prepare` is called before anything else, beside the event loop, and then `last_times`."""

    def __init__(
        self,
        app: IptuiApp,
        prepare: Callable[[], object] | None,
        last_times: Callable[[], Sequence[LastTime]],
    ) -> None:
        self._app = app
        self._prepare = prepare
        self._last_times = last_times
        self._is_over = False
        self._has_picture = asyncio.Event()
        """Whether something of what the last time left was drawn, or nothing of it is waited for any more."""
        self._answered: list[Key] = []
        """The keys that were typed before the main screen was there, and that it has been given since."""

    async def run(self) -> None:
        """Import, beside the event loop, and open what the first frame did not need."""
        if self._prepare is not None:
            await asyncio.to_thread(self._prepare)
        last_times = await asyncio.to_thread(self._last_times)
        await asyncio.to_thread(_draw_in, MAKING)
        self._app.make(last_times)
        if last_times:
            if self._app.store.picture is not None:
                self.drawn()
            await asyncio.to_thread(_draw_in, SHOWING)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._recall(last_times))
                await self._show_main()
                await self._first_picture()
                await asyncio.to_thread(_draw_in, ASKING)
                self._app.run_session()
        else:
            await asyncio.to_thread(_draw_in, ASKING)
            self._app.run_session()
            await asyncio.to_thread(_draw_in, SHOWING)
            await self._show_main()

    def drawn(self) -> None:
        """Something of what the last time left is on the screen."""
        self._has_picture.set()

    def holds(self, key: Key) -> bool:
        """Keep a key that was pressed while the main screen was being put up, until it is its turn."""
        opening = self._app.opening
        if self._is_over or self._app.screen is opening or key.is_forwarded:
            return False
        if any(key is one for one in self._answered):
            return False
        interrupting = self._app.resolved.settings.keymap.get("interrupt", "ctrl+c")
        if key.key in map(str.strip, interrupting.split(",")):
            return False
        opening.typed.append(key)
        return True

    async def _show_main(self) -> None:
        await self._app.show_main()
        for key in self._app.opening.typed:
            # One after the other: each may move the focus for the next. What is typed meanwhile comes after.
            self._answered.append(Key(key.key, key.character))
            self._app.post_message(self._answered[-1])
            await asyncio.sleep(KEY_SECONDS)
        self._is_over = True

    async def _recall(self, last_times: Sequence[LastTime]) -> None:
        """Give the screen what the last time left; all but the first part waits until something is shown."""
        from tui.last_time import in_thread  # drawn in by now

        intake = self._app.intake
        intake.load_started()
        for last in last_times:
            async for place in in_thread(last.places(self._app.resolved)):
                if intake is not self._app.intake:
                    return  # anybody else calls, and everything began anew
                intake.recalled(last.caller, place)
                await self._first_picture()
        intake.recall_ended()
        self._has_picture.set()

    async def _first_picture(self) -> None:
        """Wait until something of the last time is drawn: imports and files would hold that up."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._has_picture.wait(), SHOWN_SECONDS)
        self._has_picture.set()


def _draw_in(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)
