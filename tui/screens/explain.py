"""What an error message means: paste it, read who was denied what, and ask AWS for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.worker import get_current_worker

from instance_profiles.aws.errors import AwsError
from instance_profiles.policies.principal import principal_of
from instance_profiles.questions.grant import GRANT
from tui.asked_notes import asked_block, policy_blocks
from tui.clipboard import copy
from tui.explanation import Explanation, explain, readable
from tui.inquiry import account_to_ask, better_known, scope_of
from widgets.key_bar import KeyBar
from widgets.note import Block, Fault, Heading, Note, Paragraph, Section
from widgets.paste_area import PasteArea

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.worker import Worker

    from instance_profiles.denials.inquiry.step import Step
    from instance_profiles.inventory.model import NamedProfile
    from tui.app import IptuiApp
    from tui.explanation import Explained
    from tui.workspace import Workspace
    from widgets.severity import Glyphs

_WAIT = 0.15
"""Seconds without a key after which the text is read."""
_FACTS = (
    ("code", "code"),
    ("who", "principal"),
    ("action", "action"),
    ("on", "resource"),
    ("policy", "policy"),
)


class ExplainScreen(ModalScreen[None]):
    """The text above, what it says below; both are read again with every change, AWS only on demand."""

    DEFAULT_CSS = """
    ExplainScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 94%; max-width: 120; height: 92%; background: $surface; padding: 1 2 0 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        PasteArea, PasteArea:focus {
            height: 6; border: none; background: $panel; padding: 0 1; margin-bottom: 1;
        }
        &.asked PasteArea { height: 3; }
        Note { height: 1fr; }
        KeyBar { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop asking, or close", show=False, id="explain.close"),
        Binding("tab", "switch_focus", "Go between text and explanation", show=False, id="explain.focus"),
        Binding("a,ctrl+o", "ask", "Ask AWS about it", show=False, id="explain.ask"),
        Binding("b,ctrl+b", "ask_billed", "Run the query that AWS bills", show=False, id="explain.billed"),
        Binding("y,ctrl+t", "copy_steps", "Copy what to do", show=False, id="explain.copy"),
        Binding("g,ctrl+g", "grant", "Give the caller the permission", show=False, id="explain.grant"),
    ]

    app: IptuiApp

    def __init__(self, glyphs: Glyphs, text: str = "", named_profiles: Sequence[NamedProfile] = ()) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._text = text
        self._named_profiles = named_profiles
        self._explanation = Explanation((), ())
        self._steps: dict[int, list[Step]] = {}
        self._asking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "What an error means"
            yield PasteArea(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
            yield Note(glyphs=self._glyphs, id="explanation")
            yield KeyBar()

    def on_mount(self) -> None:
        self._draw_keys()
        (self.query_one(Note) if self._text else self.query_one(PasteArea)).focus()
        self._read(self._text)

    def on_descendant_focus(self) -> None:
        self._draw_keys()

    def on_text_area_changed(self, event: PasteArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        self.set_timer(_WAIT, lambda: self._read_if_settled(text))

    def action_switch_focus(self) -> None:
        text, note = self.query_one(PasteArea), self.query_one(Note)
        (note if text.has_focus else text).focus()

    def action_leave(self) -> None:
        """While AWS is asked, stop that; else close."""
        if self._is_asking:
            self._stop()
            self._draw()
        else:
            self.dismiss()

    def action_ask(self) -> None:
        self._begin(billed=False)

    def action_ask_billed(self) -> None:
        """Only what was offered, with what it reads told, may be run."""
        if self._is_offered:
            self._begin(billed=True)

    async def action_copy_steps(self) -> None:
        """What to do, a text to the administrators of an organization among it."""
        told = [better_known(one, self._steps.get(n, ())) for n, one in enumerate(self._explanation.errors)]
        lines = [line for one in told for line in (one.advice.meaning, *one.advice.next_steps, "")]
        if lines:
            await copy(self.app, "\n".join(lines))
            self.notify("Copied what it means and what to do.", markup=False)

    @work(group="grant", exclusive=True)
    async def action_grant(self) -> None:
        """The smallest policy for the first denial that a policy of the caller would lift."""
        found = self._grantable
        if found is not None:
            error = found.error
            principal = str(error.principal)
            account = principal_of(principal).account
            await self.app.grant(principal, account, [(str(error.action), error.resource)])

    @property
    def _grantable(self) -> Explained | None:
        """By what AWS has said of it meanwhile: a Deny that it named is lifted by no Allow."""
        for number, one in enumerate(self._explanation.errors):
            known = better_known(one, self._steps.get(number, ()))
            if GRANT in known.advice.fixes and known.error.action and known.error.principal:
                return known
        return None

    # -- reading the text -----------------------------------------------------------------------------------

    def _read_if_settled(self, text: str) -> None:
        if self.query_one(PasteArea).text == text:
            self._read(text)

    @work(thread=True, exclusive=True, group="explain", exit_on_error=True)
    def _read(self, text: str) -> None:
        """In a thread of its own: a pasted log may be long."""
        explanation = explain(text, self._named_profiles) if text.strip() else Explanation((), ())
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._explained, explanation)

    def _explained(self, explanation: Explanation) -> None:
        """Another text: what AWS said of the last one is no longer shown."""
        if explanation != self._explanation:
            self._stop()
            self._steps.clear()
        self._explanation = explanation
        self._draw()

    # -- asking AWS -----------------------------------------------------------------------------------------

    @property
    def _is_asking(self) -> bool:
        return self._asking is not None and not self._asking.is_finished

    @property
    def _is_offered(self) -> bool:
        return not self._is_asking and any(
            step.state == "offered" for steps in self._steps.values() for step in steps
        )

    def _begin(self, *, billed: bool) -> None:
        from instance_profiles.denials.inquiry.inquire import worth_asking  # only where AWS is asked

        places = [number for number, one in enumerate(self._explanation.errors) if worth_asking(one.error)]
        if self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
        elif not places:
            self.notify("AWS has nothing to add: this is no denial.", markup=False)
        elif not self._is_asking:
            self._steps.clear()
            self._asking = self._ask(self.app.workspace, places, billed)
            self.query_one(Note).focus()
            self._draw()

    def _stop(self) -> None:
        """What runs at AWS is stopped there as well; what was learnt so far stays."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    @work(exclusive=True, group="inquiry")
    async def _ask(self, workspace: Workspace, places: Sequence[int], billed: bool) -> None:
        from instance_profiles.denials.inquiry.inquire import inquire  # as above

        scope = scope_of(workspace.settings, athena=billed, lake=billed)
        for number in places:
            error = self._explanation.errors[number].error
            steps = self._steps[number] = []
            try:
                async for step in inquire(account_to_ask(workspace, error), error, scope):
                    steps.append(step)
                    self._draw()
            except AwsError as trouble:
                self.notify(str(trouble), markup=False, severity="warning")
        self._asking = None
        self._draw()

    # -- drawing --------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.query(Note):
            return  # closed while the text was being read
        self.set_class(bool(self._steps), "asked")
        self.query_one(Note).show(list(blocks_of(self._explanation, self._steps)) or [EMPTY])
        self._draw_keys()

    def _draw_keys(self) -> None:
        keymap = self.app.resolved.settings.keymap
        typing = self.query_one(PasteArea).has_focus

        def key(command: str, usual: str) -> str:
            """In the text a letter is a letter: there the second key is the one to show."""
            keys = keymap.get(command, usual).split(",")
            return keys[-1] if typing else keys[0]

        pairs = []
        if self._is_asking:
            pairs.append((key("explain.close", "escape"), "stop asking"))
        else:
            pairs.append((key("explain.ask", "a,ctrl+o"), "ask AWS again" if self._steps else "ask AWS"))
            if self._is_offered:
                pairs.append((key("explain.billed", "b,ctrl+b"), "run the billed query"))
        if self._grantable is not None:
            pairs.append((key("explain.grant", "g,ctrl+g"), "give the permission"))
        pairs.append((key("explain.focus", "tab"), "to the explanation" if typing else "to the text"))
        if self._explanation.errors:
            pairs.append((key("explain.copy", "y,ctrl+t"), "copy"))
        if not self._is_asking:
            pairs.append((key("explain.close", "escape"), "close"))
        self.query_one(KeyBar).show(pairs)


EMPTY = Paragraph(
    "Paste an error message, or a whole log, as it was received. No call is made until you ask for one."
)


def blocks_of(explanation: Explanation, asked: dict[int, list[Step]] | None = None) -> Iterator[Block]:
    """An explanation as a note, with what AWS said of its errors, by their place."""
    for number, one in enumerate(explanation.errors):
        yield from _told(one, (asked or {}).get(number))
    if explanation.unrecognised:
        yield Section("Not recognised", explanation.unrecognised)
        if not explanation.errors:
            yield Paragraph("Paste the whole message, from its first line on.")


def _told(one: Explained, steps: Sequence[Step] | None) -> Iterator[Block]:
    error = one.error
    times = f", {error.count} times" if error.count > 1 else ""
    yield Heading(one.title, f"{error.rule or 'no rule'}{times}")
    yield Fault("error", readable(error.message))
    if steps is not None:
        yield asked_block(steps)
    yield from _said(better_known(one, steps or ()))
    yield from policy_blocks(steps or ())


def _said(one: Explained) -> Iterator[Block]:
    error = one.error
    facts = [f"{label}  {getattr(error, name)}" for label, name in _FACTS if getattr(error, name)]
    if error.effect:
        by = f", {error.denied_by.replace('-', ' ')}" if error.denied_by else ""
        facts.append(f"denied  {'by a Deny' if error.effect == 'explicit' else 'no Allow'}{by}")
    if facts:
        yield Section("What it says", tuple(facts))
    yield Paragraph(one.advice.meaning)
    if one.advice.next_steps:
        steps = tuple(f"{number}  {step}" for number, step in enumerate(one.advice.next_steps, 1))
        yield Section("What to do", steps)
