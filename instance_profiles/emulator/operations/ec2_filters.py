"""EC2's filters: several values are alternatives, several filters must all match, * and ? are wildcards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from instance_profiles.emulator.refusal import RefusalError

T = TypeVar("T")
Read = Callable[[T], Iterable[str]]


def matching(
    items: Iterable[T],
    filters: Iterable[Mapping[str, Any]],
    known: Mapping[str, Read[T]],
    tags: Callable[[T], Mapping[str, str]],
) -> list[T]:
    """Return the items that match; raises InvalidParameterValue for a filter that is not known."""
    tests = [(_reader(entry["Name"], known, tags), entry.get("Values", [])) for entry in filters]
    return [item for item in items if all(_matches(read(item), values) for read, values in tests)]


def _reader(name: str, known: Mapping[str, Read[T]], tags: Callable[[T], Mapping[str, str]]) -> Read[T]:
    if name in known:
        return known[name]
    if name == "tag-key":
        return lambda item: list(tags(item))
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda item: [tags(item)[key]] if key in tags(item) else []
    raise RefusalError("InvalidParameterValue", f"The filter '{name}' is invalid")


def _matches(held: Iterable[str], wanted: list[str]) -> bool:
    return any(fnmatchcase(value, _pattern(text)) for value in held for text in wanted)


def _pattern(text: str) -> str:
    """Brackets are plain characters to EC2."""
    return text.replace("[", "[[]")
