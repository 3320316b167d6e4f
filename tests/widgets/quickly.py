"""A program under test that loses no time: it waits in milliseconds, and draws only what a test looks at.

Textual's own wait looks whether the process worked during a fiftieth of a second, twice for each key; and
without a terminal it still draws every frame, only to throw it away.
"""

from __future__ import annotations

import asyncio
from time import monotonic, process_time
from typing import TYPE_CHECKING

from textual._compositor import Compositor
from textual._context import visible_screen_stack

if TYPE_CHECKING:
    import pytest
    from textual.screen import Screen

WINDOW, IDLE = 0.003, 0.0005
"""Seconds to look, and the seconds of work during them that count as none."""


def lose_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_in_moments(monkeypatch)
    monkeypatch.setattr(Compositor, "render_update", draw_nothing)


def wait_in_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", wait_for_idle)


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return once nothing was done for two moments, or after `max_sleep` seconds."""
    started, quiet = monotonic(), 0
    while quiet < 2 or monotonic() - started < min_sleep:
        worked = process_time()
        await asyncio.sleep(WINDOW)
        quiet = quiet + 1 if process_time() - worked < IDLE else 0
        if monotonic() - started >= max_sleep:
            return


def draw_nothing(
    compositor: Compositor,
    full: bool = False,
    screen_stack: list[Screen] | None = None,
    simplify: bool = False,
) -> None:
    """In place of a frame for a terminal that is not there; whoever looks has the screen rendered."""
    visible_screen_stack.set(screen_stack or [])
    compositor._dirty_regions.clear()
    _FRAMES.append(None)


def frames() -> int:
    """How many frames the programs of this process would have drawn so far."""
    return len(_FRAMES)


_FRAMES: list[None] = []
