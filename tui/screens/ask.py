"""Two questions about one object: could a caller fix it, and would a launch with it work?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from instance_profiles.aws.errors import AwsError
from instance_profiles.denials.permission import NobodyToAsk
from instance_profiles.findings.finding import Finding, finding_id
from instance_profiles.questions.ability import could, grantable_for, trouble_with
from instance_profiles.questions.launch import Launch, Line, trouble_with_launch, would_launch
from instance_profiles.questions.launch_subject import launch_of, regions_of, templates_in
from instance_profiles.questions.launch_template import DEFAULT
from instance_profiles.questions.needs import fixes_of, rows_of
from tui.answer_notes import ability_blocks, launch_blocks
from tui.answers import Asked, ability_text, launch_text
from tui.clipboard import copy
from tui.relations import problems_of
from widgets.choice import Choice, Choosable
from widgets.key_bar import KeyBar
from widgets.labelled import Labelled
from widgets.line_input import LineInput
from widgets.note import Note, Paragraph
from widgets.tab_line import TabLine
from widgets.text import plain, safe

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Permission
    from instance_profiles.inventory.model import ObjectRef
    from tui.app import IptuiApp
    from widgets.note import Block
    from widgets.severity import Glyphs

QUESTIONS = ("Could a caller fix it?", "Would a launch work?")
ABILITY, LAUNCH = range(2)
NO_TEMPLATE = "-"
NOTHING_TO_LAUNCH = "It has no instance profile, so there is no launch to ask about."


class AskScreen(ModalScreen[None]):
    """Who is asked about stands above, the answers fill in below; only a confirmed grant or fix writes."""

    DEFAULT_CSS = """
    AskScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 94%; max-width: 130; height: 92%; background: $surface; padding: 1 2 0 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        TabLine { margin-bottom: 1; }
        #who { height: 1; border: none; padding: 0 1; background: $panel; }
        #form { height: auto; margin-bottom: 1; }
        Note { height: 1fr; }
        KeyBar { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False, id="ask.close"),
        Binding("right_square_bracket,left_square_bracket", "other", "The other question", show=False,
                id="ask.other"),
        Binding("y,ctrl+y", "copy_answer", "Copy as text", show=False, id="ask.copy"),
        Binding("g,ctrl+g", "grant", "Grant what is missing", show=False, id="ask.grant"),
        Binding("f", "fix", "Fix what failed", show=False, id="ask.fix"),
        Binding("d", "dry_run", "Let EC2 rehearse the launch", show=False, id="ask.dry-run"),
    ]  # fmt: skip

    app: IptuiApp

    def __init__(self, subject: ObjectRef, account: AwsAccount, glyphs: Glyphs) -> None:
        super().__init__()
        self._subject = subject
        self._account = account
        self._glyphs = glyphs
        self._shown = ABILITY
        self._principal: str | None = None
        self._asked: Asked | None = None
        self._launch: Launch | None = None
        self._lines: list[Line] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = plain(f"Ask about {self._subject.name}", limit=60)
            yield TabLine(QUESTIONS)
            with Vertical(id="form"):
                yield Labelled("Who", LineInput(placeholder=self._placeholder(), id="who"))
                yield from self._of_launch()
            yield Note(glyphs=self._glyphs, id="answers")
            yield KeyBar()

    def _placeholder(self) -> str:
        caller = self.app.store.inventory.callers.get(self._subject.account)
        you = f"you, {safe(caller.arn.rpartition(':')[2], 40)}" if caller else "you"
        return f"{you}; or type the ARN of a user or role"

    def _of_launch(self) -> ComposeResult:
        yield Labelled("Region", Choice(glyphs=self._glyphs, id="region"), id="region-row")
        yield Labelled("Template", Choice(glyphs=self._glyphs, id="template"), id="template-row")

    def on_mount(self) -> None:
        self._launch = launch_of(self._subject, self.app.store.inventory)
        if self._launch is not None:
            regions = regions_of(self._subject.account, self.app.store.inventory)
            items = [Choosable(region, region) for region in regions]
            self.query_one("#region", Choice).offer(items, self._launch.region)
            self._offer_templates(self._launch.launch_template)
        self.query_one("#answers", Note).focus()
        self._show(ABILITY)

    # -- what is asked --------------------------------------------------------------------------------------

    def action_other(self) -> None:
        self._show(LAUNCH if self._shown == ABILITY else ABILITY)

    def on_tab_line_chosen(self, message: TabLine.Chosen) -> None:
        self._show(message.index)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Another principal; an empty field is the caller."""
        event.stop()
        typed = event.value.strip()
        trouble = trouble_with(typed, self._subject.account) if typed else None
        if trouble:
            self._say(trouble)
            return
        self._principal = typed or None
        self.query_one("#answers", Note).focus()
        self._ask()

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        launch = self._launch
        if launch is None:
            return
        if message.choice.id == "region":
            self._launch = msgspec.structs.replace(launch, region=message.value, launch_template=None)
            self._offer_templates(None)
        else:
            template = None if message.value == NO_TEMPLATE else message.value
            self._launch = msgspec.structs.replace(launch, launch_template=template, version=DEFAULT)
        self._ask()

    def _offer_templates(self, chosen: str | None) -> None:
        launch = self._launch
        if launch is None:
            return
        found = templates_in(self._subject.account, launch.region, self.app.store.inventory)
        items = [Choosable(NO_TEMPLATE, "none", "a dry run takes one")]
        items += [Choosable(one.launch_template_id, one.launch_template_name, one.launch_template_id)
                  for one in found]  # fmt: skip
        self.query_one("#template", Choice).offer(items, chosen or NO_TEMPLATE)

    def action_dry_run(self) -> None:
        """Asked for explicitly, because the guard takes it for a writing call; it launches nothing."""
        if self._shown != LAUNCH or self._launch is None:
            return
        if self._launch.launch_template is None:
            self.notify("A dry run needs something to launch: choose a launch template.", markup=False)
            return
        self._ask(dry_run=True)

    # -- asking ---------------------------------------------------------------------------------------------

    def _show(self, question: int) -> None:
        self._shown = question
        self.query_one(TabLine).active = question
        for row in ("#region-row", "#template-row"):
            self.query_one(row).display = question == LAUNCH and self._launch is not None
        self._ask()

    def _ask(self, *, dry_run: bool = False) -> None:
        if self._shown == ABILITY:
            self._ask_ability(self._principal)
        elif self._launch is None:
            self._say(NOTHING_TO_LAUNCH)
        else:
            launch = msgspec.structs.replace(self._launch, principal=self._principal, dry_run=dry_run)
            self._ask_launch(launch)

    @work(exclusive=True, group="asking", exit_on_error=True)
    async def _ask_ability(self, principal: str | None) -> None:
        store = self.app.store
        fixes = fixes_of(self._subject, store.inventory, problems_of(store, self._subject))
        rows = rows_of(fixes)
        try:
            who = principal or str((await self._account.identity())["Arn"])
            self._asked = Asked(who, self._subject, fixes, rows, {})
            self._draw_ability()
            async for place, answer in could(self._account, principal, rows):
                answers = {**self._asked.answers, place: answer}
                self._asked = msgspec.structs.replace(self._asked, answers=answers)
                self._draw_ability()
        except (AwsError, NobodyToAsk) as error:
            self._say(str(error))

    @work(exclusive=True, group="asking", exit_on_error=True)
    async def _ask_launch(self, launch: Launch) -> None:
        self._lines = []
        trouble = trouble_with_launch(launch)
        if trouble:
            self._say(trouble)
            return
        try:
            who = launch.principal or str((await self._account.identity())["Arn"])
            self._draw_launch(launch, who, done=False)
            async for line in would_launch(self._account, launch, datetime.now(UTC)):
                self._lines.append(line)
                self._draw_launch(launch, who, done=False)
            self._draw_launch(launch, who, done=True)
        except (AwsError, NobodyToAsk) as error:
            self._say(str(error))

    # -- drawing --------------------------------------------------------------------------------------------

    def _draw_ability(self) -> None:
        if self._asked is not None:
            self._draw(list(ability_blocks(self._asked, self._lacking)))

    def _draw_launch(self, launch: Launch, who: str, *, done: bool) -> None:
        self._draw(list(launch_blocks(launch, who, self._lines, done=done)))

    def _say(self, sentence: str) -> None:
        self._draw([Paragraph(sentence)])

    def _draw(self, blocks: list[Block]) -> None:
        self.query_one("#answers", Note).show(blocks)
        keys = [("ask.other", "right_square_bracket", "the other question"), ("", "tab", "who")]
        if self._shown == LAUNCH and any(line.offers for line in self._lines):
            keys.append(("ask.fix", "f", "fix"))
        if self._lacking:
            keys.append(("ask.grant", "g", "grant"))
        if self._shown == LAUNCH and self._launch is not None and self._launch.launch_template:
            keys.append(("ask.dry-run", "d", "dry run"))
        keys += [("ask.copy", "y", "copy"), ("ask.close", "escape", "close")]
        keymap = self.app.resolved.settings.keymap
        self.query_one(KeyBar).show([(keymap.get(name, key), words) for name, key, words in keys])

    # -- what follows ---------------------------------------------------------------------------------------

    @property
    def _lacking(self) -> tuple[Permission, ...]:
        """What can be granted: for the launch, or for the first fix that Allows would make possible."""
        if self._shown == LAUNCH:
            return tuple(permission for line in self._lines for permission in line.lacks)
        asked = self._asked
        if asked is None or len(asked.answers) < len(asked.rows):
            return ()
        for fix in asked.fixes:
            lacking = grantable_for(fix, asked.rows, asked.answers)
            if lacking:
                return lacking
        return ()

    @work(group="grant", exclusive=True)
    async def action_grant(self) -> None:
        lacking = self._lacking
        if not lacking:
            return
        who = self._principal or str((await self._account.identity())["Arn"])
        denied = [(one.action, one.resource) for one in lacking]
        if await self.app.grant(who, self._subject.account, denied):
            self._ask()

    def action_fix(self) -> None:
        """The fix dialog for the first thing that failed and that iptui can put right."""
        line = next((line for line in self._lines if line.offers), None)
        if self._shown != LAUNCH or line is None or line.about is None:
            return
        known = [one for one in self.app.store.findings_of(line.about) if set(line.offers) & set(one.fixes)]
        made = Finding(
            finding_id(line.offers[0], line.about), "", "error", "present", line.about, line.detail[:60],
            line.detail, fixes=line.offers,
        )  # fmt: skip
        self.app.open_fix(known or [made])

    async def action_copy_answer(self) -> None:
        text = self._text()
        if text:
            await copy(self.app, text + "\n")
            self.notify("Copied the answer as text.", markup=False)

    def _text(self) -> str:
        if self._shown == ABILITY:
            return ability_text(self._asked, self._glyphs) if self._asked else ""
        if self._launch is None:
            return ""
        who = self._principal or self._asked_caller()
        return launch_text(self._launch, who, self._lines, self._glyphs)

    def _asked_caller(self) -> str:
        caller = self.app.store.inventory.callers.get(self._subject.account)
        return caller.arn if caller else "you"
