"""Where in the text of a policy document its statements stand."""

from __future__ import annotations

import json
import re
from functools import lru_cache

_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,:]*")

Place = tuple[int, int]
"""Line and column, both from 1."""


@lru_cache(maxsize=1024)
def statement_places(document: str) -> tuple[tuple[Place, Place], ...]:
    """Return where each statement begins and ends, in their order; nothing for what is no policy document."""
    try:
        spans = _spans(document)
    except (ValueError, IndexError):
        return ()
    return tuple((_place(document, start), _place(document, end - 1)) for start, end in spans)


def _spans(document: str) -> list[tuple[int, int]]:
    at = _next(document, document.index("{") + 1)
    while document[at] != "}":
        key, at = _DECODER.raw_decode(document, at)
        at = _next(document, at)
        _, end = _DECODER.raw_decode(document, at)
        if key == "Statement":
            return _items(document, at, end) if document[at] == "[" else [(at, end)]
        at = _next(document, end)
    return []


def _items(document: str, at: int, end: int) -> list[tuple[int, int]]:
    spans = []
    at = _next(document, at + 1)
    while at < end - 1:
        _, after = _DECODER.raw_decode(document, at)
        spans.append((at, after))
        at = _next(document, after)
    return spans


def _next(document: str, at: int) -> int:
    found = _GAP.match(document, at)
    return found.end() if found else at


def _place(document: str, at: int) -> Place:
    line_start = document.rfind("\n", 0, at) + 1
    return document.count("\n", 0, at) + 1, at - line_start + 1
