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

_RARELY: Final = (10_000, 1, 1_000_000)
"""After so many new objects the youngest are looked at, after so many looks those that were left each time;
all together never."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """While it lasts, look for garbage among what is new, and never again among what was there before.

    What outlived two looks is set aside for good, so that no walk is longer than some milliseconds. To thaw
    that at the end would halt the screen for one long walk. What nothing points at is freed all the same;
    only what points at itself stays.
    """
    usual = gc.get_threshold()
    if usual == _RARELY:
        # Another account is being read at the same time; who came first puts things back.
        yield
        return
    gc.freeze()
    gc.set_threshold(*_RARELY)
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
