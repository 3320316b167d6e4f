"""The one window: who and where, what is wrong, the tree on the left, the selected thing on the right."""

from __future__ import annotations

from time import monotonic, thread_time
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from tui import keys
from tui.choosing import problems_chosen, refs_chosen, why_no_fix
from tui.clipboard import copy
from tui.headline import status_of, title_of
from tui.history import History
from tui.marks import Marks
from tui.picture import PictureSource
from tui.screens.detail import DetailPane
from tui.screens.frame import EMPTY_TEXT, FRAME_CSS, NARROW, framed
from tui.screens.searching import Searching
from tui.store import MARKS, ref_key
from tui.views.all_views import AllViews
from tui.views.by_problem import MUTED_KEY
from tui.views.catalogue import VIEWS
from tui.words import counted
from widgets.filter_line import FilterLine
from widgets.key_bar import KeyBar
from widgets.resource_tree import ResourceTree
from widgets.status_strip import StatusStrip
from widgets.text import safe
from widgets.title_line import TitleLine
from widgets.turns import give_way

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Resize

    from instance_profiles.fixes.journal import Journal
    from instance_profiles.inventory.model import ObjectRef
    from tui.app import IptuiApp
    from tui.filtering import Filter
    from tui.store import Mark, Store
    from tui.views.all_views import Place
    from tui.views.node import Node, Tree
    from widgets.severity import Glyphs

SHOWN_OF_SEARCH = 20_000
"""A search opens no level that would make the tree longer than this; the headings say how many there are."""
OPENED_UNSEEN = 0.03
"""Seconds for which nothing is drawn while a search opens what it found; what takes longer is watched."""
DETAIL_SHARE = 30
"""While everything is read, drawing the detail takes no more than this part of the time (one thirtieth)."""


class MainScreen(Screen[None]):
    DEFAULT_CSS = f"""
    MainScreen {{ {FRAME_CSS} }}
    MainScreen.narrow.detail {{
        #left {{ display: none; }}
        #right {{ display: block; width: 100%; border-left: none; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in keys.MAIN]
    AUTO_FOCUS = ""  # the tree, as soon as it is there; the first widget would be the hidden search line

    app: IptuiApp

    def __init__(self, store: Store, glyphs: Glyphs, *, read_only: bool) -> None:
        super().__init__()
        self.store = store
        self.read_only = read_only
        self._glyphs = glyphs
        self._is_due = False
        self._detail_due = 0.0
        self._detail_follows = False
        self._marks = Marks()
        self._searching = Searching(self)
        self.views = AllViews(store, self._marks, lambda: self._filter.shown)

    def _journal(self) -> Journal | None:
        return self.app.workspace.journal if self.app.workspace else None

    def compose(self) -> ComposeResult:
        tree = ResourceTree(empty_text=EMPTY_TEXT, glyphs=self._glyphs)
        detail = DetailPane(self.store, self._glyphs, History(self._journal))
        detail.id = "right"
        return framed(FilterLine(), tree, right=detail, glyphs=self._glyphs)

    def on_mount(self) -> None:
        self._show_first()
        self._tree.focus()
        self._draw_keys()
        self.set_interval(1, self._keep_up)
        self._draw_headline()

    def _show_first(self) -> None:
        """The first view as it is, or as it was the last time, until that is read and judged."""
        picture = self.store.picture
        if picture is None:
            self._tree.set_source(self._source, self.views.place.opened)
        else:
            source = PictureSource(picture.lines, self._source)
            self._tree.set_source(source, source.opened)

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < NARROW, "narrow")

    # -- what changed ---------------------------------------------------------------------------------------

    def data_changed(self) -> None:
        """The store was judged anew: draw what is shown again, keeping cursor and expansion."""
        if self._is_apart:
            return
        if self._marks and not self.store.loading:
            self._marks.prune(self.store)
            self._draw_keys()
        self._draw_headline()
        self._is_due = self._tree.is_busy
        if not self._is_due:
            self._draw_tree()
            # Under a heading stands what is wrong with thousands of things; once a second is enough for that.
            if self.selected is None or self.selected.ref is not None or not self.store.loading:
                self._show_detail()

    @property
    def _is_apart(self) -> bool:
        """Whoever leaves takes the screen apart before its clock stops, perhaps just when a load ends."""
        return not self.is_mounted or not self.query(ResourceTree)

    def on_resource_tree_settled(self, _message: ResourceTree.Settled) -> None:
        """What changed while the tree was at work waited for its end."""
        if self._is_due:
            self.data_changed()

    def _draw_tree(self) -> None:
        self._tell_trees()
        self._tree.empty_text = self._why_empty()
        self._tree.source_changed()

    def _tell_trees(self) -> None:
        """Tell all trees which objects changed since they were last told."""
        self._is_due = False
        self.views.follow()

    def _draw_headline(self) -> None:
        self._leave_picture()
        self.query_one(TitleLine).show(title_of(self.store, read_only=self.read_only))
        self.query_one(StatusStrip).show(status_of(self.store, self.views.number, self._filter.shown))

    def _leave_picture(self) -> None:
        """What stood there the last time goes from the tree and from above it at once."""
        is_pictured = isinstance(self._tree.source, PictureSource)
        if not is_pictured:
            self.store.picture = None
        elif self.store.picture is None:
            self._tell_trees()
            self._tree.exchange_source(self._source)

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
        if self._filter.is_on:
            return "Nothing matches; esc shows everything again."
        return "Reading …" if self.store.loading else "There is nothing here."

    # -- tree and views -------------------------------------------------------------------------------------

    @property
    def _tree(self) -> ResourceTree:
        return self.query_one(ResourceTree)

    @property
    def _filter(self) -> Filter:
        return self._searching.filter

    @property
    def _source(self) -> Tree:
        return self.views.tree

    @property
    def selected(self) -> Node | None:
        return self._source.node(self._tree.cursor_key)

    def action_view(self, view_id: str) -> None:
        """Switch the tree; each view remembers its cursor and what is open."""
        self._note_place()
        if self._is_due:
            self._tell_trees()
        self.views.switch(view_id)
        self._show_source(self.views.place)
        self._draw_headline()
        self._show_detail()

    def go_to(self, ref: ObjectRef) -> None:
        """Stand on an object in the tree of its kind, with nothing filtered away."""
        if self._filter.typed:
            self.query_one(FilterLine).clear()
        self._filter.typed, self._filter.shown = "", None
        self.views.narrow(self._filter.narrowing)
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
        self._show_only(None if message.severity == self._filter.shown else message.severity)

    def action_next_severity(self) -> None:
        """Errors, warnings, notes, unknown, and all again; marks that nothing has are passed over."""
        counts = self.store.counts()
        ring: list[Mark | None] = [None, *(mark for mark in MARKS if counts[mark])]
        place = ring.index(self._filter.shown) if self._filter.shown in ring else 0
        self._show_only(ring[(place + 1) % len(ring)])

    def action_toggle_muted(self) -> None:
        """Open what is muted in the tree by problem, where it has a place of its own, or close it again."""
        if not self.store.muted:
            self.notify("Nothing is muted.", markup=False)
            return
        self.store.show_muted = not self.store.show_muted
        if self.store.show_muted and self.views.number:
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
        self._filter.shown = mark
        self._searching.changed()

    def _note_place(self) -> None:
        self.views.note_place(self._tree.expanded, self._tree.cursor_key)

    def _show_source(self, place: Place) -> None:
        """Show a tree from its top; a narrowed one opens as far as what was found lies."""
        opened, cursor = place
        self._tree.empty_text = self._why_empty()
        if self._source.is_narrowed:
            opens = self._source.leads_to_wanted
            self._tree.set_source(self._source, (), cursor, opens=opens, limit=SHOWN_OF_SEARCH)
        else:
            self._tree.set_source(self._source, opened, cursor)

    # -- searching ------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        self.query_one(FilterLine).open(len(self._filter.index))

    def on_filter_line_changed(self, message: FilterLine.Changed) -> None:
        self._filter.typed = message.value
        self._searching.changed()

    def on_filter_line_submitted(self, _message: FilterLine.Submitted) -> None:
        self._tree.focus()

    def on_filter_line_cleared(self, _message: FilterLine.Cleared) -> None:
        self._tree.focus()

    async def show_narrowed(self) -> None:
        """Open the tree as far as the found things lie; without a filter, as it was before."""
        # To draw a level before the next one is open takes as long as to open it; the detail comes after all.
        self._detail_follows = True
        try:
            with self.app.batch_update():
                until = monotonic() + OPENED_UNSEEN
                self._note_place()
                cursor = self._tree.cursor_key
                self.views.narrow(self._filter.narrowing)
                place = self.views.place
                self._show_source(place._replace(cursor=cursor or place.cursor))
                self._draw_headline()
                await give_way()
                while self._tree.is_busy and monotonic() < until:
                    await give_way()
            self._tree.let_draw()
        finally:
            self._detail_follows = False
            self.call_after_refresh(self._detail_after_tree)

    def _detail_after_tree(self) -> None:
        if not self._is_apart:
            self._show_detail()

    def _keep_up(self) -> None:
        """Once a second."""
        self._draw_headline()
        if self.store.loading and monotonic() >= self._detail_due:
            begin = thread_time()
            self._show_detail()
            # What stands for thousands of things takes long: it is drawn anew as rarely as it is costly.
            self._detail_due = monotonic() + DETAIL_SHARE * (thread_time() - begin)
        self._searching.keep_up()

    # -- detail ---------------------------------------------------------------------------------------------

    def on_resource_tree_highlighted(self, _message: ResourceTree.Highlighted) -> None:
        if not self._detail_follows:
            self._show_detail()

    def on_resource_tree_selected(self, message: ResourceTree.Selected) -> None:
        node = self.selected
        if self.has_class("narrow") and node is not None and node.ref is not None:
            self.add_class("detail")
            self.query_one(DetailPane).focus_content()
        else:
            self._tree.toggle(message.key)

    def _show_detail(self) -> None:
        self.query_one(DetailPane).show(self.selected, self._filter.narrowing)

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
        elif self._filter.typed:
            self.query_one(FilterLine).clear()
        elif self._filter.shown is not None:
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

    def action_fix(self) -> None:
        chosen = problems_chosen(self.store, self._marks, self._source, self.selected)
        problems = [finding for finding in chosen if finding.fixes]
        if not problems:
            said = why_no_fix(self.store, self._marks, self.selected, chosen)
            self.notify(said, markup=False, severity="information")
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
        refs = refs_chosen(self._marks, self.selected)
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
