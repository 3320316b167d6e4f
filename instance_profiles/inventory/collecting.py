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

_RARELY: Final = (5_000, 10_000, 100)
"""After so many new objects those are looked at, in a millisecond or two; those that stay are not, for they
are what is being read."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """While it lasts, look for garbage rarely; never again among what was there before or came in it.

    To thaw that at the end, or to look through what came, would halt the screen for one long walk. What
    nothing points at is freed all the same; only what points at itself stays.
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
        gc.freeze()
        gc.set_threshold(*usual)
