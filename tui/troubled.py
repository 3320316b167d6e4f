"""What is in trouble below a heading: how many things with each mark, and the first of them by name.

Below one heading there may be tens of thousands. Only those that are shown are looked at as more than a mark.
"""

from __future__ import annotations

from collections import Counter
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from instance_profiles.findings.scope import Judged
    from tui.narrowing import Narrowing
    from tui.verdicts import Mark
    from widgets.resource_tree import Row

RULE: Final = "rule"
"""The kind of what stands for a rule and not for an object: no search leaves it out."""


class Troubled:
    """The worst mark of each thing that has any.

    `parts` stand one behind the other, each ordered by `order_of` in itself; `draw` makes the row of a thing.
    """

    def __init__(
        self,
        parts: Iterable[Mapping[Judged, Mark]],
        order_of: Callable[[Judged], Any],
        draw: Callable[[Judged], Row],
    ) -> None:
        self._parts = tuple(parts)
        self._order_of = order_of
        self._draw = draw

    def narrowed(self, keep: Narrowing) -> Troubled:
        """Only those that are wanted for themselves."""
        parts = (
            {about: mark for about, mark in part.items() if about[0] == RULE or keep.wants(about)}
            for part in self._parts
        )
        return Troubled(parts, self._order_of, self._draw)

    def counts(self) -> Counter[Mark]:
        found: Counter[Mark] = Counter()
        for part in self._parts:
            found.update(part.values())
        return found

    def first(self, mark: Mark, number: int) -> list[Row]:
        """The rows of the first ones with a mark."""
        found: list[Judged] = []
        for part in self._parts:
            alike = (about for about, own in part.items() if own == mark)
            found += nsmallest(number - len(found), alike, key=self._order_of)
            if len(found) == number:
                break
        return [self._draw(about) for about in found]
