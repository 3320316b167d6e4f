"""The values of an XML answer's texts, as the SDK reads them, and what makes an answer unusual."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, overload

Wanted = Mapping[str, "Wanted | None"]
"""The members of a structure to read, by their names in the SDK; None stands for all that a member holds."""

ROOT: Final = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)(\s+xmlns=\"[^\"<>]*\")?>")
"""How an answer begins: the root's name, and the namespace that it may declare."""

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z")


class Pairs(Sequence[dict[str, str]]):
    """A list of structures of two texts each, as tags are; they are made when somebody looks at them."""

    def __init__(self, names: tuple[str, str], texts: list[tuple[str, str]]) -> None:
        self._names = names
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> dict[str, str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, str]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, str] | list[dict[str, str]]:
        if isinstance(place, slice):
            return [self._made(texts) for texts in self.texts[place]]
        return self._made(self.texts[place])

    def __eq__(self, other: object) -> bool:
        return list(self) == other

    def __hash__(self) -> int:
        return hash(tuple(self.texts))

    def _made(self, texts: tuple[str, str]) -> dict[str, str]:
        (first, second), (one, other) = self._names, texts
        return {first: one, second: other}


class Unusual(Exception):
    """The answer holds something that a more patient parser should judge."""


def _text(text: str) -> str:
    return text


def _boolean(text: str) -> bool:
    return text == "true"


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as exc:
        raise Unusual("not a number") from exc


def _time(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise Unusual("another form of time")
    try:
        return datetime.fromisoformat(text)
    except ValueError as exc:
        raise Unusual("no such time") from exc


VALUES: Final[Mapping[str, Callable[[str], Any]]] = {
    "string": _text,
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "timestamp": _time,
}
"""By a shape's type: from the text of an element to its value; an empty element has an empty text."""
