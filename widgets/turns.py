"""Long work in short turns: what would hold keys up is done step by step, and the loop turns in between."""

from __future__ import annotations

import asyncio
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TURN = 0.008
"""Seconds of work after which keys get their turn."""
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
