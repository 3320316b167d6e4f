"""The journal: what was changed, call by call, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.undo import plan_undo
from tui.screens.plan import PlanScreen
from tui.words import ago
from widgets.key_bar import KeyBar
from widgets.severity import DIM, MUTED, STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.journal import JournalEntry
    from tui.app import IptuiApp
    from widgets.severity import Glyphs, Level

STATE_LEVELS: dict[str, Level] = {
    "applied": "done",
    "undone": "info",
    "failed": "error",
    "rolled-back": "warning",
    "interrupted": "warning",
}


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
        self._entries: list[JournalEntry] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "Journal"
            with Horizontal():
                yield OptionList(markup=False)
                with VerticalScroll(can_focus=False):
                    yield Static(id="entry", markup=False)
            yield KeyBar([("u", "undo the selected fix"), ("escape", "close")])

    def on_mount(self) -> None:
        self.set_class(self.app.size.width < 100, "narrow")
        self._read()
        self.query_one(OptionList).focus()

    def _read(self) -> None:
        """Read the journal again, newest first."""
        self._entries = list(reversed(self.app.journal.entries()))
        options = self.query_one(OptionList)
        place = options.highlighted or 0
        options.clear_options()
        options.add_options([Option(self._line(entry), id=entry.id) for entry in self._entries])
        if self._entries:
            options.highlighted = min(place, len(self._entries) - 1)
        else:
            self.query_one("#entry", Static).update(plain("Nothing was changed with iptui so far.", MUTED))

    def _line(self, entry: JournalEntry) -> Content:
        level = STATE_LEVELS.get(entry.state, "unknown")
        return Content.assemble(
            plain(self._glyphs.of(level), STYLES[level]),
            " ",
            plain(entry.plan.title),
            "\n  ",
            plain(f"{entry.state}  {entry.recipe}  {ago(self.app.store.clock(), entry.started)}", MUTED),
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        entry = self._entry(event.option_id)
        if entry is not None:
            self.query_one("#entry", Static).update(Content("\n").join(self._story(entry)))

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        self.action_undo()

    def _entry(self, entry_id: str | None) -> JournalEntry | None:
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def _story(self, entry: JournalEntry) -> Iterator[Content]:
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

    def action_undo(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is None or not self._entries:
            return
        entry = self._entries[options.highlighted]
        if self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
            return
        self._undo(entry, self.app.workspace.account_for(entry.account))

    @work(group="undo", exclusive=True)
    async def _undo(self, entry: JournalEntry, account: AwsAccount) -> None:
        await self.app.push_screen_wait(UndoScreen(entry, account, self._glyphs))
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
