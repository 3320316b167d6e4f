"""Python's garbage collector while much is being read: it would walk everything again for each page.

What a load brings is kept, so that looking for garbage among it is in vain; the walks take a third of the
time of a load and halt the screen for a tenth of a second each.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_RARELY: Final = (50_000, 20, 100)
"""After so many new objects the youngest are looked at, after so many looks the older ones, and so on."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """While it lasts, look for garbage rarely; never again among what was there before.

    To thaw that at the end would halt the screen for one long walk. What nothing points at is freed all the
    same; only what points at itself stays.
    """
    usual = gc.get_threshold()
    if usual == _RARELY:
        # Another account is being read at the same time; who came first puts things back.
        yield
        return
    gc.freeze()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
