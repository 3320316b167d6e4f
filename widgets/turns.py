"""Long work in short turns: what would hold keys up is done step by step, and the loop turns in between."""

from __future__ import annotations

import asyncio
from functools import partial
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.widget import Widget
    from textual.worker import Worker

    Turn = Callable[[Iterator[object], float], bool]
    """Takes some steps, for so many seconds, and shows what came of them; whether there may be more."""

TURN = 0.008
"""Seconds of work after which keys get their turn."""
_FRAME = 0.012
"""Seconds within which what changed is drawn, if nothing else holds that up."""
_HANDS = 10
"""A key passes through some hands, each in a turn of the loop of its own, until it is answered."""


def go_on(steps: Iterator[object], seconds: float = TURN) -> bool:
    """Take steps until so many seconds of this thread are used; whether there may be more.

    The thread's own time counts: it is not put off by what else the machine does.
    """
    until = thread_time() + seconds
    return any(thread_time() >= until for _ in steps)


def turns(steps: Iterator[object]) -> Iterator[None]:
    """Take all steps; yields after each turn, where whoever works is to let others go on."""
    while go_on(steps):
        yield


async def give_way() -> None:
    """Let everything go on that has something to do; without waiting where nothing has."""
    for _ in range(_HANDS):
        await asyncio.sleep(0)


class Work:
    """What one widget has to do in turns: whatever is begun ends what was begun before."""

    def __init__(self, widget: Widget, ended: Callable[[], object]) -> None:
        """`ended` is called when there is nothing more to do, but not where it is stopped."""
        self._widget = widget
        self._ended = ended
        self._steps: Iterator[object] | None = None
        self._turn: Turn | None = None
        self._lets_draw = False

    def __bool__(self) -> bool:
        """Whether there is something to do."""
        return self._steps is not None

    def is_at(self, turn: Turn) -> bool:
        return self._steps is not None and self._turn == turn

    def begin(self, steps: Iterator[object], turn: Turn, first: float | None = None) -> None:
        """Take turns as long as there are more; keys have theirs in between. One of `first` seconds is taken
        at once."""
        self._steps, self._turn = steps, turn
        if first is None or self._take(steps, first):
            _: Worker[None] = self._widget.run_worker(
                partial(self._go_on, steps), group="turns", exclusive=True
            )

    def stop(self) -> None:
        self._steps = None

    def end(self) -> None:
        """Stop, and say so."""
        self._steps = None
        self._ended()

    def let_draw(self) -> None:
        """Before the next turn, what there is by now is drawn."""
        self._lets_draw = True

    async def _go_on(self, begun: Iterator[object]) -> None:
        is_more = True
        while is_more:
            await give_way()
            if self._lets_draw:
                self._lets_draw = False
                await asyncio.sleep(_FRAME)
            is_more = self._take(begun)

    def _take(self, begun: Iterator[object], seconds: float = TURN) -> bool:
        """One turn of what was begun, unless something else was meanwhile; whether it was not the last."""
        if begun is not self._steps or self._turn is None:
            return False
        more = self._turn(begun, seconds)
        if not more and begun is self._steps:
            self.end()
        return more
