"""Finding what the catalogue says of a word, a phrase or an error message as it was received."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.catalogue import CATALOGUE
from instance_profiles.findings.rule import Rule
from instance_profiles.findings.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Entry = Rule | Topic

_GAP = "…"
_CODE = re.compile(r"(?!User:|Value )([A-Z][A-Za-z]+(?:\.[A-Za-z]+)?): (?=\S)")
_IMDS_CODE = re.compile(r'"Code" : "([A-Za-z]+)"(?:, "Message" : )?')
_ANY_CODE = re.compile(rf"error occurred \([A-Za-z.]+\)|\b{_CODE.pattern}")
# Quotes, blanks and the ends of lines differ between tools, and numbers from case to case.
_NOISE = re.compile(r"[\s\"'`´‘’“”\\]+")
_NUMBER = re.compile(r"\d+")
_LEAST = 8
"""Characters that a pattern must have besides its gaps, to say anything about a message."""
_PHRASE = 3
"""Words; fewer may as well be the name of something."""
_LONG = 5
"""Characters from which on a word may stand inside another one, as in iam:PassRole."""
_FEW = 4
"""Words; from there on a name or number among them may be foreign to the catalogue."""


class Match(msgspec.Struct, frozen=True):
    """An entry that was found. `text` is the error text that did it, None where other words did."""

    entry: Entry
    text: str | None = None


def search(asked: str) -> tuple[Match, ...]:
    """What was asked for, the best first; empty where nothing is like it.

    A message in which an error text stands, with names and numbers in its gaps, finds that; the longer the
    text, the better. All else finds the entries in which every word stands: in the id, the title, the error
    texts, or what it means.
    """
    return tuple(_by_message(asked) or _by_words(asked))


def told_by(typed: str) -> frozenset[str]:
    """The ids that a person means who types an id, a part of an error text, or pastes a message.

    It is made for text that is mostly something else, such as the name of an object: short words mean none.
    """
    folded = typed.strip().casefold()
    ids = {entry_id for entry_id in CATALOGUE if "-" in folded and entry_id.startswith(folded)}
    if len(folded) < _LEAST:
        return frozenset()
    found = _by_message(typed)
    if not found and len(folded.split()) >= _PHRASE:
        found = [match for match in _by_words(typed) if match.text]
    return frozenset(ids | {match.entry.id for match in found})


def _by_message(asked: str) -> list[Match]:
    message = _plain(asked)
    coded = bool(_ANY_CODE.search(asked))
    found: list[tuple[int, bool, Match]] = []
    for entry in CATALOGUE.values():
        weights = [(_weight(text, message, coded=coded), text) for text in entry.error_texts]
        weight, text = max(weights, default=(0, ""), key=lambda one: one[0])
        if weight:
            found.append((-weight, entry.seen != "error", Match(entry, text)))
    return [match for *_, match in sorted(found, key=lambda one: one[:2])]


def _weight(text: str, message: str, *, coded: bool) -> int:
    """How many characters of a message an error text explains, 0 where it is not in it.

    Tools write the code before the text, in brackets or not at all, so that it counts by itself.
    """
    code, pieces = _pattern(text)
    if coded and code not in message:
        return 0
    place = 0
    for piece in pieces:
        at = message.find(piece, place)
        if at < 0:
            return 0
        place = at + len(piece)
    weight = sum(map(len, pieces))
    if weight < _LEAST:
        return 0
    return weight + (len(code) if code in message else 0)


@cache
def _pattern(text: str) -> tuple[str, tuple[str, ...]]:
    """The code and what stands between the gaps; a code alone is all there is to find."""
    coded = _CODE.match(text) or _IMDS_CODE.match(text)
    code, rest = (coded[1], text[coded.end() :]) if coded else ("", text)
    if not rest:
        code, rest = "", code
    parts = rest.rstrip(". ").split(_GAP)
    return _plain(code), tuple(piece for part in parts if (piece := _plain(part)))


def _plain(text: str) -> str:
    return _NUMBER.sub("0", _NOISE.sub("", text.casefold()))


def _by_words(asked: str) -> Iterator[Match]:
    words = asked.casefold().split()
    if len(words) >= _FEW:
        words = [word for word in words if not _is_name(word)]
    if not words:
        return
    seen: set[str] = set()
    for place in range(_PLACES):
        for entry in CATALOGUE.values():
            told = next((text for text in _told(entry, place) if _has(words, text)), None)
            if told is not None and entry.id not in seen:
                seen.add(entry.id)
                yield Match(entry, told if place == _ERROR_TEXTS else None)


_ERROR_TEXTS, _PLACES = 2, 5


def _told(entry: Entry, place: int) -> Sequence[str]:
    everything = (entry.id, entry.title, *entry.error_texts, entry.meaning, entry.detection)
    return (
        (entry.id,),
        (entry.title,),
        entry.error_texts,
        (entry.meaning, entry.detection),
        (" ".join(everything),),
    )[place]


def _has(words: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded and (len(word) >= _LONG or _begins(word, folded)) for word in words)


def _begins(word: str, folded: str) -> bool:
    """Whether some word begins so: within words, short ones are found everywhere."""
    return re.search(rf"(?<!\w){re.escape(word)}", folded) is not None


def _is_name(word: str) -> bool:
    """Whether a word looks like an id, an ARN or an account number rather than a word of an error text."""
    return any(character.isdigit() for character in word) or word.startswith("arn:")
