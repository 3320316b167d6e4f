"""Python's garbage collector where much is kept: it would walk everything again for each page.

What a load brings is kept, so that looking for garbage among it is in vain; the walks take a third of the
time of a load and halt the screen for some tenths of a second each.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOADING: Final = 10_000
"""New objects after which the youngest are looked at, where nothing but a load is at work."""
DRAWING: Final = 2_000
"""The same where a screen is drawn as well: each frame leaves a thousand circles, and to free those of many
frames at once would halt it."""
_TOGETHER: Final = 20_000
"""New objects after which those that were left by one look are looked at again, and then set aside."""
_NEVER: Final = 1_000_000


@contextmanager
def collecting_rarely(new: int = LOADING) -> Iterator[None]:
    """While it lasts, look for garbage among what is new, and never again among what was there before.

    What outlived two looks is set aside for good, so that no walk is longer than some milliseconds. To thaw
    that at the end would halt the screen for one long walk. What nothing points at is freed all the same;
    only what points at itself stays.
    """
    if _set_aside in gc.callbacks:
        # It is in force already, be it that another account is being read; who came first puts things back.
        yield
        return
    usual = gc.get_threshold()
    gc.freeze()
    # Of the oldest, all that there is, nothing is ever looked at.
    gc.set_threshold(new, _TOGETHER // new - 1, _NEVER)
    gc.callbacks.append(_set_aside)
    try:
        yield
    finally:
        gc.callbacks.remove(_set_aside)
        gc.set_threshold(*usual)
        gc.freeze()


def _set_aside(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] > 0:
        gc.freeze()
