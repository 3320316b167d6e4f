"""What somebody probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """`the nearest is 'x'` for the known word most like this one, None where none is."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.4)
    return f"the nearest is {close[0]!r}" if close else None
