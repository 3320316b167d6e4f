"""Which words of a line are shown where space lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_T = TypeVar("_T")


def fitting(
    facts: Sequence[_T], endings: Sequence[Sequence[_T]], room: int, width_of: Callable[[Sequence[_T]], int]
) -> list[_T]:
    """The facts and the longest of the endings that has room.

    For the longest ending all facts give way, from the left; where it is empty the last one stays. `width_of`
    tells the cells that all of them take in a line.
    """
    left = list(facts)
    while left and width_of([*left, *endings[0]]) > room and (endings[0] or len(left) > 1):
        del left[0]
    found = (ending for ending in endings if width_of([*left, *ending]) <= room)
    return [*left, *next(found, endings[-1])]
