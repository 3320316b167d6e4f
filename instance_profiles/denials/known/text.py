"""What is known of one error text."""

from __future__ import annotations

import re
from typing import Final

import msgspec

QUOTE: Final = r"[\"'`“”]?"
NAME: Final = r"(?P<resource>[^\s\"'`“”<>(),]{1,300})"


class Known(msgspec.Struct, frozen=True):
    """One error text. `needle` is a part of it in lower case that is looked for first.

    `pattern` finds the whole of it; its group `resource` names what it is about. `codes` are the codes under
    which it comes. What no rule of the catalogue covers brings its own `meaning` and `steps`.
    """

    rule: str | None
    needle: str
    pattern: re.Pattern[str]
    codes: tuple[str, ...] = ()
    meaning: str = ""
    steps: tuple[str, ...] = ()


def known(rule: str, needle: str, pattern: str, *codes: str) -> Known:
    """A text by its pattern, in which the case of letters does not matter."""
    return Known(rule, needle, re.compile(pattern, re.IGNORECASE), codes)


def plain(needle: str, pattern: str, *codes: str, meaning: str, steps: tuple[str, ...]) -> Known:
    """A text that no rule covers, with what it means and what to do."""
    return Known(None, needle, re.compile(pattern, re.IGNORECASE), codes, meaning, steps)
