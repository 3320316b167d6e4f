"""The one window: who and where, what is wrong, the tree on the left, the selected thing on the right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.screen import Screen

from instance_profiles.findings.catalogue_search import told_by
from tui import keys
from tui.clipboard import copy
from tui.headline import status_of, title_of
from tui.history import History
from tui.marks import Marks
from tui.narrowing import Narrowing
from tui.relations import problems_of
from tui.screens.detail import DetailPane
from tui.screens.frame import EMPTY_TEXT, FIRST_VIEW, FRAME_CSS, NARROW, framed
from tui.search import SearchIndex, searchable
from tui.store import MARKS, ref_key
from tui.views.by_problem import MUTED_KEY
from tui.views.catalogue import VIEWS, tree_of
from tui.words import counted
from widgets.filter_line import FilterLine
from widgets.key_bar import KeyBar
from widgets.resource_tree import ResourceTree
from widgets.status_strip import StatusStrip
from widgets.text import safe
from widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Resize

    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.inventory.model import ObjectRef
    from tui.app import IptuiApp
    from tui.store import Mark, RefKey, Store
    from tui.views.node import Node, Tree
    from widgets.severity import Glyphs

SEARCHED_AT_ONCE = 3_000
"""Objects that are searched in less time than a frame takes."""


class MainScreen(Screen[None]):
    DEFAULT_CSS = f"""
    MainScreen {{ {FRAME_CSS} }}
    MainScreen.narrow.detail {{
        #left {{ display: none; }}
        #right {{ display: block; width: 100%; border-left: none; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in keys.MAIN]

    app: IptuiApp

    def __init__(self, store: Store, glyphs: Glyphs, *, read_only: bool) -> None:
        super().__init__()
        self.store = store
        self.read_only = read_only
        self._glyphs = glyphs
        self._view = VIEWS[FIRST_VIEW]
        self._shown: Mark | None = None
        self._typed = ""
        self._found: frozenset[RefKey] | None = None
        self._index = SearchIndex()
        self._searched = -1
        self._searching = asyncio.Lock()
        self._narrowing: Narrowing | None = None
        self._marks = Marks()
        self._trees: dict[str, Tree] = {
            view.id: tree_of(view, store, lambda: self._shown, self._marks) for view in VIEWS
        }
        self._places: dict[str, tuple[frozenset[str], str | None]] = {}

    def _journal(self) -> Journal | None:
        return self.app.workspace.journal if self.app.workspace else None

    def compose(self) -> ComposeResult:
        tree = ResourceTree(empty_text=EMPTY_TEXT, glyphs=self._glyphs)
        detail = DetailPane(self.store, self._glyphs, History(self._journal))
        detail.id = "right"
        return framed(FilterLine(), tree, right=detail, glyphs=self._glyphs)

    def on_mount(self) -> None:
        self._tree.set_source(self._source, self._view.opened)
        self._tree.focus()
        self._draw_keys()
        self.set_interval(1, self._draw_headline)
        self._draw_headline()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < NARROW, "narrow")

    # -- what changed ---------------------------------------------------------------------------------------

    def data_changed(self) -> None:
        """The store was judged anew: draw what is shown again, keeping cursor and expansion."""
        if not self.is_mounted:
            return
        if self._typed.strip() and self._searched != self.store.inventory.revision:
            self._search()
        if self._is_filtered:
            self._narrow()
        if self._marks and not self.store.loading:
            self._marks.prune(self.store)
            self._draw_keys()
        for tree in self._trees.values():
            tree.changed()
        self._tree.empty_text = self._why_empty()
        self._tree.source_changed()
        self._draw_headline()
        self._show_detail()

    def _draw_headline(self) -> None:
        self.query_one(TitleLine).show(title_of(self.store, read_only=self.read_only))
        self.query_one(StatusStrip).show(status_of(self.store, VIEWS.index(self._view), self._shown))

    def _draw_keys(self) -> None:
        """The keys that matter here; how many things are marked stands with those that take them."""
        number = len(self._marks)
        words: dict[str, str | None] = {}
        if number:
            words = {"fix": f"fix {number} marked", "copy": f"copy {number}", "reload": None}
            words["back"] = "unmark"
        self.query_one(KeyBar).show(keys.on_bar(self.app.resolved.settings.keymap, words))

    def _why_empty(self) -> str:
        trouble = self.store.why_nothing()
        if trouble and not self.store.loading:
            return f"{trouble} Then press r."
        if self._typed or self._shown:
            return "Nothing matches; esc shows everything again."
        return "Reading …" if self.store.loading else "There is nothing here."

    # -- tree and views -------------------------------------------------------------------------------------

    @property
    def _tree(self) -> ResourceTree:
        return self.query_one(ResourceTree)

    @property
    def _source(self) -> Tree:
        return self._trees[self._view.id]

    @property
    def selected(self) -> Node | None:
        return self._source.node(self._tree.cursor_key)

    def action_view(self, view_id: str) -> None:
        """Switch the tree; each view remembers its cursor and what is open."""
        if not self._is_filtered:
            self._places[self._view.id] = (self._tree.expanded, self._tree.cursor_key)
        self._view = next(view for view in VIEWS if view.id == view_id)
        opened, cursor = self._places.get(view_id, (self._view.opened, None))
        self._narrow()
        found = frozenset(self._source.keys_to_open()) if self._is_filtered else opened
        self._tree.set_source(self._source, found, cursor)
        self._draw_headline()
        self._show_detail()

    def go_to(self, ref: ObjectRef) -> None:
        """Stand on an object in the tree of its kind, with nothing filtered away."""
        if self._typed:
            self.query_one(FilterLine).clear()
        self._shown = None
        view = {"role": "roles", "instance": "instances"}.get(ref.kind, "instance-profiles")
        self.action_view(view)
        path = self._source.path_to(ref)
        if path:
            self._tree.set_source(self._source, self._tree.expanded | set(path[:-1]), path[-1])
            self._tree.focus()
            self._show_detail()

    def on_status_strip_view_chosen(self, message: StatusStrip.ViewChosen) -> None:
        self.action_view(VIEWS[message.index].id)

    def on_status_strip_severity_chosen(self, message: StatusStrip.SeverityChosen) -> None:
        self._show_only(None if message.severity == self._shown else message.severity)

    def action_next_severity(self) -> None:
        """Errors, warnings, notes, unknown, and all again; marks that nothing has are passed over."""
        counts = self.store.counts()
        ring: list[Mark | None] = [None, *(mark for mark in MARKS if counts[mark])]
        place = ring.index(self._shown) if self._shown in ring else 0
        self._show_only(ring[(place + 1) % len(ring)])

    def action_toggle_muted(self) -> None:
        """Open what is muted in the tree by problem, where it has a place of its own, or close it again."""
        if not self.store.muted:
            self.notify("Nothing is muted.", markup=False)
            return
        self.store.show_muted = not self.store.show_muted
        if self.store.show_muted and self._view is not VIEWS[0]:
            self.action_view(VIEWS[0].id)
        self._source.changed()
        if self.store.show_muted:
            self._tree.set_source(self._source, self._tree.expanded | {MUTED_KEY}, MUTED_KEY)
        else:
            self._tree.source_changed()
        self._draw_headline()
        self._show_detail()

    def on_status_strip_muted_chosen(self, _message: StatusStrip.MutedChosen) -> None:
        self.action_toggle_muted()

    def _show_only(self, mark: Mark | None) -> None:
        self._shown = mark
        self._filter_changed()

    # -- searching ------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        self.query_one(FilterLine).open()

    def on_filter_line_changed(self, message: FilterLine.Changed) -> None:
        self._typed = message.value
        if self._typed.strip():
            self._search()
        else:
            self._found = None
            self._filter_changed()

    def on_filter_line_submitted(self, _message: FilterLine.Submitted) -> None:
        self._tree.focus()

    def on_filter_line_cleared(self, _message: FilterLine.Cleared) -> None:
        self._tree.focus()

    @property
    def _is_filtered(self) -> bool:
        return self._found is not None or self._shown is not None

    @work(group="search", exclusive=True)
    async def _search(self) -> None:
        """Look through everything; beside the event loop where that would hold up keys."""
        typed, revision = self._typed, self.store.inventory.revision
        rules = told_by(typed)
        told = frozenset(ref_key(one.object) for one in self.store.findings if one.rule in rules)
        objects = searchable(self.store.inventory)
        if len(objects) < SEARCHED_AT_ONCE:
            found = self._index.find(objects, typed, told)
        else:
            async with self._searching:
                found = await asyncio.to_thread(self._index.find, objects, typed, told)
        self._found, self._searched = found, revision
        self.query_one(FilterLine).show_count(len(found), len(objects))
        self._filter_changed()

    def _narrow(self) -> None:
        """What is left of everything: what was found, and of that what has the chosen severity."""
        wanted: AbstractSet[RefKey] = self._found if self._found is not None else frozenset()
        if self._shown is not None:
            marked = self.store.verdicts.with_mark(self._shown)
            wanted = marked if self._found is None else marked & self._found
        kept = self._shown is not None or self._found is not None
        self._narrowing = Narrowing(self.store.inventory, wanted) if kept else None
        for tree in self._trees.values():
            tree.narrow(self._narrowing)

    def _filter_changed(self) -> None:
        """Narrow the tree and open it as far as the found things lie; without a filter, as it was before."""
        was_filtered = self._source.is_narrowed
        cursor = self._tree.cursor_key
        if not was_filtered and self._is_filtered:
            self._places[self._view.id] = (self._tree.expanded, cursor)
        self._narrow()
        opened: Collection[str] | None
        if self._is_filtered:
            opened = frozenset(self._source.keys_to_open())
        else:
            opened, before = self._places.get(self._view.id, (self._view.opened, None))
            cursor = cursor or before
        self._tree.empty_text = self._why_empty()
        self._tree.set_source(self._source, opened, cursor)
        self._draw_headline()
        self._show_detail()

    # -- detail ---------------------------------------------------------------------------------------------

    def on_resource_tree_highlighted(self, _message: ResourceTree.Highlighted) -> None:
        self._show_detail()

    def on_resource_tree_selected(self, message: ResourceTree.Selected) -> None:
        node = self.selected
        if self.has_class("narrow") and node is not None and node.ref is not None:
            self.add_class("detail")
            self.query_one(DetailPane).focus_content()
        else:
            self._tree.toggle(message.key)

    def _show_detail(self) -> None:
        self.query_one(DetailPane).show(self.selected, self._narrowing)

    def action_tab(self, step: int) -> None:
        self.query_one(DetailPane).step_tab(step)

    def action_switch_focus(self) -> None:
        pane = self.query_one(DetailPane)
        if pane.has_focus_within:
            self._tree.focus()
        elif pane.display:
            pane.focus_content()

    def action_back(self) -> None:
        """One step back: close the detail, leave the search, show all severities again, unmark."""
        if self.has_class("detail"):
            self.remove_class("detail")
            self._tree.focus()
        elif self._typed:
            self.query_one(FilterLine).clear()
        elif self._shown is not None:
            self._show_only(None)
        else:
            self._marks.clear()
            self._marks_changed()
            self._tree.focus()

    # -- marks ----------------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark what the cursor is on, or unmark it."""
        key = self._tree.cursor_key
        if key is None:
            return
        if self._marks.toggle(self._source.markable(key)):
            self._marks_changed()
        else:
            self.notify("Mark objects or problems; a heading has nothing of its own.", markup=False)

    def _marks_changed(self) -> None:
        self._tree.rows_changed()
        self._draw_keys()

    # -- doing ----------------------------------------------------------------------------------------------

    def _problems(self) -> list[Finding]:
        """What is wrong with what is marked, or else with what is selected."""
        if self._marks:
            return self._marks.problems(self.store)
        node = self.selected
        if node is None:
            return []
        if node.rule is not None:
            ids = [one.finding for one in self._source.markable(node.key)]
            return [finding for name in ids if name and (finding := self.store.finding(name))]
        if node.finding is not None:
            finding = self.store.finding(node.finding)
            return [finding] if finding else []
        return problems_of(self.store, node.ref)

    def action_fix(self) -> None:
        problems = [finding for finding in self._problems() if finding.fixes]
        if not problems:
            self.notify(self._why_no_fix(), markup=False, severity="information")
            return
        if self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
            return
        objects = {ref_key(problem.object) for problem in problems}
        several = len(objects) > 1 and (bool(self._marks) or (self.selected and self.selected.rule))
        if several:
            self.app.open_fix_many(problems)
        else:
            self.app.open_fix(problems)

    def _why_no_fix(self) -> str:
        node = self.selected
        if self._marks:
            return "Nothing that is marked has a problem that iptui can fix; esc unmarks all."
        if node is None or node.ref is None:
            return "Select an object first; f shows the ways to fix it."
        if self._problems():
            return "iptui has no fix for this; the Problem tab says what can be done."
        return f"Nothing is wrong with {safe(node.ref.name, 60)}."

    def action_journal(self) -> None:
        self.app.open_journal()

    def action_explain(self) -> None:
        """With the message of a listing that was denied, where such a row is selected."""
        node = self.selected
        finding = self.store.finding(node.finding) if node is not None and node.finding else None
        denied = finding is not None and finding.rule.startswith("caller-")
        self.app.open_explain(finding.detail if finding is not None and denied else "")

    def action_ask(self) -> None:
        node = self.selected
        if node is None or node.ref is None:
            self.notify("Select an object first; a asks about it.", markup=False)
        elif self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
        else:
            self.app.open_ask(node.ref)

    def action_denials(self) -> None:
        """Those of the selected object first."""
        node = self.selected
        self.app.open_denials(node.ref if node is not None else None)

    def action_reload(self) -> None:
        self.app.session.reload()

    async def action_copy(self) -> None:
        node = self.selected
        refs = self._marks.refs() or ([node.ref] if node is not None and node.ref is not None else [])
        if not refs:
            self.notify("Select an object first; c copies its ARN.", markup=False)
            return
        await copy(self.app, "\n".join(dict.fromkeys(ref.arn or ref.id for ref in refs)))
        said = safe(refs[0].arn or refs[0].id, 80) if len(refs) == 1 else counted(len(refs), "ARN")
        self.notify(f"Copied {said}.", markup=False)

    def action_help(self) -> None:
        self.app.open_help()

    def action_quit_program(self) -> None:
        self.app.exit(0)
