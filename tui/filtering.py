"""What a person wants to see of everything: typed words, a severity, or both; worked out in small steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue_search import told_by
from tui.narrowing import Narrowing
from tui.search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from tui.search import Found
    from tui.store import Mark, Store
    from tui.verdicts import Group


class Filter:
    """`typed` and `shown` are what is wanted; `narrowing` was worked out last, None for everything."""

    def __init__(self, store: Store) -> None:
        self.typed = ""
        self.shown: Mark | None = None
        self.narrowing: Narrowing | None = None
        self.found: int | None = None
        """How many objects the typed words find."""
        self._store = store
        self._index: SearchIndex | None = None
        self._revision = (-1, -1)

    @property
    def is_on(self) -> bool:
        return bool(self.typed.strip()) or self.shown is not None

    @property
    def is_old(self) -> bool:
        """Whether anything changed since it was worked out."""
        return self.is_on and self._revision != self._state()

    @property
    def index(self) -> SearchIndex:
        """Of the inventory that is shown."""
        if self._index is None or self._index.inventory is not self._store.inventory:
            self._index = SearchIndex(self._store.inventory)
        return self._index

    def work_out(self) -> Iterator[None]:
        """Look through everything in small steps; nothing is another before the last one is done."""
        revision, typed, shown = self._state(), self.typed, self.shown
        found: Found | None = None
        if typed.strip():
            found = self._store.verdicts.of_rules(told_by(typed))
            yield
            yield from self.index.find(typed, found)
        narrowing = None
        if found is not None or shown is not None:
            marked = self._store.verdicts.with_mark(shown) if shown is not None else None
            narrowing = Narrowing(self._store.inventory, _both(found, marked))
            yield from narrowing.prepare()
        self._revision = revision
        self.narrowing = narrowing
        self.found = sum(map(len, found.values())) if found is not None else None

    def _state(self) -> tuple[int, int]:
        return self._store.revision, self._store.inventory.revision


def _both(
    found: Mapping[Group, AbstractSet[str]] | None, marked: Mapping[Group, AbstractSet[str]] | None
) -> Mapping[Group, AbstractSet[str]]:
    """Of what was found, what has the severity."""
    if found is None or marked is None:
        return (marked if found is None else found) or {}
    return {group: names & found[group] for group, names in marked.items() if group in found}
