"""The trees of all views: which one is shown, and where each was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.changes import Changes
from tui.screens.frame import FIRST_VIEW
from tui.views.catalogue import VIEWS, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tui.marks import Marks
    from tui.narrowing import Narrowing
    from tui.store import Mark, Store
    from tui.views.node import Tree


class Place(NamedTuple):
    """What was open in a tree (None: its roots), and the key under the cursor."""

    opened: Collection[str] | None
    cursor: str | None = None


class AllViews:
    """`shown` tells the one severity that is shown, if only one is."""

    def __init__(self, store: Store, marks: Marks, shown: Callable[[], Mark | None]) -> None:
        self.view = VIEWS[FIRST_VIEW]
        self.trees: dict[str, Tree] = {view.id: tree_of(view, store, shown, marks) for view in VIEWS}
        self._store = store
        self._changes = Changes(store.inventory)
        self._places: dict[str, Place] = {}

    @property
    def tree(self) -> Tree:
        """That of the view that is shown."""
        return self.trees[self.view.id]

    @property
    def number(self) -> int:
        """Which view is shown, from 0 in the order of their keys."""
        return VIEWS.index(self.view)

    def switch(self, view_id: str) -> None:
        self.view = next(view for view in VIEWS if view.id == view_id)

    def note_place(self, opened: frozenset[str], cursor: str | None) -> None:
        """Remember where the shown view was left, unless it shows a part of it only."""
        if not self.tree.is_narrowed:
            self._places[self.view.id] = Place(opened, cursor)

    @property
    def place(self) -> Place:
        """Where the shown view was left, or how it begins."""
        return self._places.get(self.view.id) or Place(self.view.opened)

    def follow(self) -> None:
        """Tell all trees which objects changed since they were last told."""
        if self._changes.inventory is not self._store.inventory:
            self._changes = Changes(self._store.inventory)
            changed = None
        else:
            changed = self._changes.take()
        for tree in self.trees.values():
            tree.changed(changed)

    def narrow(self, narrowing: Narrowing | None) -> None:
        for tree in self.trees.values():
            tree.narrow(narrowing)

    def tidy(self) -> Iterator[None]:
        """Free what the trees threw away, in small steps."""
        for tree in self.trees.values():
            yield from tree.tidy()
