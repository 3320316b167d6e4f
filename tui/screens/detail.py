"""The right side: the selected thing as a note, its relations, policies, all that was read, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.widgets import ContentSwitcher

from tui.notes import note_of
from tui.papers import json_of, policies_of, relations_of
from widgets.json_view import JsonView
from widgets.note import Note
from widgets.policy_view import PolicyView
from widgets.tab_line import TabLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from tui.history import History
    from tui.narrowing import Narrowing
    from tui.store import Store
    from tui.views.node import Node
    from widgets.severity import Glyphs

TABS: tuple[tuple[str, str], ...] = (
    ("problem", "Problem"),
    ("relations", "Relations"),
    ("policy", "Policy"),
    ("json", "JSON"),
    ("history", "History"),
)


class DetailPane(Vertical):
    """Draws only the tab that is shown; the others are made when they are opened."""

    DEFAULT_CSS: ClassVar[str] = """
    DetailPane TabLine { margin-bottom: 1; }
    DetailPane ContentSwitcher { height: 1fr; }
    """

    def __init__(self, store: Store, glyphs: Glyphs, history: History) -> None:
        super().__init__()
        self._store = store
        self._history = history
        self._node: Node | None = None
        self._keep: Narrowing | None = None
        # Held rather than looked for: whoever leaves takes the pane apart while something is still shown.
        self._tabs = TabLine([title for _id, title in TABS])
        self._switcher = ContentSwitcher(initial="problem")
        self._problem = Note(glyphs=glyphs, id="problem")
        self._relations = Note(glyphs=glyphs, id="relations")
        self._policy = PolicyView(glyphs=glyphs, id="policy")
        self._json = JsonView(id="json")
        self._told = Note(glyphs=glyphs, id="history")

    def compose(self) -> ComposeResult:
        yield self._tabs
        with self._switcher:
            yield from (self._problem, self._relations, self._policy, self._json, self._told)

    def show(self, node: Node | None, keep: Narrowing | None = None) -> None:
        """Show another object, or the same one with newer data; `keep` is what the tree is narrowed to."""
        self._node = node
        self._keep = keep
        self._draw()

    def step_tab(self, step: int) -> None:
        names = [name for name, _title in TABS]
        self._open(names[(names.index(self._current) + step) % len(names)])

    def focus_content(self) -> None:
        self._shown.focus()

    def on_tab_line_chosen(self, message: TabLine.Chosen) -> None:
        self._open(TABS[message.index][0])

    @property
    def _current(self) -> str:
        return self._switcher.current or "problem"

    @property
    def _shown(self) -> Widget:
        return self.query_one(f"#{self._current}")

    def _open(self, name: str) -> None:
        had_focus = self._shown.has_focus
        self._switcher.current = name
        self._tabs.active = [tab for tab, _title in TABS].index(name)
        self._draw()
        if had_focus:
            self.focus_content()

    def _draw(self) -> None:
        ref = self._node.ref if self._node else None
        match self._current:
            case "problem":
                self._problem.show(note_of(self._store, self._node, self._keep))
            case "relations":
                self._relations.show(relations_of(self._store, ref))
            case "policy":
                self._policy.show(policies_of(self._store, ref))
            case "history":
                self._told.show(self._history.of(ref, self._store.clock()))
            case _:
                self._json.show(json_of(self._store.inventory, ref))
