"""The right side: the selected thing as a note, its relations, policies, all that was read, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

from tui.notes import note_of
from tui.papers import json_of, policies_of, relations_of
from widgets.json_sheet import JsonSheet
from widgets.note import NoteSheet
from widgets.policy_sheet import PolicySheet
from widgets.sheet_view import SheetView
from widgets.tab_line import TabLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult

    from tui.history import History
    from tui.narrowing import Narrowing
    from tui.store import Store
    from tui.views.node import Node
    from widgets.note import Block
    from widgets.severity import Glyphs
    from widgets.sheet_view import Sheet

TABS: tuple[tuple[str, str], ...] = (
    ("problem", "Problem"),
    ("relations", "Relations"),
    ("policy", "Policy"),
    ("json", "JSON"),
    ("history", "History"),
)


class DetailPane(Vertical):
    """Draws only the tab that is open; all share one view, because to hide one widget and show another would
    draw the whole screen anew."""

    DEFAULT_CSS: ClassVar[str] = """
    DetailPane {
        TabLine { margin-bottom: 1; }
        SheetView { overflow-y: scroll; }
    }
    """

    def __init__(self, store: Store, glyphs: Glyphs, history: History) -> None:
        super().__init__()
        self._store = store
        self._history = history
        self._node: Node | None = None
        self._keep: Narrowing | None = None
        self._glyphs = glyphs
        # Held rather than looked for: whoever leaves takes the pane apart while something is still shown.
        self._tabs = TabLine([title for _id, title in TABS])
        self._view = SheetView(NoteSheet((), glyphs))
        self._shown = TABS[0][0]
        self._counted: tuple[tuple[object, ...], tuple[object, ...], Sequence[Block]] | None = None
        """Of which heading the first tab was made, as of when, and what it says."""
        self._places: dict[str, int] = {}
        """How far each tab was scrolled when another one was opened."""

    def compose(self) -> ComposeResult:
        yield self._tabs
        yield self._view

    @property
    def shown(self) -> str:
        """Which tab is open."""
        return self._shown

    def show(self, node: Node | None, keep: Narrowing | None = None) -> None:
        """Show another object, or the same one with newer data; `keep` is what the tree is narrowed to."""
        if node is None or self._node is None or node.key != self._node.key:
            self._places.clear()
        self._node = node
        self._keep = keep
        self._view.show_sheet(self._sheet())

    def step_tab(self, step: int) -> None:
        names = [name for name, _title in TABS]
        self._open(names[(names.index(self._shown) + step) % len(names)])

    def focus_content(self) -> None:
        self._view.focus()

    def on_tab_line_chosen(self, message: TabLine.Chosen) -> None:
        self._open(TABS[message.index][0])

    def _open(self, name: str) -> None:
        self._places[self._shown] = round(self._view.scroll_y)
        self._shown = name
        self._tabs.active = [tab for tab, _title in TABS].index(name)
        self._view.show_sheet(self._sheet(may_be_old=True), self._places.get(name, 0))

    def _sheet(self, *, may_be_old: bool = False) -> Sheet:
        ref = self._node.ref if self._node else None
        match self._shown:
            case "problem":
                return self._note(self._problems(may_be_old=may_be_old))
            case "relations":
                return self._note(relations_of(self._store, ref))
            case "policy":
                return PolicySheet(tuple(policies_of(self._store, ref)), self._glyphs)
            case "history":
                return self._note(self._history.of(ref, self._store.clock()))
            case _:
                return JsonSheet(json_of(self._store.inventory, ref))

    def _problems(self, *, may_be_old: bool) -> Sequence[Block]:
        """The first tab. That of a heading counts what is wrong with thousands of things: again only if
        something changed, and while much does not for each key; it is shown anew soon after."""
        store, node = self._store, self._node
        if node is None or node.ref is not None:
            return note_of(store, node, self._keep)
        of = (node.key, self._keep, store.inventory)
        state = (store.loading, store.revision, store.inventory.revision)
        if self._counted is not None and self._counted[0] == of:
            _, counted_as_of, blocks = self._counted
            if counted_as_of == state or (may_be_old and store.loading):
                return blocks
        counted = tuple(note_of(store, node, self._keep))
        self._counted = of, state, counted
        return counted

    def _note(self, blocks: Iterable[Block]) -> NoteSheet:
        return NoteSheet(tuple(blocks), self._glyphs)
