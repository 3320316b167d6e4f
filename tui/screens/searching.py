"""Works out what a search or a severity leaves of the trees, in turns between which keys are answered."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING

from tui.filtering import Filter
from widgets.filter_line import FilterLine
from widgets.turns import TURN, give_way, turns

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.worker import Worker

    from tui.screens.main import MainScreen

_GROUP = "filter"
"""The workers, of which a later one ends the one before."""


class Searching:
    """What one screen is filtered by. `changed` is called when that is another, `keep_up` once a second."""

    def __init__(self, screen: MainScreen) -> None:
        self.filter = Filter(screen.store)
        self._screen = screen

    def changed(self) -> None:
        """Show what is wanted now, as soon as that is worked out."""
        self._begin(self._narrow)

    def keep_up(self) -> None:
        """What was found follows the data, and what can be found is made ready beforehand."""
        if any(worker.group == _GROUP and not worker.is_finished for worker in self._screen.workers):
            return
        if self.filter.is_old:
            self._begin(self._narrow_again)
        else:
            self.do_chores()

    def do_chores(self) -> Worker[None]:
        return self._begin(self._chores)

    def _begin(self, work: Callable[[], Coroutine[None, None, None]]) -> Worker[None]:
        return self._screen.run_worker(work, group=_GROUP, exclusive=True)

    async def _narrow(self) -> None:
        await self._work_out()
        await self._screen.show_narrowed()

    async def _narrow_again(self) -> None:
        """The same for data that changed; what a person opened or closed stays so."""
        await self._work_out()
        self._screen.views.narrow(self.filter.narrowing)
        self._screen.data_changed()

    async def _work_out(self) -> None:
        steps = self.filter.work_out()
        for _ in turns(steps):
            await give_way()
        found = self.filter.found
        line = self._screen.query_one(FilterLine)
        line.show_count(found, None if found is None else len(self.filter.index))

    async def _chores(self) -> None:
        store, app = self._screen.store, self._screen.app
        chores = [self._screen.views.tidy()]
        if not store.loading and store.loaded_at is not None:
            chores += [store.listings.make_ready(), self.filter.index.refresh()]
        steps = chain.from_iterable(chores)
        for _ in turns(steps):
            await asyncio.sleep(TURN)
            while app.is_answering:  # noqa: ASYNC110 - time decides
                await asyncio.sleep(TURN)
