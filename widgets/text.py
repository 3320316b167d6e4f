"""Where every string from outside becomes plain visible text of known width.

Tags, names, error messages and file contents may hold escape sequences, direction marks and invisible
characters. Nothing of that may reach a terminal, and nothing here reads markup.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.content import Content

ELLIPSIS = "…"
NEWLINE_SIGN = "⏎"
UNREADABLE_SIGN = "\ufffd"
LIMIT = 4096

_MARKS_IN_A_ROW = 3
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
# Letters, marks and symbols that Unicode wants drawn as nothing, or as a blank that looks like a space.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_NOT_PLAIN = re.compile("[^ -~]")
_SHORT = 200


def safe(value: object, limit: int = LIMIT) -> str:
    """One line of visible text for any value; at most `limit` characters, the last one `…` if cut.

    A line break becomes `⏎`, a tab a space; other control, direction and invisible characters are dropped,
    so the rest of an escape sequence stands there as readable text. Lone surrogates become `�`.
    """
    text = value if isinstance(value, str) else str(value)
    # Looking at more than could be shown would let a huge value stall the screen.
    cut = len(text) > limit * 2
    if cut:
        text = text[: limit * 2]
    if not (text.isascii() and text.isprintable()):
        text = _shown_again(text) if len(text) <= _SHORT else _shown(text)
    if len(text) > limit:
        return text[: max(limit - 1, 0)] + ELLIPSIS
    return text + ELLIPSIS if cut else text


def plain(value: object, style: str = "", limit: int = LIMIT) -> Content:
    """A value as Textual content: safe, and never read as markup."""
    return Content.styled(safe(value, limit), style) if style else Content(safe(value, limit))


def rich_plain(value: object, limit: int = LIMIT) -> Text:
    """A value as Rich text: safe, and never read as markup."""
    return Text(safe(value, limit), no_wrap=True, end="")


def shorten(value: object, width: int) -> str:
    """A safe value in at most `width` terminal cells, its end cut off with `…` where it is longer."""
    text = safe(value)
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    return _head(text, width - 1) + ELLIPSIS


def shorten_middle(value: object, width: int) -> str:
    """A safe value in at most `width` terminal cells, cut in its middle: ids differ at both ends."""
    text = safe(value)
    if cell_len(text) <= width:
        return text
    if width < 4:
        return shorten(text, width)
    tail = (width - 1) // 3
    head = width - 1 - tail
    return _head(text, head) + ELLIPSIS + _head(text[::-1], tail)[::-1]


def width_of(text: str) -> int:
    """The terminal cells that a safe text takes."""
    return cell_len(text)


def pad(text: str, width: int) -> str:
    """A safe text filled with spaces up to `width` terminal cells; longer text stays as it is."""
    return text + " " * max(width - cell_len(text), 0)


def grouped_account(account: object) -> str:
    """An account id in groups of four, as `1234-5678-9012`; anything else as it is."""
    text = safe(account)
    if len(text) == 12 and text.isascii() and text.isdigit():
        return f"{text[:4]}-{text[4:8]}-{text[8:]}"
    return text


def _shown(text: str) -> str:
    return _without_piles(_NOT_PLAIN.sub(_visible, text.replace("\r\n", "\n")))


_shown_again = lru_cache(maxsize=4_096)(_shown)
"""The same for what is short: signs and causes are drawn again and again."""


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    if character in _BREAKS:
        return NEWLINE_SIGN
    if character == "\t":
        return " "
    if _INVISIBLE.match(character):
        return " " if character == "\u2800" else ""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in {"Cc", "Cf"}:
        return ""
    if category in {"Cs", "Co"} or (ord(character) & 0xFFFE) == 0xFFFE:
        return UNREADABLE_SIGN
    return character


def _without_piles(text: str) -> str:
    """Cut piles of combining marks, which would paint over the lines above and below."""
    if not any(unicodedata.combining(character) for character in text):
        return text
    parts = []
    for combining, group in groupby(text, key=lambda character: unicodedata.combining(character) != 0):
        run = "".join(group)
        parts.append(run[:_MARKS_IN_A_ROW] if combining else run)
    return "".join(parts)


def _head(text: str, width: int) -> str:
    """The longest start of a text that fits; a wide character that would stick out is left away."""
    return set_cell_size(text, width).rstrip() if width > 0 else ""
