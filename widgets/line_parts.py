"""A line made of parts that can be clicked: what stands where, and what a click on it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A piece of a line; `meaning` is what a click on it asks for, None for plain words and gaps."""

    content: Content
    meaning: T | None = None


def spread(
    left: Sequence[Part[T]], right: Sequence[Part[T]], width: int, gap: int = 2
) -> list[Part[T]] | None:
    """Left parts, blank space and right parts, exactly `width` cells; None where they do not fit."""
    space = width - width_of_parts(left) - width_of_parts(right)
    if space < (gap if left and right else 0):
        return None
    return [*left, Part(Content(" " * space)), *right]


def joined(parts: Iterable[Part[T]]) -> Content:
    return Content("").join(part.content for part in parts)


def meaning_at(parts: Iterable[Part[T]], x: int) -> T | None:
    """What a click on cell `x` asks for."""
    end = 0
    for part in parts:
        end += part.content.cell_length
        if 0 <= x < end:
            return part.meaning
    return None


def width_of_parts(parts: Iterable[Part[T]]) -> int:
    return sum(part.content.cell_length for part in parts)
