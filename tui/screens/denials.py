"""The denials of the last hours around instance profiles, grouped by who, what and why."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.regions import home_region
from instance_profiles.denials.trail.recent import recent_denials
from instance_profiles.denials.who import who
from tui.denial_notes import cause_of, story_of
from tui.denials import HOURS, refs_of
from tui.inquiry import account_with, table_of
from tui.trail_search import Offer, offer
from tui.words import ago, counted
from widgets.key_bar import KeyBar
from widgets.note import Note, Paragraph
from widgets.severity import MUTED, STYLES
from widgets.text import plain, shorten, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.events import Resize
    from textual.worker import Worker

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.groups import DenialGroup
    from instance_profiles.inventory.model import ObjectRef
    from tui.app import IptuiApp
    from tui.denials import RecentDenials
    from tui.workspace import Workspace
    from widgets.severity import Glyphs

NARROW = 100
NOTHING_TO_SEARCH = (
    "There is no more to search: the settings name no table of Athena ([trail]), and the account has no event"
    " data store."
)
FRAME = 0.1
"""Seconds between two frames while pages come in from all regions."""


class DenialsScreen(ModalScreen["ObjectRef | None"]):
    """Dismissed with the object to go to, or None."""

    DEFAULT_CSS = """
    DenialsScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 94%; height: 92%; background: $surface; padding: 1 1 0 1;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        #state { height: auto; padding: 0 1 1 1; }
        OptionList, OptionList:focus { border: none; background-tint: transparent; }
        OptionList {
            width: 48%; height: 1fr; background: $surface; padding: 0; scrollbar-size-vertical: 1;
            & > .option-list--option-disabled { color: $iptui-muted; }
            & > .option-list--option-highlighted { background: $iptui-cursor; text-style: none; }
            &:ansi > .option-list--option-highlighted { text-style: reverse; }
            &:nocolor > .option-list--option-highlighted { text-style: reverse; }
        }
        Note { width: 1fr; padding: 0 1 0 2; }
        &.narrow Horizontal { layout: vertical; }
        &.narrow OptionList { width: 100%; height: 3fr; }
        &.narrow Note { width: 100%; height: 2fr; margin-top: 1; padding: 0 1; }
        KeyBar { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "explain", "Explain it", show=False, id="denials.explain"),
        Binding("g", "go", "Go to the object in the tree", show=False, id="denials.go"),
        Binding("h", "further_back", "Look further back", show=False, id="denials.hours"),
        Binding("r", "read", "Read again", show=False, id="denials.read"),
        Binding("b", "ask_billed", "Search all of the trail, billed", show=False, id="denials.billed"),
        Binding("tab", "switch_focus", "Go between list and detail", show=False, id="denials.focus"),
        Binding("escape,q", "leave", "Stop reading, or close", show=False, id="denials.close"),
    ]

    app: IptuiApp

    def __init__(self, denials: RecentDenials, glyphs: Glyphs, about: ObjectRef | None = None) -> None:
        super().__init__()
        self._denials = denials
        self._glyphs = glyphs
        self._about = about
        self._rows: list[DenialGroup | None] = []
        self._reading: Worker[None] | None = None
        self._offer: Offer | None = None
        self._said = ""
        self._touched = False
        self._is_stale = False

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "Recent denials"
            yield Static(id="state", markup=False)
            with Horizontal():
                yield OptionList(markup=False)
                yield Note(glyphs=self._glyphs, id="denial")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self._draw()
        self.set_interval(FRAME, self._draw_if_stale)
        if self._denials.begun is None:
            self.action_read()
        elif self._about is not None:
            self._stand_on(self._denials.of(self._about)[:1])

    def on_key(self) -> None:
        """From now on the cursor is the person's, whatever is still being read."""
        self._touched = True

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < NARROW, "narrow")
        self.call_after_refresh(self._draw)

    # -- what the keys do -----------------------------------------------------------------------------------

    @property
    def selected(self) -> DenialGroup | None:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def action_explain(self) -> None:
        if self.selected is not None:
            self.app.open_explain(self.selected.said)

    def action_go(self) -> None:
        """To the first object that was read; what was denied may be about something that is gone."""
        group = self.selected
        if group is None:
            return
        refs = refs_of(group, self.app.store.inventory)
        if refs:
            self._stop()
            self.dismiss(refs[0])
        else:
            self.notify("Nothing that this is about is in the tree.", markup=False)

    def action_further_back(self) -> None:
        at = HOURS.index(self._denials.hours) if self._denials.hours in HOURS else -1
        self._denials.hours = HOURS[(at + 1) % len(HOURS)]
        self.action_read()

    def action_read(self) -> None:
        if self.app.workspace is None:
            self.notify("Wait until AWS has answered.", markup=False)
            return
        self._stop()
        self._offer, self._said = None, ""
        self._reading = self._read(self.app.workspace)

    def action_ask_billed(self) -> None:
        """First press: what a search would read. Second press: run it."""
        if self.app.workspace is None or self._is_reading:
            return
        whose = self.selected.account if self.selected is not None else ""
        self._reading = self._search(account_with(self.app.workspace, whose), self._offer)

    def action_switch_focus(self) -> None:
        options, note = self.query_one(OptionList), self.query_one(Note)
        (note if options.has_focus else options).focus()

    def action_leave(self) -> None:
        if self._is_reading:
            self._stop()
            self._said = "Stopped: what was read so far stays."
            self._draw()
        else:
            self.dismiss(None)

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self._draw_detail()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        self.action_explain()

    # -- reading --------------------------------------------------------------------------------------------

    @property
    def _is_reading(self) -> bool:
        return self._reading is not None and not self._reading.is_finished

    def _stop(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    @work(exclusive=True, group="denials")
    async def _read(self, workspace: Workspace) -> None:
        """All accounts one after the other, the regions of each side by side."""
        now = self.app.store.clock()
        since = now - timedelta(hours=self._denials.hours)
        try:
            plan = await self._places(workspace)
        except AwsError as trouble:
            self._said, self._reading = str(trouble), None
            self._draw()
            return
        self._denials.begin(now, sum(len(regions) for _, regions in plan))
        self._draw()
        for account, regions in plan:
            async with aclosing(recent_denials(account, regions, since, now)) as news:
                async for heard in news:
                    self._denials.take(heard, self.app.store.inventory)
                    self._is_stale = True
        self._denials.ended = True
        self._reading = None
        self._draw()

    async def _places(self, workspace: Workspace) -> list[tuple[AwsAccount, tuple[str, ...]]]:
        """Each account once, however many named profiles lead to it, and its regions that were read."""
        found: dict[str, tuple[AwsAccount, tuple[str, ...]]] = {}
        for account in workspace.accounts:
            account_id = str((await account.identity())["Account"])
            found.setdefault(account_id, (account, self._regions(account, account_id)))
        return list(found.values())

    def _regions(self, account: AwsAccount, account_id: str) -> tuple[str, ...]:
        """The regions that were read, and the one where the partition keeps the events of IAM."""
        home = home_region(account.partition) or account.default_region
        return tuple(sorted({home, *self.app.store.inventory.asked_regions.get(account_id, ())}))

    @work(exclusive=True, group="denials")
    async def _search(self, account: AwsAccount, wanted: Offer | None) -> None:
        """Without an offer find out what can be searched; with one, run it."""
        try:
            if wanted is None:
                now = self.app.store.clock()
                since = now - timedelta(hours=self._denials.hours)
                table = table_of(self.app.resolved.settings)
                regions = self._regions(account, str((await account.identity())["Account"]))
                self._offer = await offer(account, table, since, now, regions)
                self._said = self._offer.reads if self._offer else NOTHING_TO_SEARCH
                return
            async with aclosing(wanted.run(asyncio.sleep)) as news:
                async for one in news:
                    if isinstance(one, str):
                        self._said = f"{wanted.name}: {one}"
                    else:
                        self._denials.add(one, self.app.store.inventory)
                    self._draw()
            self._offer, self._said = None, f"{wanted.name} has answered; its denials are among these."
        except AwsError as trouble:
            self._offer, self._said = None, str(trouble)
        finally:
            self._reading = None
            self._draw()

    # -- drawing --------------------------------------------------------------------------------------------

    def _draw_if_stale(self) -> None:
        if self._is_stale:
            self._draw()

    def _draw(self) -> None:
        self._is_stale = False
        if not self.query(Note):
            return  # closed while CloudTrail was being read
        self.query_one("#state", Static).update(Content("\n").join(self._state()))
        self._draw_list()
        self._draw_detail()
        self._draw_keys()

    def _state(self) -> Iterator[Content]:
        denials = self._denials
        span = f"last {denials.hours} hours" if denials.hours < 48 else f"last {denials.hours // 24} days"
        facts = [span, f"{denials.read} of {counted(denials.regions, 'region')} read"]
        facts += [] if self.has_class("narrow") else [f"{counted(denials.looked_at, 'call')} looked at"]
        facts += [counted(sum(group.count for group in denials.groups), "denial")]
        if self._is_reading:
            glyph = plain(f"{self._glyphs.sending} ", STYLES["info"])
        elif denials.ended and not denials.troubles and not denials.cut:
            glyph = plain(f"{self._glyphs.done} ", STYLES["done"])
        else:
            glyph = plain(f"{self._glyphs.unknown} ", STYLES["unknown"])
        yield Content.assemble(glyph, plain(f" {self._glyphs.dot} ".join(facts), MUTED))
        if denials.troubles:
            more = f" (and {len(denials.troubles) - 1} more)" if len(denials.troubles) > 1 else ""
            yield plain(
                f"{self._glyphs.unknown} Not all is known: {denials.troubles[0]}{more}", STYLES["warning"]
            )
        if denials.cut:
            words = f"{self._glyphs.unknown} So many calls were made that older ones were left unread."
            yield plain(words, STYLES["unknown"])
        if self._said:
            yield plain(self._said, STYLES["info"])

    def _draw_list(self) -> None:
        """The groups below whoever was denied; the cursor stays on the same trouble."""
        options = self.query_one(OptionList)
        stood = self.selected if self._touched else None
        rows: list[DenialGroup | None] = []
        lines: list[Option] = []
        for principal in dict.fromkeys(group.principal for group in self._denials.groups):
            if rows:
                rows.append(None)
                lines.append(Option("", disabled=True))
            rows.append(None)
            lines.append(Option(plain(self._words_for(principal), "bold"), disabled=True))
            for group in self._denials.groups:
                if group.principal == principal:
                    rows.append(group)
                    lines.append(Option(self._line(group)))
        self._rows = rows
        options.clear_options()
        options.add_options(lines)
        if stood is not None:
            self._stand_on([group for group in self._denials.groups if group.key == stood.key])
        elif self._about is not None and self._denials.of(self._about):
            self._stand_on(self._denials.of(self._about)[:1])
        else:
            self._stand_on(self._denials.groups[:1])

    def _words_for(self, principal: str) -> str:
        """Who it is; the account is only told where there are several."""
        words = who(principal or None).words
        one_account = len(self.app.store.inventory.callers) < 2
        return words.partition(" of account ")[0] if one_account else words

    def _stand_on(self, groups: list[DenialGroup] | tuple[DenialGroup, ...]) -> None:
        keys = [group.key for group in groups]
        place = next((at for at, row in enumerate(self._rows) if row is not None and row.key in keys), None)
        if place is not None:
            self.query_one(OptionList).highlighted = place

    def _line(self, group: DenialGroup) -> Content:
        """The action and how often; below, why and when."""
        width = max(self.query_one(OptionList).size.width - 4, 24)
        times = f"{group.count}×" if group.count > 1 else ""
        room = width - 4 - width_of(times)
        action = shorten(group.action, room)
        gap = " " * max(room - width_of(action), 1)
        when = ago(self.app.store.clock(), group.last)
        return Content.assemble(
            "  ",
            plain(self._glyphs.error, STYLES["error"]),
            " ",
            plain(action),
            gap,
            plain(times, MUTED),
            "\n    ",
            plain(shorten(f"{when} {self._glyphs.dot} {cause_of(group)}", width - 4), MUTED),
        )

    def _draw_detail(self) -> None:
        group = self.selected
        now = self.app.store.clock()
        blocks = list(story_of(group, now)) if group is not None else [Paragraph(self._why_empty())]
        self.query_one(Note).show(blocks)

    def _why_empty(self) -> str:
        if self._is_reading:
            return "Looking through CloudTrail, two calls a second in each region …"
        if self._denials.troubles:
            return "Nothing could be read of some regions, so that none is known to be without denials."
        if self._denials.begun is None:
            return "Press r to look through CloudTrail."
        return "Nobody was denied anything around instance profiles. h looks further back."

    def _draw_keys(self) -> None:
        keymap = self.app.resolved.settings.keymap

        def key(command: str, usual: str) -> str:
            return keymap.get(f"denials.{command}", usual)

        pairs = []
        if self.selected is not None:
            pairs += [(key("explain", "enter"), "explain"), (key("go", "g"), "go to it")]
        if self._is_reading:
            pairs.append((key("close", "escape"), "stop reading"))
        else:
            pairs += [(key("hours", "h"), "further back"), (key("read", "r"), "again")]
            pairs.append((key("billed", "b"), f"ask {self._offer.name}" if self._offer else "whole trail"))
            pairs.append((key("close", "escape"), "close"))
        self.query_one(KeyBar).show(pairs)
