"""Undoing what terminals, logs and markup do to a message: colours, escapes, entities, wrapped lines.

Everything is done in passes over the whole text, so that the time grows with its length and no faster. What
can be ruled out by a plain search is not asked of an expression: most of a log is about something else.
"""

from __future__ import annotations

import html
import re
from typing import Final

_TERMINAL: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and the cursor
    r"|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)"  # titles and links
    r"|\x1b[@-Z\\-_]"
)
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrt\"'/]))")
_ESCAPED: Final = {"n": "\n", "r": "\n", "t": " ", '"': '"', "'": "'", "/": "/"}
_ROUNDS: Final = 3
"""How often a log may have put a log's line into a string."""

_FRAME: Final = re.compile(r"[ \t]*(?:[│┃|╷╵>]|//|#(?= ))?[ \t]?")
_STAMP: Final = re.compile(
    r"(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d)?\]?"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"
    r"(?: [\w.-]{1,60} [\w./-]{1,60}(?:\[\d+\])?:)?[ \t]*"
)
_UNFINISHED: Final = re.compile(
    r"(?:User:|not authorized to perform|is not|authorized|on resource|because|with an explicit|policy"
    r"|An error occurred|Value \(|The requested|Cannot|must|referenced|for parameter|Encoded authorization"
    r"|failure message|The association|The source|Parameter validation failed)",
)
_GOES_ON: Final = re.compile(
    r"(?:because|with an|with policy|with|on resource|is not|not authorized|authorized|to perform|perform:"
    r"|explicit deny|deny in|in an?|in the|an?|the|no|allows|action|policy|boundary|for|is|operation|Encoded"
    r"|status code|Go to|or call|transitively|failure|message:|profile|from|first|limit|by|when|calling"
    r"|roles)\b"
)
_NEW: Final = re.compile(
    r"(?:User:|An error|Error|ERROR|WARN|INFO|DEBUG|FATAL|Caused by|Traceback|File |at |\{|\}|\[|<|-{3}|=="
    r"|aws: |\d{4}-\d\d)"
)
_VOCABULARY: Final = """
    user authorized perform resource because identity-based resource-based permissions boundary
    session service control policy endpoint trust allows action explicit profile instance encoded
    authorization failure message operation parameter invalid association existing requested exceeds
    limit chaining durationseconds transitively through credentials
"""
_WORDS: Final = frozenset(_VOCABULARY.split())
_QUOTES: Final = "\"'`<>"
_FIRST_TOKEN: Final = re.compile(r"[^\s\"'`<>]*")
_PLAIN_WORD: Final = re.compile(r"[A-Z][a-z]+[.,:]?")
_LONG_TOKEN: Final = 30
_TAIL: Final = 600
"""Characters before the end of a line in which an unfinished sentence would have begun."""


def cleaned(text: str) -> str:
    """The text as its author wrote it, as far as that can be told: one line a message, nothing invisible."""
    if "\x1b" in text:
        text = _TERMINAL.sub("", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSEEN.sub("", text)
    for _ in range(_ROUNDS):
        plain = _ESCAPE.sub(_unescaped, text) if "\\" in text else text
        if "&" in plain:
            plain = html.unescape(plain)
        if plain == text:
            break
        text = plain
    return _joined([_bare(line) for line in text.split("\n")])


def folded(text: str) -> str:
    """The text in small letters, each character in its place: some have a longer small form."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)


def _bare(line: str) -> str:
    """A line without the frame that a tool draws around it and the prefix of a log."""
    framed = _FRAME.match(line)
    begin = framed.end() if framed else 0
    stamped = _STAMP.match(line, begin)
    return line[stamped.end() if stamped else begin :]


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        character = chr(int(found[1], 16))
        return "" if _UNSEEN.match(character) or "\ud800" <= character <= "\udfff" else character
    return _ESCAPED[found[2]]


def _joined(lines: list[str]) -> str:
    """Put together what was wrapped. Only a sentence that is plainly unfinished takes in the next line."""
    pieces: list[str] = []
    tail = ""
    for line in lines:
        joint = _joint(tail, line)
        piece = line.strip() if joint is not None else line.rstrip()
        pieces.append((joint if joint is not None else "\n" * bool(pieces)) + piece)
        tail = (tail + joint + piece if joint is not None else piece)[-_TAIL:]
    return "".join(pieces)


def _joint(tail: str, line: str) -> str | None:
    """What stood between two lines before they were parted; None where they are two."""
    below = line.strip()
    if not tail or not below or _NEW.match(below) or tail.endswith((".", "}", "]", ";", "action", '."')):
        return None
    if not _UNFINISHED.search(tail):
        return None
    first = _FIRST_TOKEN.match(below)
    before, after = _last_token(tail), first[0] if first else ""
    if before and after and _is_one_word(before, after, below, tail):
        return ""
    if _GOES_ON.match(below) or below[0].islower() or before.endswith(":") or below.startswith("arn:"):
        return " "
    return None


def _last_token(text: str) -> str:
    """What stands behind the last space or quote. From the end: an expression would try every place."""
    if text[-1:].isspace():
        return ""
    last = text.rsplit(None, 1)[-1]
    return last[max(last.rfind(quote) for quote in _QUOTES) + 1 :]


def _is_one_word(before: str, after: str, below: str, tail: str) -> bool:
    whole = (before + after).strip(".,:;()").lower()
    if whole in _WORDS:
        return before.lower() not in _WORDS
    if _GOES_ON.match(below) or after.startswith("arn:"):
        return False
    if _PLAIN_WORD.fullmatch(after) and before[-1] not in "/-_":
        return False
    begun = "arn:" in before or re.fullmatch(r"[a-z][a-z0-9-]*:[A-Za-z]*", before) is not None
    if "Encoded authorization failure message" in tail and len(before) > _LONG_TOKEN:
        return True
    return begun
