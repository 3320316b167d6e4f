"""The rows of a tree that are visible, as one flat list; expanding and collapsing are slice assignments.

Nothing here draws: 100,000 rows are two lists, and a row's text is asked for only when it comes on screen.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from widgets.severity import Severity

_LONG = 200
"""A list of so many rows is taken over whole where none of them stands open."""
_OPENED_AT_ONCE = 500

RowKind: TypeAlias = Literal["group", "object", "field"]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows; plain data, made safe when it is drawn.

    `match` are positions in `label` that a filter hit. `counts` are problems below, `total` the objects
    of a group, `facts` the dim words after a name, `value` what a field holds, `cause` the fault in words.
    """

    label: str
    kind: RowKind = "object"
    facts: str = ""
    value: str = ""
    severity: Severity | None = None
    cause: str = ""
    counts: Mapping[Severity, int] = field(default_factory=dict)
    total: int | None = None
    marked: bool = False
    match: tuple[int, ...] = ()


class TreeSource(Protocol):
    """Where a tree gets its rows from; keys are strings, unique for each place in the tree."""

    def roots(self) -> Sequence[str]: ...

    def children(self, key: str) -> Sequence[str]: ...

    def has_children(self, key: str) -> bool: ...

    def row(self, key: str) -> Row: ...


class NoRows:
    """The source of a tree that has not got one yet."""

    def roots(self) -> Sequence[str]:
        return ()

    def children(self, key: str) -> Sequence[str]:
        return ()

    def has_children(self, key: str) -> bool:
        return False

    def row(self, key: str) -> Row:
        raise KeyError(key)


class VisibleRows:
    """The flat list: `keys[i]` stands at `depths[i]`; `expanded` may hold keys that are not visible now."""

    def __init__(self, source: TreeSource, expanded: Collection[str] = ()) -> None:
        self.source = source
        self.expanded: set[str] = set(expanded)
        self.keys: list[str] = []
        self.depths: list[int] = []
        self.rebuild()

    def __len__(self) -> int:
        return len(self.keys)

    def rebuild(self) -> None:
        """Ask the source again for everything visible; O(visible rows)."""
        self.keys, self.depths = self._flatten(self.source.roots(), 0)

    def index_of(self, key: str) -> int | None:
        try:
            return self.keys.index(key)
        except ValueError:
            return None

    def parent_of(self, index: int) -> int | None:
        depth = self.depths[index]
        for above in range(index - 1, -1, -1):
            if self.depths[above] < depth:
                return above
        return None

    def keys_above(self, index: int) -> list[str]:
        """The keys that hold the row at `index`, innermost first."""
        keys: list[str] = []
        parent = self.parent_of(index) if index >= 0 else None
        while parent is not None:
            keys.append(self.keys[parent])
            parent = self.parent_of(parent)
        return keys

    def end_of(self, index: int) -> int:
        """The index after the last visible row below `index`."""
        depth = self.depths[index]
        end = index + 1
        while end < len(self.depths) and self.depths[end] > depth:
            end += 1
        return end

    def is_open(self, index: int) -> bool:
        return self.keys[index] in self.expanded

    def expand(self, index: int) -> int:
        """Show what is below a row; the number of rows that came."""
        key = self.keys[index]
        if key in self.expanded or not self.source.has_children(key):
            return 0
        self.expanded.add(key)
        keys, depths = self._flatten(self.source.children(key), self.depths[index] + 1)
        self.keys[index + 1 : index + 1] = keys
        self.depths[index + 1 : index + 1] = depths
        return len(keys)

    def collapse(self, index: int) -> int:
        """Hide what is below a row; the number of rows that went."""
        key = self.keys[index]
        if key not in self.expanded:
            return 0
        end = self.end_of(index)
        self.expanded.discard(key)
        del self.keys[index + 1 : end]
        del self.depths[index + 1 : end]
        return end - index - 1

    def expand_all(self, limit: int | None) -> None:
        """Open level by level until all is open, or the next level would pass `limit` rows.

        A level with very many rows to open is left closed as well: each has to be asked what is below it.
        """
        level = list(self.source.roots())
        seen = len(level)
        while level:
            opened = [key for key in level if self.source.has_children(key)]
            if limit is not None and len(opened) > _OPENED_AT_ONCE:
                break
            level = []
            for key in opened:
                level.extend(self.source.children(key))
            seen += len(level)
            if limit is not None and seen > limit:
                break
            self.expanded.update(opened)
        self.rebuild()

    def collapse_all(self) -> None:
        self.expanded.clear()
        self.rebuild()

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

    def _flatten(self, roots: Sequence[str], depth: int) -> tuple[list[str], list[int]]:
        keys: list[str] = []
        depths: list[int] = []
        expanded = self.expanded
        pending = [(iter(roots), depth)]
        while pending:
            rows, level = pending[-1]
            for key in rows:
                keys.append(key)
                depths.append(level)
                if key in expanded:
                    below = self.source.children(key)
                    if len(below) > _LONG and expanded.isdisjoint(below):
                        keys.extend(below)
                        depths.extend([level + 1] * len(below))
                        continue
                    pending.append((iter(below), level + 1))
                    break
            else:
                pending.pop()
        return keys, depths


def nearest(keys: list[str], old_keys: list[str], old_index: int) -> int:
    """Where the row now stands that stood at `old_index`; if it went, the next one that is left, or the
    one before; -1 in an empty list, the first row where there was none."""
    if not keys:
        return -1
    if not 0 <= old_index < len(old_keys):
        return 0
    # Most of the time nothing moved, or the row is still there: look before searching all of them.
    wanted = old_keys[old_index]
    if old_index < len(keys) and keys[old_index] == wanted:
        return old_index
    with suppress(ValueError):
        return keys.index(wanted)
    places = {key: index for index, key in enumerate(keys)}
    for key in (*old_keys[old_index:], *reversed(old_keys[:old_index])):
        if key in places:
            return places[key]
    return min(old_index, len(keys) - 1)
