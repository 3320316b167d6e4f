"""Journal entries as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.journal_entry import batch_state, grouped
from tui.commands.output import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.fixes.journal_entry import JournalEntry
    from instance_profiles.fixes.recover import Recovery
    from widgets.severity import Glyphs


def list_lines(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """One line for each entry, the newest first; those of a batch stand below a line of its own."""
    for group in grouped(entries):
        first = group[-1]
        if first.batch is not None:
            yield _line(first.batch.id, first, batch_state(group), first.batch.title)
        indent = "  " if first.batch is not None else ""
        for entry in group:
            state = "running" if entry.running else entry.state
            yield _line(f"{indent}{entry.id}", entry, state, entry.plan.title)


def _line(entry_id: str, entry: JournalEntry, state: str, title: str) -> str:
    return visible(f"{entry_id:<14}  {entry.started:%Y-%m-%d %H:%M:%S} UTC  {state:<11}  {title}")


def entry_lines(entry: JournalEntry, glyphs: Glyphs) -> Iterator[str]:
    """An entry in full: what, when, who, and each call with what became of it."""
    marks = {"done": glyphs.done, "failed": glyphs.error, "unknown": glyphs.unknown}
    yield visible(entry.plan.title)
    yield f"{entry.id}, {entry.started:%Y-%m-%d %H:%M:%S} UTC, {'running' if entry.running else entry.state}"
    yield visible(f"account {entry.account}, {entry.recipe}, finding {entry.finding}")
    if entry.batch is not None:
        mark = entry.batch
        yield visible(f"{mark.number} of {mark.of} in batch {mark.id}, {mark.title}")
    if entry.caller:
        yield visible(f"by {entry.caller}")
    yield ""
    for number, call in enumerate(entry.calls, start=1):
        yield f"  {number}. {marks.get(call.state, ' ')} {call.state:<11} {visible(aws_command(call.call))}"
        if call.message:
            yield f"     {visible(call.message)}"
        if call.inverse is not None:
            yield f"     taken back by: {visible(aws_command(call.inverse))}"
    if entry.message:
        yield ""
        yield visible(entry.message)
    if entry.settled_by:
        yield f"{entry.state} by {entry.settled_by}"


def recovery_lines(entry: JournalEntry, found: Recovery, glyphs: Glyphs) -> Iterator[str]:
    """What is known of each call of an interrupted entry, and how it can be ended."""
    marks = {"happened": glyphs.done, "not": glyphs.waiting, "unknown": glyphs.unknown}
    words = {"happened": "happened", "not": "did not", "unknown": "unknown"}
    yield visible(entry.plan.title)
    yield f"{entry.id}, {entry.started:%Y-%m-%d %H:%M:%S} UTC, {entry.state}"
    for call in found.calls:
        command = visible(aws_command(call.call))
        yield f"  {call.step + 1}. {marks[call.happened]} {words[call.happened]:<8} {command}"
        yield f"     {visible(call.sentence)}"
    if found.finish is None:
        yield visible(f"It cannot be finished: {found.why_not_finish}")
    if found.roll_back is None:
        yield visible(f"It cannot be rolled back: {found.why_not_roll_back}")
