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
    from collections.abc import Iterable

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

    DEFAULT_CSS: ClassVar[str] = "DetailPane TabLine { margin-bottom: 1; }"

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
        self._view.show_sheet(self._sheet(), self._places.get(name, 0))

    def _sheet(self) -> Sheet:
        ref = self._node.ref if self._node else None
        match self._shown:
            case "problem":
                return self._note(note_of(self._store, self._node, self._keep))
            case "relations":
                return self._note(relations_of(self._store, ref))
            case "policy":
                return PolicySheet(tuple(policies_of(self._store, ref)), self._glyphs)
            case "history":
                return self._note(self._history.of(ref, self._store.clock()))
            case _:
                return JsonSheet(json_of(self._store.inventory, ref))

    def _note(self, blocks: Iterable[Block]) -> NoteSheet:
        return NoteSheet(tuple(blocks), self._glyphs)
