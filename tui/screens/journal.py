"""The journal: what was changed, call by call, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.batch_undo import plan_batch_undo
from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.journal_entry import batch_state, grouped
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.undo import plan_undo
from tui.history import STATE_LEVELS
from tui.screens.batch import BatchScreen
from tui.screens.plan import PlanScreen
from tui.words import ago, counted
from widgets.key_bar import KeyBar
from widgets.severity import DIM, MUTED, STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.batch_undo import Stays
    from instance_profiles.fixes.journal import JournalEntry
    from instance_profiles.fixes.journal_lines import BatchPart
    from tui.app import IptuiApp
    from widgets.severity import Glyphs


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the list stands for: one entry, or all of a batch, the newest first."""

    entries: list[JournalEntry]
    batch: BatchPart | None = None


class JournalScreen(ModalScreen[None]):
    DEFAULT_CSS = """
    JournalScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 94%; height: 90%; background: $surface; padding: 1 1 0 1;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        OptionList, OptionList:focus { border: none; }
        OptionList { width: 50%; height: 1fr; background: $surface; padding: 0; }
        VerticalScroll { width: 1fr; padding: 0 2; scrollbar-size-vertical: 1; }
        &.narrow Horizontal { layout: vertical; }
        &.narrow OptionList { width: 100%; }
        &.narrow VerticalScroll { width: 100%; height: 1fr; margin-top: 1; }
        Static { height: auto; }
        KeyBar { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u,enter", "undo", "Undo", show=False, id="journal.undo"),
        Binding("escape,q", "dismiss", "Close", show=False, id="journal.close"),
    ]

    app: IptuiApp

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._rows: list[_Row] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "Journal"
            with Horizontal():
                yield OptionList(markup=False)
                with VerticalScroll(can_focus=False):
                    yield Static(id="entry", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        self.set_class(self.app.size.width < 100, "narrow")
        keymap = self.app.resolved.settings.keymap
        self.query_one(KeyBar).show(
            [
                (keymap.get("journal.undo", "u"), "undo the selected fix, or all of a batch"),
                (keymap.get("journal.close", "escape"), "close"),
            ]
        )
        self._read()
        self.query_one(OptionList).focus()

    def _read(self) -> None:
        """Read the journal again, newest first, the fixes of a batch below its line."""
        self._rows = []
        for group in grouped(self.app.journal.entries()):
            self._rows += [_Row(group, group[0].batch)] if group[0].batch else []
            self._rows += [_Row([entry]) for entry in group]
        options = self.query_one(OptionList)
        place = options.highlighted or 0
        options.clear_options()
        options.add_options([Option(self._line(row)) for row in self._rows])
        if self._rows:
            options.highlighted = min(place, len(self._rows) - 1)
        else:
            self.query_one("#entry", Static).update(plain("Nothing was changed with iptui so far.", MUTED))

    def _line(self, row: _Row) -> Content:
        mark, entry = row.batch, row.entries[-1]
        state = batch_state(row.entries) if mark else entry.state
        level = STATE_LEVELS.get(state, "unknown")
        indent = "  " if entry.batch and not mark else ""
        kind = counted(len(row.entries), "fix", "fixes") if mark else entry.recipe
        return Content.assemble(
            indent,
            plain(self._glyphs.of(level), STYLES[level]),
            " ",
            plain(mark.title if mark else entry.plan.title),
            f"\n  {indent}",
            plain(f"{state}  {kind}  {ago(self.app.store.clock(), entry.started)}", MUTED),
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one("#entry", Static).update(Content("\n").join(_story(self._rows[event.option_index])))

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        self.action_undo()

    def action_undo(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is None or not self._rows:
            return
        row = self._rows[options.highlighted]
        if self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
        elif row.batch is not None:
            self._undo(UndoBatchScreen(row.entries, row.batch.title, self._glyphs))
        else:
            (entry,) = row.entries
            account = self.app.workspace.account_for(entry.account)
            self._undo(UndoScreen(entry, account, self._glyphs))

    @work(group="undo", exclusive=True)
    async def _undo(self, screen: UndoScreen | UndoBatchScreen) -> None:
        await self.app.push_screen_wait(screen)
        self._read()


class UndoScreen(PlanScreen):
    """Taking one journal entry back: a plan like any other."""

    def __init__(self, entry: JournalEntry, account: AwsAccount, glyphs: Glyphs) -> None:
        super().__init__(f"Undo {entry.plan.title}", account, glyphs)
        self._entry = entry

    def start(self) -> None:
        self._plan_undo()

    @work(group="plan", exclusive=True)
    async def _plan_undo(self) -> None:
        """Read the world and plan, or say why it cannot be taken back any more."""
        try:
            plan = await plan_undo(self._entry, self.account, self.app.store.inventory)
        except (CannotPlan, AwsError) as refusal:
            self.show_refusal(str(refusal))
        else:
            self.show_plan(plan)


class UndoBatchScreen(BatchScreen):
    """Taking a whole batch back, the last fix first; what must stay is named."""

    def __init__(self, entries: list[JournalEntry], title: str, glyphs: Glyphs) -> None:
        super().__init__(f"Undo {title}", glyphs)
        self._entries = sorted(entries, key=lambda entry: entry.id)
        self._stays: tuple[Stays, ...] = ()

    def left(self) -> list[tuple[str, str]]:
        return [(one.title, one.reason) for one in self._stays]

    def start(self) -> None:
        self._plan_undo()

    @work(group="plan", exclusive=True)
    async def _plan_undo(self) -> None:
        """Read the world and plan, or say why nothing of it can be taken back any more."""
        try:
            found = await plan_batch_undo(self._entries, self.account_of, self.app.store.inventory)
        except (CannotPlan, AwsError) as refusal:
            self.show_refusal(str(refusal))
            return
        self._stays = found.stays
        self.show_batch(found.batch)


def _story(row: _Row) -> Iterator[Content]:
    if row.batch is not None:
        yield plain(row.batch.title, "bold")
        yield plain(f"{row.batch.id}  {len(row.entries)} of {row.batch.of} begun", DIM)
        yield Content("")
    for entry in reversed(row.entries):
        yield from _entry_story(entry)
        if row.batch is not None:
            yield Content("")


def _entry_story(entry: JournalEntry) -> Iterator[Content]:
    yield plain(entry.plan.title, "bold")
    yield plain(f"{entry.id}  account {entry.account}  {entry.started:%Y-%m-%d %H:%M:%S} UTC", DIM)
    yield Content("")
    for number, call in enumerate(entry.calls, 1):
        sent = call.call
        yield plain(f"{number}  {sent.service} {sent.operation}  {call.state}")
        yield Content.assemble("   ", plain(aws_command(sent), DIM))
        if call.message:
            yield Content.assemble("   ", plain(call.message, STYLES["error"]))
    if entry.message:
        yield Content("")
        yield plain(entry.message, MUTED)
