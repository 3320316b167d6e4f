"""What iptui has done to one object, from the journal: the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store import ref_key
from tui.words import KIND_WORDS, ago
from widgets.note import Block, Fault, Heading, Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from instance_profiles.fixes.journal import Journal
    from instance_profiles.fixes.journal_entry import JournalEntry
    from instance_profiles.inventory.model import ObjectRef
    from widgets.severity import Level

STATE_LEVELS: dict[str, Level] = {
    "applied": "done",
    "undone": "info",
    "failed": "error",
    "rolled-back": "warning",
    "interrupted": "warning",
}
_NAMED_BY = {"instance-profile": "InstanceProfileName", "role": "RoleName"}
"""The parameter by which calls name an object that is not the subject of their fix."""


class History:
    """The journal's entries, read again only when the file has grown."""

    def __init__(self, journal: Callable[[], Journal | None]) -> None:
        self._journal = journal
        self._size = -1
        self._entries: tuple[JournalEntry, ...] = ()

    def of(self, ref: ObjectRef | None, now: datetime) -> list[Block]:
        """The fixes that touched an object, with their calls."""
        if ref is None:
            return []
        heading = Heading(ref.name, KIND_WORDS[ref.kind], ref.arn or ref.id)
        journal = self._journal()
        if journal is None:
            return [heading, Paragraph("The journal is read once AWS has answered.")]
        try:
            self._read(journal)
        except OSError as error:
            return [heading, Paragraph(f"The journal cannot be read ({error.strerror}): {journal.path}")]
        touching = [entry for entry in reversed(self._entries) if _touches(entry, ref)]
        if not touching:
            return [heading, Paragraph("Nothing was changed here with iptui so far.")]
        return [heading, *(block for entry in touching for block in _told(entry, now))]

    def _read(self, journal: Journal) -> None:
        size = journal.size()
        if size != self._size:
            self._entries = journal.entries()
            self._size = size


def _touches(entry: JournalEntry, ref: ObjectRef) -> bool:
    plan, reached = entry.plan, entry.plan.blast_radius
    about = (plan.subject, *reached.instances, *reached.launch_templates, *reached.auto_scaling_groups)
    if ref_key(ref) in map(ref_key, about):
        return True
    parameter = _NAMED_BY.get(ref.kind)
    return (
        parameter is not None
        and entry.account == ref.account
        and any(call.parameters.get(parameter) == ref.name for call in plan.calls)
    )


def _told(entry: JournalEntry, now: datetime) -> tuple[Block, ...]:
    told = Fault(STATE_LEVELS.get(entry.state, "unknown"), f"{entry.state}: {entry.plan.title}")
    calls = tuple(f"{one.state}  {one.call.service} {one.call.operation}" for one in entry.calls)
    when = f"{ago(now, entry.started)}, journal entry {entry.id}"
    return (told, *([Paragraph(entry.message)] if entry.message else []), Section(when, calls))
