"""Who waits, and for what: a request held back by our own pace, or because AWS asked to slow down."""

from __future__ import annotations

import contextvars
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOWED_DOWN: Final = "Waiting: AWS asked to slow down."
OWN_PACE: Final = "Waiting, to stay below AWS's request limits."

_tell: contextvars.ContextVar[Callable[[str], None] | None] = contextvars.ContextVar("tell", default=None)


@contextmanager
def telling(tell: Callable[[str], None]) -> Iterator[None]:
    """While it lasts, `tell` gets a sentence for people when a request of the task at work has to wait."""
    token = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(token)


def waits(why: str) -> None:
    """Say that the request of the task at work has to wait."""
    tell = _tell.get()
    if tell is not None:
        tell(why)
