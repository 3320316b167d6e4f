"""What somebody probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.4) -> str | None:
    """`the nearest is 'x'` for the known word most like this one, None where none is so alike (0 to 1)."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"the nearest is {close[0]!r}" if close else None
