"""Counting how much of a text the expressions of the reader look at, so that growth can be told exactly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.denials import cleaning, codes, reading, records, sentence
from instance_profiles.denials.known import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

_MODULES = (cleaning, codes, reading, records, sentence)


class Looked:
    """How many characters were looked at, calls of expressions included (each counts as one more)."""

    def __init__(self) -> None:
        self.characters = 0


class CountingPattern:
    """A pattern that counts up to where each call had to look: its match's end, or the end of the text."""

    def __init__(self, pattern: re.Pattern[str], looked: Looked) -> None:
        self._pattern = pattern
        self._looked = looked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def search(self, text: str, pos: int = 0, endpos: int | None = None) -> re.Match[str] | None:
        end = len(text) if endpos is None else min(len(text), endpos)
        return self._counted(self._pattern.search(text, pos, end), pos, end)

    def match(self, text: str, pos: int = 0, endpos: int | None = None) -> re.Match[str] | None:
        found = self._pattern.match(text, pos, len(text) if endpos is None else endpos)
        return self._counted(found, pos, pos)

    def finditer(self, text: str, pos: int = 0, endpos: int | None = None) -> Iterator[re.Match[str]]:
        end = len(text) if endpos is None else min(len(text), endpos)
        at = pos
        for found in self._pattern.finditer(text, pos, end):
            self._counted(found, at, end)
            at = found.end()
            yield found
        self._counted(None, at, end)

    def sub(self, new: Any, text: str) -> str:
        self._counted(None, 0, len(text))
        return self._pattern.sub(new, text)

    def _counted(self, found: re.Match[str] | None, begin: int, end: int) -> re.Match[str] | None:
        self._looked.characters += 1 + max(0, (found.end() if found else end) - begin)
        return found


def counted(patch: pytest.MonkeyPatch) -> Looked:
    """Put a count into every expression of the reader."""
    looked = Looked()
    for module in _MODULES:
        for name, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                patch.setattr(module, name, CountingPattern(value, looked))
    known = [msgspec.structs.replace(one, pattern=CountingPattern(one.pattern, looked)) for one in KNOWN]
    patch.setattr(reading, "KNOWN", tuple(known))
    near = codes._pattern
    patch.setattr(codes, "_pattern", lambda told: CountingPattern(near(told), looked))
    return looked
