"""What the fixes of a batch show line by line, from the first check to the last call, and longer words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from instance_profiles.fixes.command_line import aws_command
from tui.screens.plan import call_title
from tui.words import counted
from widgets.call_list import CallLine
from widgets.check_list import CheckLine
from widgets.item_list import ItemLine, ItemState
from widgets.severity import STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.content import Content

    from instance_profiles.fixes.batch_outcome import ItemProgress
    from instance_profiles.fixes.outcome import Outcome, Progress
    from instance_profiles.fixes.plan import Check
    from instance_profiles.fixes.several import Batch, Item
    from widgets.severity import Glyphs

_SHOWN_NAMES = 4
_QUIET = ("applied",)
"""Results that need no words below the line."""


class ItemLines:
    """The lines of a batch; they change as news come in."""

    def __init__(self) -> None:
        self.items: list[ItemLine] = []

    def begin(self, batch: Batch) -> None:
        """All items as planned, nothing checked yet."""
        self.items = [_planned(item) for item in batch.items]

    def clear(self) -> None:
        self.items = []

    @property
    def ended(self) -> int:
        """How many have come to an end."""
        return sum(
            1 for item in self.items if item.state in ("applied", "unverified", "failed", "rolled-back")
        )

    def checked(self, number: int, check: Check) -> None:
        item = self.items[number]
        line = CheckLine(check.name, check.state, check.detail)
        self.items[number] = replace(item, checks=(*item.checks, line))

    def all_checked(self, reasons: Sequence[str | None]) -> None:
        """The checks are through; a reason says why an item is left out."""
        for number, reason in enumerate(reasons):
            item = self.items[number]
            unknown = sum(1 for check in item.checks if check.state == "unknown")
            doubts = f", {unknown} not known" if unknown and reason is None else ""
            state: ItemState = "ready" if reason is None else "refused"
            self.items[number] = replace(
                item, state=state, note=f"{_calls(len(item.calls))}{doubts}", reason=reason or item.reason
            )

    def progressed(self, number: int, news: ItemProgress) -> None:
        item = self.items[number]
        if news.outcome is not None:
            self.items[number] = _ended(item, news.outcome)
        elif news.progress is not None:
            self.items[number] = _going_on(item, news.progress)
        else:
            word = "taking it back" if news.state == "taking-back" else "reading once more"
            self.items[number] = replace(item, state="running", note=word)

    def ended_all(self, outcomes: Sequence[Outcome | None], places: Sequence[int]) -> None:
        """All is over; an outcome belongs to the item at its place."""
        for place, outcome in zip(places, outcomes, strict=True):
            item = self.items[place]
            if outcome is None:
                self.items[place] = replace(item, state="not-begun", note="")
            else:
                self.items[place] = _ended(item, outcome)


def question_words(batch: Batch, where: str) -> str:
    """What typing the number agrees to: what is deleted, what runs, and in which account."""
    deleted = sum(1 for item in batch.items if item.deletes)
    parts = []
    if deleted:
        parts.append(f"{counted(deleted, 'object')} {'is' if deleted == 1 else 'are'} deleted")
    running = batch.blast_radius.running
    if running:
        parts.append(f"{counted(running, 'running instance')} {'is' if running == 1 else 'are'} affected")
    what = " and ".join(parts) or "This cannot be undone as it was"
    return f"{what}, in {where}. Type the number of fixes to go on: {batch.typed}"


def stays_lines(left: Iterable[tuple[str, str]], glyphs: Glyphs) -> list[Content]:
    """What is left out, by reason: how many, why, and the first names."""
    names: dict[str, list[str]] = {}
    for name, reason in left:
        names.setdefault(reason, []).append(name)
    lines = []
    for reason, found in names.items():
        counts = Counter(found)
        shown = ", ".join(list(counts)[:_SHOWN_NAMES])
        more = f" and {len(counts) - _SHOWN_NAMES} more" if len(counts) > _SHOWN_NAMES else ""
        lines.append(plain(f"{glyphs.warning} {shown}{more}: {reason}", STYLES["warning"]))
    return lines


def _planned(item: Item) -> ItemLine:
    plan = item.plan
    return ItemLine(
        title=plan.title,
        note=_calls(len(plan.calls)),
        reason=" ".join(plan.warnings),
        heading=item.region or "IAM",
        calls=tuple(CallLine(call_title(call), aws_command(call)) for call in plan.calls),
    )


def _going_on(item: ItemLine, progress: Progress) -> ItemLine:
    calls = list(item.calls)
    line = calls[progress.step]
    calls[progress.step] = CallLine(line.title, line.command, progress.state, progress.detail)
    word = "done" if progress.state == "done" else progress.state
    note = f"{progress.step + 1}/{len(calls)} {progress.call.operation} {word}"
    return replace(item, state="running", note=note, calls=tuple(calls))


def _ended(item: ItemLine, outcome: Outcome) -> ItemLine:
    calls = list(item.calls)
    for told in outcome.calls:
        line = calls[told.step]
        calls[told.step] = CallLine(line.title, line.command, told.state, told.detail)
    states: dict[str, ItemState] = {
        "applied": "applied",
        "unverified": "unverified",
        "failed": "failed",
        "refused": "failed",
        "rolled-back": "rolled-back",
        "stopped": "stopped",
    }
    state = states[outcome.result]
    if outcome.result == "stopped" and not any(told.state == "done" for told in outcome.calls):
        state = "not-begun"
    reason = "" if outcome.result in _QUIET else outcome.message
    return replace(item, state=state, note="", reason=reason, calls=tuple(calls))


def _calls(number: int) -> str:
    return counted(number, "call")
