"""The application: one store, one session, the main screen; messages of the session end up here."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType

from config.themes import chosen_theme, themes, variables_for
from instance_profiles.findings.muting import ended, said_ended
from instance_profiles.inventory.inventory import Inventory
from tui import keys
from tui.commands.exits import Exit
from tui.mutes import mutes_of
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.session import Session
from tui.store import Store
from widgets.severity import ASCII, UNICODE
from widgets.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from textual.screen import Screen

    from config.settings import ResolvedSettings
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.inventory.model import LoadEvent, ObjectRef
    from tui.messages import Arrived, LoadBroke, LoadEnded, LoadStarted, Reread, WorkspaceOpened
    from tui.workspace import Workspace

FRAME_SECONDS = 0.1
"""News are taken in at most ten times a second, so that a flood of pages costs one repaint a frame."""
JUDGE_SHARE = 5
"""Rules may take a fifth of the time while data streams in, however large the inventory is."""


class IptuiApp(App[int]):
    """`open_workspace` makes the connection to AWS; tests give their own."""

    TITLE = "iptui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Leave at once", show=False, priority=True, id="interrupt"),
    ]

    def __init__(
        self,
        resolved: ResolvedSettings,
        open_workspace: Callable[[], AbstractAsyncContextManager[Workspace]],
    ) -> None:
        # Without colours Textual chooses its filter here; a theme that is set later would be too late.
        super().__init__(ansi_color=True if resolved.settings.no_color else None)
        self.resolved = resolved
        self.store = Store(Inventory(), mutes=mutes_of(resolved.settings))
        self.workspace: Workspace | None = None
        self.session = Session(open_workspace, self.post_message)
        self.glyphs = ASCII if resolved.settings.ascii else UNICODE
        self.main = MainScreen(self.store, self.glyphs, read_only=resolved.settings.read_only)
        self._pending: list[LoadEvent] = []
        self._judged_at = 0.0
        self._judging_took = 0.0
        self._unjudged = False
        for theme in themes():
            self.register_theme(theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        settings = self.resolved.settings
        self.theme = chosen_theme(settings.theme, no_color=settings.no_color)
        if settings.keymap:
            self.set_keymap(settings.keymap)
        self.set_interval(FRAME_SECONDS, self._take_in)
        self.call_after_refresh(self._start_session)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if screen is self.main:
            for command in keys.MAIN:
                action = command.action
                yield SystemCommand(
                    command.help[0].upper() + command.help[1:],
                    f"key {command.key}",
                    lambda action=action: self.call_later(screen.run_action, action),
                )

    def action_interrupt(self) -> None:
        """Leave at once from anywhere; the journal knows of a call that is under way."""
        self.exit(Exit.INTERRUPTED)

    # -- loading -------------------------------------------------------------------------------------------

    def _start_session(self) -> None:
        self._run_session()

    @work(group="session", exclusive=True)
    async def _run_session(self) -> None:
        await self.session.run()

    def on_workspace_opened(self, message: WorkspaceOpened) -> None:
        self.workspace = message.workspace
        self.store.inventory = message.workspace.inventory

    def on_load_started(self, _message: LoadStarted) -> None:
        self.store.loading = True
        self._unjudged = True

    def on_arrived(self, message: Arrived) -> None:
        self._pending.append(message.event)

    def on_load_ended(self, _message: LoadEnded) -> None:
        self.store.loading = False
        if self.store.loaded_at is None:
            self._tell_ended_mutes()
        self.store.loaded_at = datetime.now(UTC)
        self._judged_at = 0.0
        self._unjudged = True
        self._take_in()

    def _tell_ended_mutes(self) -> None:
        for mute in ended(self.store.mutes, self.store.today()):
            self.notify(safe(said_ended(mute)), markup=False, severity="warning", timeout=15)

    def on_reread(self, _message: Reread) -> None:
        self._unjudged = True

    def on_load_broke(self, message: LoadBroke) -> None:
        self.store.loading = False
        self.store.trouble = message.sentence
        self.main.data_changed()

    def _take_in(self) -> None:
        """Take in what arrived since the last frame, and judge it unless judging would eat the time."""
        if self._pending:
            events, self._pending = self._pending, []
            self.store.take(events)
            self._unjudged = True
        now = time.monotonic()
        if self._unjudged and now - self._judged_at >= self._judging_took * JUDGE_SHARE:
            self._judge()
            self._judged_at = time.monotonic()
            self._judging_took = self._judged_at - now
            self._unjudged = False
            self.main.data_changed()

    def _judge(self) -> None:
        """How long an association is on its way counts up to when it was last seen, not up to now."""
        self.store.judge(self.workspace.read_at if self.workspace and not self.store.loading else None)

    # -- dialogs -------------------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        """The journal of the open workspace; dialogs that write are only opened once there is one."""
        if self.workspace is None:
            raise RuntimeError("no workspace is open yet")
        return self.workspace.journal

    def open_fix(self, problems: list[Finding]) -> None:
        from tui.screens.fix import FixScreen  # the recipes are not needed for the first frame

        if self.workspace is not None:
            account = self.workspace.account_for(problems[0].object)
            self.push_screen(FixScreen(problems, self.store.inventory, account, self.glyphs))

    async def grant(self, principal: str, account_id: str, denied: Sequence[tuple[str, str | None]]) -> bool:
        """A dialog that gives a principal what it was denied; whether it was given. For workers only."""
        from instance_profiles.questions.grant import wanted  # as above
        from tui.screens.fix import FixScreen

        try:
            account = self.workspace.account_for(account_id) if self.workspace else None
        except KeyError:
            account = None
        if account is None:
            said = f"Account {account_id} is not open here, so nothing can be given in it."
            self.notify(safe(said), markup=False, severity="warning")
            return False
        asked = wanted(principal, account_id, denied)
        screen = FixScreen([asked.finding], self.store.inventory, account, self.glyphs, asked.answers)
        return await self.push_screen_wait(screen) == "applied"

    def open_ask(self, subject: ObjectRef) -> None:
        """Could a caller fix this object, and would a launch with it work?"""
        from tui.screens.ask import AskScreen  # as above

        if self.workspace is not None:
            self.push_screen(AskScreen(subject, self.workspace.account_for(subject), self.glyphs))

    def open_fix_many(self, problems: list[Finding]) -> None:
        from tui.screens.fix_many import FixManyScreen  # as above

        if self.workspace is not None:
            self.push_screen(FixManyScreen(problems, self.store.inventory, self.glyphs))

    def open_journal(self) -> None:
        from tui.screens.journal import JournalScreen  # as above

        if self.workspace is not None:
            self.push_screen(JournalScreen(self.glyphs))

    def open_explain(self, text: str = "") -> None:
        """The page that explains an error message; `text` is the message to begin with."""
        from tui.screens.explain import ExplainScreen  # as above

        known = tuple(self.store.inventory.named_profiles.values())
        self.push_screen(ExplainScreen(self.glyphs, text, known))

    @work(group="denials", exclusive=True)
    async def open_denials(self, about: ObjectRef | None = None) -> None:
        """The recent denials, first those about an object; goes to an object that was chosen there."""
        from tui.denials import RecentDenials  # as above
        from tui.screens.denials import DenialsScreen

        self.store.denials = self.store.denials or RecentDenials()
        chosen = await self.push_screen_wait(DenialsScreen(self.store.denials, self.glyphs, about))
        self.main.data_changed()
        if chosen is not None:
            self.main.go_to(chosen)

    def open_help(self) -> None:
        self.push_screen(HelpScreen(self.glyphs, self.resolved.settings.keymap))

    async def look_again(self, refs: Iterable[ObjectRef]) -> None:
        """Read objects again after a fix and judge at once."""
        if self.workspace is not None:
            await self.workspace.reread(refs)
            self._judge()
            self.main.data_changed()


def run(
    resolved: ResolvedSettings, open_workspace: Callable[[], AbstractAsyncContextManager[Workspace]]
) -> int:
    """Show the screen until it is left; the exit code."""
    app = IptuiApp(resolved, open_workspace)
    result = app.run()
    return app.return_code or result or 0
