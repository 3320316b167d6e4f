"""Python's garbage collector during the start: of what is imported nothing is garbage.

To look through it again and again would take a sixth of the time until the first frame.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def starting() -> Iterator[None]:
    """Look for no garbage from here until the end, or until `started` is called."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def started() -> None:
    """All that takes long to import is there: look for garbage again, but not among that."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
