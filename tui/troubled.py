"""What is in trouble below a heading: how many things with each mark, and the first of them by name.

Below one heading there may be tens of thousands. Only those that are shown are looked at as more than a mark.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from instance_profiles.findings.scope import Judged
    from tui.narrowing import Narrowing
    from tui.verdicts import Mark
    from widgets.resource_tree import Row

RULE: Final = "rule"
"""The kind of what stands for a rule and not for an object: no search leaves it out."""
_FEW: Final = 200
"""So many are put in order sooner than the first of them are looked for in the list of all."""


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one place: the worst mark of each that has any, and the order they stand in.

    Where there is a list of all things of the place in that order, `listed` goes through it.
    """

    marks: Mapping[Judged, Mark]
    order_of: Callable[[Judged], Any]
    listed: Callable[[], Iterable[Judged]] | None = None

    def first(self, mark: Mark, number: int) -> list[Judged]:
        """The first ones with a mark."""
        alike = [about for about, own in self.marks.items() if own == mark]
        if self.listed is None or len(alike) <= _FEW:
            return nsmallest(number, alike, key=self.order_of)
        found: list[Judged] = []
        for about in self.listed():
            if len(found) == number:
                break
            if self.marks.get(about) == mark:
                found.append(about)
        return found


class Troubled:
    """The things below a heading that have a mark. `parts` stand one behind the other; `draw` makes the row
    of a thing, if it is still there."""

    def __init__(self, parts: Sequence[Part], draw: Callable[[Judged], Row | None]) -> None:
        self._parts = parts
        self._draw = draw

    def narrowed(self, keep: Narrowing) -> Troubled:
        """Only those that are wanted for themselves."""

        def wanted(marks: Mapping[Judged, Mark]) -> dict[Judged, Mark]:
            return {about: mark for about, mark in marks.items() if about[0] == RULE or keep.wants(about)}

        return Troubled([replace(part, marks=wanted(part.marks)) for part in self._parts], self._draw)

    def counts(self) -> Counter[Mark]:
        found: Counter[Mark] = Counter()
        for part in self._parts:
            found.update(part.marks.values())
        return found

    def first(self, mark: Mark, number: int) -> list[Row]:
        """The rows of the first ones with a mark."""
        return [row for about in self._first(mark, number) if (row := self._draw(about)) is not None]

    def _first(self, mark: Mark, number: int) -> Iterator[Judged]:
        for part in self._parts:
            if not number:
                return
            found = part.first(mark, number)
            number -= len(found)
            yield from found
