"""The application: one store, one session, the main screen; messages of the session end up here."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import InputEvent, Key

from config.themes import chosen_theme, themes, variables_for
from tui import keys
from tui.beginning import Beginning
from tui.commands.exits import Exit
from tui.curtain_driver import driver_behind
from tui.pacing import REST_SECONDS, Pacing
from tui.screens.opening import OpeningScreen
from widgets.severity import ASCII, UNICODE
from widgets.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from textual.driver import Driver
    from textual.events import Event
    from textual.screen import Screen
    from textual.widget import Widget

    from config.settings import ResolvedSettings
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef
    from tui.curtain import Curtain
    from tui.intake import Intake
    from tui.last_time import LastTime
    from tui.messages import (
        Arrived,
        LoadBroke,
        LoadEnded,
        LoadStarted,
        Recalled,
        RecallEnded,
        Reread,
        WorkspaceOpened,
    )
    from tui.picture import Picture
    from tui.screens.main import MainScreen
    from tui.session import Session
    from tui.store import Store
    from tui.workspace import Workspace


class IptuiApp(App[int]):
    """`open_workspace` makes the connection to AWS; `prepare` is called before that, beside the event loop,
    and so is `last_times`, which tells who called when the program last ran. `picture` is what stood there
    then, for the first frame.

    Nothing that the first frame does not show is imported before it (`Beginning`); `store`, `intake`,
    `session` and `main` are made after it, and none of their messages comes before them.
    """

    store: Store
    session: Session
    intake: Intake
    main: MainScreen

    TITLE = "iptui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Leave at once", show=False, priority=True, id="interrupt"),
    ]

    def __init__(
        self,
        resolved: ResolvedSettings,
        open_workspace: Callable[[], AbstractAsyncContextManager[Workspace]],
        prepare: Callable[[], object] | None = None,
        last_times: Callable[[], Sequence[LastTime]] = tuple,
        picture: Picture | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        # Without colours Textual chooses its filter here; a theme that is set later would be too late.
        super().__init__(driver_class, ansi_color=True if resolved.settings.no_color else None)
        self.resolved = resolved
        self.picture = picture
        self.workspace: Workspace | None = None
        self.glyphs = ASCII if resolved.settings.ascii else UNICODE
        self._open_workspace = open_workspace
        self._beginning = Beginning(self, prepare, last_times)
        self.opening = OpeningScreen(
            self.glyphs, resolved.settings.keymap, read_only=resolved.settings.read_only, picture=picture
        )
        self._drawn: tuple[int, int] | None = None
        self._has_ended = False
        self._pacing = Pacing()
        for theme in themes():
            self.register_theme(theme)
        self.use_command_palette = False  # not over the opening
        # Before the first frame: to change it later is to read all styles once more.
        self.theme = chosen_theme(resolved.settings.theme, no_color=resolved.settings.no_color)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        return self.opening

    def on_mount(self) -> None:
        if self.resolved.settings.keymap:
            self.set_keymap(self.resolved.settings.keymap)
        self.call_after_refresh(self._start)
        # As with a key: the terminal is put in order first.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, Exit.TERMINATED)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if screen is not self.opening and screen is self.main:
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

    @work(group="start")
    async def _start(self) -> None:
        await self._beginning.run()

    def make(self, last_times: Sequence[LastTime]) -> None:
        """Make what the screen shows and what asks AWS for it; `last_times` left what is shown first."""
        from instance_profiles.inventory.inventory import Inventory  # drawn in by now, as those below
        from tui.intake import Intake
        from tui.mutes import mutes_of
        from tui.session import Session
        from tui.store import Store

        self.store = Store(Inventory(), mutes=mutes_of(self.resolved.settings))
        if last_times:
            self.store.is_unasked, self.store.picture = True, self.picture
        self.intake = Intake(self.store, self._read_at)
        self.session = Session(self._open_workspace, self.post_message, self.store.inventory, last_times)
        self._drawn = self._state()  # nothing is drawn as well

    async def show_main(self) -> None:
        """Put up the main screen, and begin to take in what arrives."""
        from tui.screens.main import MainScreen  # as above

        self.main = MainScreen(self.store, self.glyphs, read_only=self.resolved.settings.read_only)
        await self.push_screen(self.main)
        self.use_command_palette = self.ENABLE_COMMAND_PALETTE
        self._take_turns()

    @work(group="session", exclusive=True)
    async def run_session(self) -> None:
        """Ask AWS, from now on."""
        await self.session.run()

    def on_workspace_opened(self, message: WorkspaceOpened) -> None:
        self.workspace = message.workspace
        self.store.is_unasked = False
        if self.store.inventory is not self.workspace.inventory:
            self._begin_with(self.workspace.inventory)

    def _begin_with(self, inventory: Inventory) -> None:
        """Show another inventory, and nothing of what was shown before."""
        from tui.intake import Intake  # drawn in by now

        self.store.open(inventory)
        self.intake = Intake(self.store, self._read_at)
        self._drawn = None

    def on_load_started(self, _message: LoadStarted) -> None:
        self.intake.load_started()

    def on_arrived(self, message: Arrived) -> None:
        self.intake.arrived(message.event)

    def on_recalled(self, message: Recalled) -> None:
        self.intake.recalled(message.caller, message.place)

    def on_recall_ended(self, _message: RecallEnded) -> None:
        self.intake.recall_ended()

    def on_load_ended(self, _message: LoadEnded) -> None:
        self.intake.load_ended()

    def on_reread(self, _message: Reread) -> None:
        self.intake.reread()

    def _tell_ended_mutes(self) -> None:
        from instance_profiles.findings.muting import (
            ended,
            said_ended,
        )  # the rules, not before the first frame

        for mute in ended(self.store.mutes, self.store.today()):
            self.notify(safe(said_ended(mute)), markup=False, severity="warning", timeout=15)

    def on_load_broke(self, message: LoadBroke) -> None:
        from instance_profiles.inventory.inventory import Inventory  # as above

        if self.workspace is None:
            self._begin_with(Inventory())
        self.store.loading = False
        self.store.trouble = message.sentence
        self._drawn = None

    async def on_event(self, event: Event) -> None:
        if isinstance(event, InputEvent):
            self._pacing.pressed()
        if isinstance(event, Key):
            if self._beginning.holds(event):
                return
            line = self._line_in_focus() if event.is_forwarded and event.is_printable else None
            if line is not None:
                # Typed right behind the key that opened the line: it was on its way to what had the focus.
                line.post_message(Key(event.key, event.character))
                return
        await super().on_event(event)

    def _line_in_focus(self) -> Widget | None:
        from textual.widgets import Input  # not for the first frame

        return self.focused if isinstance(self.focused, Input) else None

    @property
    def is_answering(self) -> bool:
        """Whether a key was just pressed, whose answer nothing else should hold up."""
        return self._pacing.is_answering

    def _take_turns(self) -> None:
        """A frame or a turn now, unless a key was just pressed, and the next one after a while.

        Never both at once: a key would wait for both.
        """
        if wait := self._pacing.wait:
            self.set_timer(wait, self._take_turns)
            return
        self._pacing.begun()
        is_more = True
        if self.intake.is_read:
            self._end_load()
        elif not self._pacing.is_frame_due or not self._draw():
            is_more = self.intake.turn(at_keys=self._pacing.is_at_keys) or self.intake.is_read
        pause = REST_SECONDS if is_more else self._pacing.pause(is_drawn=self._state() == self._drawn)
        self.set_timer(pause, self._take_turns)

    def _read_at(self) -> datetime | None:
        return self.workspace.read_at if self.workspace else None

    def _end_load(self) -> None:
        self.intake.end_load()
        self.session.judged()
        if not self._has_ended:
            self._has_ended = True
            self._tell_ended_mutes()
        self.store.loaded_at = datetime.now(UTC)
        self._drawn = None
        self._draw()
        self._keep_snapshot()

    @work(group="snapshot", exclusive=True)
    async def _keep_snapshot(self) -> None:
        from tui.freezing import still_of  # not for the first frame
        from tui.picturing import leave_behind

        if self.workspace is not None:
            await leave_behind(self.workspace, self.store, lambda picture: still_of(self, picture))

    def _draw(self) -> bool:
        """Draw what changed since it was last drawn, if anything."""
        state = self._state()
        if state == self._drawn:
            return False
        self._drawn = state
        self.main.data_changed()
        self._pacing.drawn()
        if self.store.as_of is not None:
            self._beginning.drawn()
        return True

    def _state(self) -> tuple[int, int]:
        return self.store.revision, self.store.inventory.revision

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

        if self.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
        else:
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
        from tui.screens.help import HelpScreen  # as above

        self.push_screen(HelpScreen(self.glyphs, self.resolved.settings.keymap))

    async def look_again(self, refs: Iterable[ObjectRef]) -> None:
        """Read objects again after a fix and judge at once."""
        if self.workspace is not None:
            await self.workspace.reread(refs)
            self.store.judge(self.intake.when_read())
            self.main.data_changed()


def run(
    resolved: ResolvedSettings,
    open_workspace: Callable[[], AbstractAsyncContextManager[Workspace]],
    prepare: Callable[[], object] | None = None,
    last_times: Callable[[], Sequence[LastTime]] = tuple,
    picture: Picture | None = None,
    curtain: Curtain | None = None,
) -> int:
    """Show the screen until it is left, in place of the curtain where one is up; the exit code."""
    driver = driver_behind(curtain) if curtain is not None and curtain.is_up else None
    app = IptuiApp(resolved, open_workspace, prepare, last_times, picture, driver)
    result = app.run()
    return app.return_code or result or 0
