"""What changes in a document, line by line, whatever the order and spacing in which AWS wrote it."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Diff

_AROUND = 2


def changed_lines(diff: Diff) -> tuple[str, ...]:
    """The lines that go (`-`) and come (`+`) with a little around them, without a head."""
    lines = difflib.unified_diff(_lines(diff.before), _lines(diff.after), n=_AROUND, lineterm="")
    return tuple(line for number, line in enumerate(lines) if number > 1 and not line.startswith("@@"))


def _lines(document: str) -> list[str]:
    try:
        return json.dumps(json.loads(document), indent=2).splitlines()
    except ValueError:
        return document.splitlines()
