"""The rows of a tree that are visible, as stretches of lists: what is not looked at costs nothing.

A stretch is a part of one list that no open row interrupts, so that 100,000 rows below an open one are a
single entry. Nothing here draws: a row's text is asked for only when it comes on screen.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import copy
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from widgets.tree_source import SiblingKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence

    from widgets.tree_source import TreeSource

    Opens = Callable[[Sequence[str], range], Iterable[int]]
    """Of some places of a list, those whose rows are to be opened."""

_LONG = 200
"""In longer lists open rows are looked for by their keys, and not by going through the list."""
_FEW_OF = 8
"""Looking for a key costs as much as going past so many."""
_ASKED = 20
"""Rows that are asked what is below them between two pauses of work that can be paused."""
_LOOKED_AT = 500
"""The same for rows of which it is asked whether they open at all."""
_TRIED = 200
"""Rows before and after one that went, of which the nearest that is left is looked for."""


class _Stretch(NamedTuple):
    """Rows that follow one another on the screen; where something is open inside, it is the last of them."""

    keys: Sequence[str]
    start: int
    stop: int
    depth: int


@dataclass(slots=True)
class _Opened:
    """What was opened and is not shown yet."""

    stretches: list[_Stretch] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    under: dict[str, set[str]] = field(default_factory=dict)

    def note(self, key: str) -> None:
        self.keys.add(key)
        self.under.setdefault(key.rpartition("/")[0], set()).add(key)


def _ends_of(stretches: Sequence[_Stretch]) -> Generator[bool, None, list[int]]:
    """How many rows there are up to the end of each stretch."""
    ends: list[int] = []
    rows = 0
    for number, (_, start, stop, _) in enumerate(stretches):
        rows += stop - start
        ends.append(rows)
        if number % _LOOKED_AT == 0:
            yield False
    return ends


class VisibleRows:
    """Row `i` is `key(i)` at `depth(i)`; `expanded` may hold keys that are not visible now."""

    def __init__(self, source: TreeSource, expanded: Collection[str] = ()) -> None:
        self.source = source
        self.expanded: set[str] = set(expanded)
        self._open_under: dict[str, set[str]] = {}
        for key in self.expanded:
            self._note_open(key)
        self._stretches: list[_Stretch] = []
        self._ends: list[int] = []
        self.rebuild()

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[str]:
        """All keys, from top to bottom."""
        for keys, start, stop, _ in self._stretches:
            yield from keys[start:stop]

    def key(self, index: int) -> str:
        stretch, place = self._at(index)
        return stretch.keys[place]

    def depth(self, index: int) -> int:
        return self._at(index)[0].depth

    def index_of(self, key: str, depth: int | None = None) -> int | None:
        """Where a key stands, at this depth if that is known. O(stretches) for lists of `SiblingKeys`."""
        found: dict[int, int | None] = {}
        for number, (keys, start, stop, level) in enumerate(self._stretches):
            if depth is not None and level != depth:
                continue
            # A long list is there in as many pieces as rows of it are open, and is looked through once.
            place = found.get(id(keys), -1)
            if place == -1:
                if keys.__class__ is not list and isinstance(keys, SiblingKeys):
                    place = keys.find(key)
                else:
                    place = keys.index(key) if key in keys else None
                found[id(keys)] = place
            if place is not None and start <= place < stop:
                return self._ends[number] - (stop - place)
        return None

    def parent_of(self, index: int) -> int | None:
        number, depth = self._number(index), self.depth(index)
        for above in range(number - 1, -1, -1):
            if self._stretches[above].depth < depth:
                return self._ends[above] - 1
        return None

    def keys_above(self, index: int) -> list[str]:
        """The keys that hold the row at `index`, innermost first."""
        keys: list[str] = []
        parent = self.parent_of(index) if index >= 0 else None
        while parent is not None:
            keys.append(self.key(parent))
            parent = self.parent_of(parent)
        return keys

    def end_of(self, index: int) -> int:
        """The index after the last visible row below `index`."""
        number, depth = self._number(index), self.depth(index)
        if index + 1 < self._ends[number]:
            return index + 1
        while number + 1 < len(self._stretches) and self._stretches[number + 1].depth > depth:
            number += 1
        return self._ends[number]

    def is_open(self, index: int) -> bool:
        return self.key(index) in self.expanded

    def nearest(self, index: int, before: VisibleRows) -> int:
        """Where the row stands that stood at `index` `before`; if it went, the next one that is left, or the
        one above; the first row where there was none, -1 where there is none now."""
        if not len(self):
            return -1
        if not 0 <= index < len(before):
            return 0
        # Most of the time nothing moved.
        if index < len(self) and self.key(index) == before.key(index):
            return index
        after = range(index, min(index + _TRIED, len(before)))
        for place in (*after, *range(index - 1, max(index - _TRIED, -1), -1)):
            found = self.index_of(before.key(place))
            if found is not None:
                return found
        return min(index, len(self) - 1)

    def nearest_above(self, index: int, before: VisibleRows) -> int:
        """Where the row stands that stood at `index` `before`; if it went, the innermost that is left of what
        held it; the first row where there was none, -1 where there is none now."""
        found = self.index_of(before.key(index), before.depth(index)) if index >= 0 else None
        if found is None:
            left = (self.index_of(key) for key in before.keys_above(index))
            found = next((place for place in left if place is not None), 0)
        return min(found, len(self) - 1)

    def is_shaped_as(self, other: VisibleRows) -> bool:
        """Whether nothing was opened, closed or read again since the other one was taken from this one."""
        return self._stretches is other._stretches

    def as_it_is(self) -> VisibleRows:
        """The rows of now, whatever becomes of these."""
        return copy(self)

    # Changing

    def open_up(self, keys: Iterable[str]) -> None:
        """Let these stand open from the next rebuild on."""
        for key in keys:
            self.expanded.add(key)
            self._note_open(key)

    def expand(self, index: int) -> int:
        """Show what is below a row; the number of rows that came."""
        key = self.key(index)
        if key in self.expanded or not self.source.has_children(key):
            return 0
        self.open_up((key,))
        number, (stretch, place) = self._number(index), self._at(index)
        came: list[_Stretch] = []
        for _ in self._flatten(self.source.children(key), stretch.depth + 1, came):
            pass
        rest = [stretch._replace(start=place + 1)] if place + 1 < stretch.stop else []
        before = len(self)
        opened = [stretch._replace(stop=place + 1), *came, *rest]
        self._stretches = [*self._stretches[:number], *opened, *self._stretches[number + 1 :]]
        self._count()
        return len(self) - before

    def collapse(self, index: int) -> int:
        """Hide what is below a row; the number of rows that went."""
        key = self.key(index)
        if key not in self.expanded:
            return 0
        self._close(key)
        end = self.end_of(index)
        went = end - index - 1
        if went:
            first, last = self._number(index), self._number(end - 1)
            joined = self._stretches[first]
            if last + 1 < len(self._stretches):
                following = self._stretches[last + 1]
                if following.keys is joined.keys and following.start == joined.stop:
                    joined, last = joined._replace(stop=following.stop), last + 1
            self._stretches = [*self._stretches[:first], joined, *self._stretches[last + 1 :]]
            self._count()
        return went

    def collapse_all(self) -> None:
        self.expanded.clear()
        self._open_under.clear()
        self.rebuild()

    def rebuild(self) -> None:
        """Ask the source again for everything that is open."""
        for _ in self.rebuilding():
            pass

    def rebuilding(self) -> Iterator[None]:
        """The same in small steps; the rows are those of before until the last one is done."""
        fresh: list[_Stretch] = []
        yield from self._flatten(self.source.roots(), 0, fresh)
        self._stretches = fresh
        self._count()

    def opening_all(self, limit: int | None, opens: Opens | None = None) -> Iterator[bool]:
        """Open level by level, in small steps, until all is open or the next level would pass `limit` rows.

        True after each level, whose rows are there from then on. `opens` chooses what is opened, of all.
        """
        opens = opens or self._with_children
        depth = 0
        while any(stretch.depth >= depth for stretch in self._stretches):
            level = yield from self._to_open(depth, opens)
            opened = _Opened()
            if not (yield from self._open_level(level, opened, limit)):
                return
            ends = yield from _ends_of(opened.stretches)
            # All at once, and quickly: until here the rows were those of before.
            self._stretches, self._ends = opened.stretches, ends
            self.expanded |= opened.keys
            for under, keys in opened.under.items():
                self._open_under.setdefault(under, set()).update(keys)
            yield True
            depth += 1

    def _with_children(self, keys: Sequence[str], places: range) -> list[int]:
        return [place for place in places if self.source.has_children(keys[place])]

    def _to_open(self, depth: int, opens: Opens) -> Generator[bool, None, list[tuple[_Stretch, list[int]]]]:
        """All stretches, each with the places in it that are to be opened: those of one depth."""
        found: list[tuple[_Stretch, list[int]]] = []
        for number, stretch in enumerate(self._stretches):
            keys, start, stop, level = stretch
            places: list[int] = []
            while level == depth and start < stop:
                some = range(start, min(start + _LOOKED_AT, stop))
                places += [place for place in opens(keys, some) if keys[place] not in self.expanded]
                start = some.stop
                if start < stop:
                    yield False
            found.append((stretch, places))
            if number % _ASKED == 0:
                yield False
        return found

    def _open_level(
        self, level: list[tuple[_Stretch, list[int]]], opened: _Opened, limit: int | None
    ) -> Generator[bool, None, bool]:
        """Collect the rows with these places open; False where there would be more than the limit."""
        # Each brings one row at least.
        rows = len(self) + sum(len(places) for _, places in level)
        fresh, asked = opened.stretches, 0
        for number, (stretch, places) in enumerate(level):
            start = stretch.start
            for place in places:
                if limit is not None and rows > limit:
                    return False
                key = stretch.keys[place]
                below = self.source.children(key)
                opened.note(key)
                fresh.append(stretch._replace(start=start, stop=place + 1))
                yield from (False for _ in self._flatten(below, stretch.depth + 1, fresh))
                start, rows = place + 1, rows + len(below) - 1
                asked += 1
                if asked % _ASKED == 0:
                    yield False
            if start < stretch.stop:
                fresh.append(stretch._replace(start=start) if places else stretch)
            if number % _LOOKED_AT == 0:
                yield False
        return limit is None or rows <= limit

    def path_to(self, key: str) -> list[str] | None:
        """The keys above `key`, outermost first; None where the source does not have it. O(all rows)."""
        pending: list[tuple[str, int]] = [(root, 0) for root in reversed(self.source.roots())]
        path: list[str] = []
        while pending:
            candidate, depth = pending.pop()
            if candidate == key:
                return path[:depth]
            if self.source.has_children(candidate):
                del path[depth:]
                path.append(candidate)
                pending.extend((child, depth + 1) for child in reversed(self.source.children(candidate)))
        return None

    # Below

    def _number(self, index: int) -> int:
        """Which stretch a row is in."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bisect_right(self._ends, index)

    def _at(self, index: int) -> tuple[_Stretch, int]:
        number = self._number(index)
        stretch = self._stretches[number]
        return stretch, stretch.stop - (self._ends[number] - index)

    def _count(self) -> None:
        self._ends = list(accumulate(stop - start for _, start, stop, _ in self._stretches))

    def _flatten(self, keys: Sequence[str], depth: int, out: list[_Stretch]) -> Iterator[None]:
        """Append the stretches of a list and of all that is open in it; pauses now and then."""
        pending = [(keys, 0, iter(self._open_in(keys)), depth)]
        asked = 0
        while pending:
            siblings, start, opened, level = pending.pop()
            place = next(opened, None)
            if place is None:
                if start < len(siblings):
                    out.append(_Stretch(siblings, start, len(siblings), level))
                continue
            out.append(_Stretch(siblings, start, place + 1, level))
            pending.append((siblings, place + 1, opened, level))
            below = self.source.children(siblings[place])
            pending.append((below, 0, iter(self._open_in(below)), level + 1))
            asked += 1
            if asked % _ASKED == 0:
                yield

    def _open_in(self, keys: Sequence[str]) -> list[int]:
        """Where the open rows of a list stand, in order."""
        if isinstance(keys, SiblingKeys) and len(keys) > _LONG:
            opened = self._open_under.get(keys.under, ())
            if len(opened) * _FEW_OF < len(keys):
                return sorted(place for key in opened if (place := keys.find(key)) is not None)
        expanded = self.expanded
        return [place for place, key in enumerate(keys) if key in expanded]

    def _note_open(self, key: str) -> None:
        self._open_under.setdefault(key.rpartition("/")[0], set()).add(key)

    def _close(self, key: str) -> None:
        self.expanded.discard(key)
        self._open_under.get(key.rpartition("/")[0], set()).discard(key)
