"""CloudTrail records: the fields of a denial stand apart there, and are put into one sentence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_RECORD: Final = re.compile(r"\"errorCode\\?\"")
_LONGEST: Final = 1 << 26


def unfolded(text: str) -> str:
    """The text with every CloudTrail record as one line: code, who, action and message."""
    if not _RECORD.search(text) or len(text) > _LONGEST:
        return text
    whole = _parsed(text)
    if whole is not None:
        lines = _lines(whole)
        return "\n\n".join(lines) if lines else text
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    begin = line.find("{")
    if begin < 0 or '"errorCode"' not in line:
        return line
    parsed = _parsed(line[begin:])
    lines = _lines(parsed) if parsed is not None else []
    return "\n\n".join(lines) if lines else line


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(data: Any) -> list[str]:
    """The records anywhere in the data: in `Records`, in the `CloudTrailEvent` of LookupEvents, alone."""
    found: list[str] = []
    waiting: list[Any] = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            if isinstance(one.get("errorCode"), str):
                found.append(sentence_of(one))
            else:
                waiting.extend(reversed(list(one.values())))
        elif isinstance(one, str) and '"errorCode"' in one:
            waiting.append(_parsed(one))
    return found


def sentence_of(record: Mapping[str, Any]) -> str:
    """Code, who, action and message of a record that has an error code, as one sentence of the grammar."""
    code, message = record["errorCode"], str(record.get("errorMessage") or "")
    identity = record.get("userIdentity")
    who = identity.get("arn") if isinstance(identity, dict) else None
    if who and "not authorized to perform:" not in message and "not authorized to perform" in message:
        source = str(record.get("eventSource", "")).partition(".")[0]
        action = f"{source}:{record.get('eventName')}"
        said = f"User: {who} is not authorized to perform: {action}"
        message = message.replace("You are not authorized to perform this operation", said, 1)
    return f"{code}: {message}"
