"""What changes in a document, line by line, whatever the order and spacing in which AWS wrote it."""

from __future__ import annotations

import difflib
import json

GAP = "…"
_AROUND = 2


def changed_lines(before: str, after: str) -> tuple[str, ...]:
    """The lines that go (`- `) and come (`+ `) with a little around them; GAP where lines are left out."""
    lines = difflib.unified_diff(_lines(before), _lines(after), n=_AROUND, lineterm="")
    found: list[str] = []
    for number, line in enumerate(lines):
        if number < 2:
            continue  # the names of the two files, which there are none of
        if not line.startswith("@@"):
            found.append(f"{line[:1]} {line[1:]}")
        elif found:
            found.append(f"  {GAP}")
    return tuple(found)


def _lines(document: str) -> list[str]:
    try:
        return json.dumps(json.loads(document), indent=2, ensure_ascii=False).split("\n")
    except ValueError:
        return document.split("\n") if document else []
