"""Editing the text of an AWS config file: one key of one named profile, everything else as it was.

A config library would lose comments, order and spacing; only the one line is touched here.
"""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

_HEADER = re.compile(r"\s*\[(?P<name>[^\]]+)\]")


class _Entry(NamedTuple):
    """A key of a section: its lines [start, end), and the text of the first up to the value."""

    start: int
    end: int
    prefix: str


def value_of(text: str, named_profile: str, key: str) -> str | None:
    """The value that the file sets for a key of a named profile, None where it sets none."""
    lines = text.splitlines(keepends=True)
    entry = _find(lines, named_profile, key)
    if entry is None:
        return None
    first = lines[entry.start][len(entry.prefix) :].strip()
    more = [line.strip() for line in lines[entry.start + 1 : entry.end]]
    return "\n".join([first, *more])


def with_value(text: str, named_profile: str, key: str, value: str) -> str:
    """The text with the key of the named profile set; raises LookupError where there is no such profile."""
    lines = text.splitlines(keepends=True)
    entry = _find(lines, named_profile, key)
    if entry is not None:
        ending = _ending(lines[entry.end - 1]) or ("" if entry.end == len(lines) else "\n")
        lines[entry.start : entry.end] = [f"{entry.prefix}{value}{ending}"]
        return "".join(lines)
    section = _section(lines, named_profile)
    if section is None:
        raise LookupError(f"the file has no named profile {named_profile}")
    start, end = section
    # What stands above the next section is about that one.
    while end > start + 1 and lines[end - 1].strip()[:1] in ("", "#", ";"):
        end -= 1
    ending = _ending(lines[start]) or "\n"
    if not _ending(lines[end - 1]):
        lines[end - 1] += ending
    lines.insert(end, f"{key} = {value}{ending}")
    return "".join(lines)


class Place(NamedTuple):
    """A key as it stands in the file, to put it back there: its lines, and the line above them."""

    above: str
    lines: str


def place_of(text: str, named_profile: str, key: str) -> Place:
    """Where a key stands; raises LookupError where the named profile does not set it."""
    lines = text.splitlines(keepends=True)
    entry = _find(lines, named_profile, key)
    if entry is None:
        raise LookupError(f"the file sets no {key} of named profile {named_profile}")
    return Place(lines[entry.start - 1].strip(), "".join(lines[entry.start : entry.end]))


def without(text: str, named_profile: str, key: str) -> str:
    """The text without the key; raises LookupError where the named profile does not set it."""
    lines = text.splitlines(keepends=True)
    entry = _find(lines, named_profile, key)
    if entry is None:
        raise LookupError(f"the file sets no {key} of named profile {named_profile}")
    del lines[entry.start : entry.end]
    return "".join(lines)


def put_back(text: str, named_profile: str, place: Place) -> str:
    """The text with a key where it stood, else at the top of its section; raises LookupError."""
    lines = text.splitlines(keepends=True)
    section = _section(lines, named_profile)
    if section is None:
        raise LookupError(f"the file has no named profile {named_profile}")
    start, end = section
    above = next((n for n in range(start, end) if lines[n].strip() == place.above), start)
    if not _ending(lines[above]):
        lines[above] += "\n"
    lines.insert(above + 1, place.lines)
    return "".join(lines)


def has_named_profile(text: str, named_profile: str) -> bool:
    """Whether the file has a section for the named profile."""
    return _section(text.splitlines(keepends=True), named_profile) is not None


def _section(lines: list[str], named_profile: str) -> tuple[int, int] | None:
    """The lines [header, end) of a named profile."""
    start: int | None = None
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header is None or line[0].isspace():
            continue
        if start is not None:
            return start, number
        if _profile_named(header["name"]) == named_profile:
            start = number
    return (start, len(lines)) if start is not None else None


def _profile_named(header: str) -> str | None:
    """The named profile that a section header stands for, as botocore reads it."""
    if header.strip() == "default":
        return "default"
    try:
        words = shlex.split(header)
    except ValueError:
        return None
    return words[1] if len(words) == 2 and words[0] == "profile" else None


def _find(lines: list[str], named_profile: str, key: str) -> _Entry | None:
    section = _section(lines, named_profile)
    if section is None:
        return None
    start, end = section
    wanted = re.compile(rf"(?i)({re.escape(key)}[ \t]*[=:][ \t]*)")
    for number in range(start + 1, end):
        found = wanted.match(lines[number])
        if found is None:
            continue
        stop = number + 1
        while stop < end and lines[stop][:1] in (" ", "\t") and lines[stop].strip():
            stop += 1
        return _Entry(number, stop, found[1])
    return None


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
