"""Words for causes and details: counts, short lists, and causes cut to the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.model import ObjectRef

CAUSE_LENGTH = 60
_NAME_LENGTH = 48


def cut(text: str, length: int = CAUSE_LENGTH) -> str:
    """The text, or its beginning with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def count(number: int, noun: str) -> str:
    """`1 instance`, `3 instances`, `1,200 instances`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def names(refs: Iterable[ObjectRef], shown: int = 3) -> str:
    """The names in order, the first few of them: `a, b, c and 4 more`."""
    return listed((cut(ref.name, _NAME_LENGTH) for ref in sorted(refs)), shown)


def listed(words: Iterable[str], shown: int = 3) -> str:
    """The words as they come, the first few of them, repetitions left out."""
    unique = list(dict.fromkeys(words))
    if len(unique) > shown:
        return f"{', '.join(unique[:shown])} and {len(unique) - shown:,} more"
    return " and ".join([", ".join(unique[:-1]), unique[-1]]) if len(unique) > 1 else "".join(unique)


def verb(number: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number of things."""
    return one if number == 1 else many


def ago(days: int) -> str:
    """`today`, `yesterday`, `12 days ago`."""
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def sentences(*parts: str) -> str:
    """Sentences in a row, empty ones left out."""
    return " ".join(part for part in parts if part)


def refs(items: Iterable[ObjectRef | None]) -> tuple[ObjectRef, ...]:
    """The refs in a fixed order, each once."""
    return tuple(sorted({item for item in items if item is not None}, key=_ref_order))


def _ref_order(ref: ObjectRef) -> tuple[str, ...]:
    return (ref.kind, ref.account, ref.region or "", ref.name, ref.id)
