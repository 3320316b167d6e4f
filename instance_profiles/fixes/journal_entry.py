"""Reading the journal's lines as entries: what each fix did, and where it stands now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.fixes.journal_lines import BatchPart, Closed, Intent, Line, Opened, Outcome, Settled
from instance_profiles.fixes.plan import Call, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EntryState = Literal["applied", "failed", "rolled-back", "undone", "interrupted"]
CallState = Literal["done", "failed", "unknown", "rolled-back", "not-sent"]

_STATES: dict[str, EntryState] = {
    "applied": "applied",
    "unverified": "applied",
    "refused": "failed",
    "failed": "failed",
    "rolled-back": "rolled-back",
    "stopped": "interrupted",
}
_TROUBLED: tuple[EntryState, ...] = ("interrupted", "failed")
_SETTLED: dict[str, EntryState] = {
    "undone": "undone",
    "applied": "applied",
    "rolled-back": "rolled-back",
}


class JournalledCall(msgspec.Struct, frozen=True):
    """One call of an entry. `unknown`: the journal ends between its intent and its result.

    `inverse` is what takes it back, with the ids that AWS gave. `attempted_back` tells that taking it back
    was begun, whatever came of that. `rehearsed`: its last intent was a dry run, which goes out before any
    call of its group.
    """

    step: int
    call: Call
    state: CallState = "not-sent"
    at: datetime | None = None
    request_id: str | None = None
    code: str | None = None
    message: str | None = None
    inverse: Call | None = None
    attempted_back: bool = False
    rehearsed: bool = False


class JournalEntry(msgspec.Struct, frozen=True):
    """One fix. `running`: another process is at it right now. `result` is None until it ended."""

    id: str
    started: datetime
    plan: Plan
    state: EntryState
    calls: tuple[JournalledCall, ...]
    caller: str | None = None
    named_profile: str | None = None
    endpoints: dict[str, str] = {}
    result: str | None = None
    message: str = ""
    settled_by: str | None = None
    running: bool = False
    batch: BatchPart | None = None

    @property
    def finding(self) -> str:
        return self.plan.finding

    @property
    def recipe(self) -> str:
        return self.plan.recipe

    @property
    def account(self) -> str:
        return self.plan.account

    @property
    def done(self) -> tuple[JournalledCall, ...]:
        """The calls that took effect and were not taken back."""
        return tuple(call for call in self.calls if call.state == "done")


def entries_of(lines: Iterable[Line], is_running: Callable[[str], bool]) -> tuple[JournalEntry, ...]:
    """The entries that the lines tell of, in the order in which they began."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.id, []).append(line)
    found = (_entry(rows, is_running) for rows in grouped.values())
    return tuple(sorted((entry for entry in found if entry), key=lambda entry: entry.id))


def grouped(entries: Iterable[JournalEntry]) -> list[list[JournalEntry]]:
    """The entries, the newest first, those of one batch together where its newest stands."""
    groups: dict[str, list[JournalEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id, reverse=True):
        groups.setdefault(entry.batch.id if entry.batch else entry.id, []).append(entry)
    return list(groups.values())


def batch_state(entries: Iterable[JournalEntry]) -> EntryState:
    """How a batch stands: interrupted or failed where one of its fixes is, else as most are."""
    states = [entry.state for entry in entries]
    for state in _TROUBLED:
        if state in states:
            return state
    return max(states, key=states.count, default="failed")


def entry_json(entry: JournalEntry) -> dict[str, Any]:
    """An entry in the JSON form that scripts read (iptui.journal/1)."""
    from instance_profiles.fixes.plan_json import call_json  # the other way round for plans

    return {
        "id": entry.id,
        "started": entry.started.isoformat().replace("+00:00", "Z"),
        "finding": entry.finding,
        "recipe": entry.recipe,
        "title": entry.plan.title,
        "account": entry.account,
        "object": msgspec.to_builtins(entry.plan.subject),
        "state": entry.state,
        "running": entry.running,
        "result": entry.result,
        "message": entry.message,
        "settled_by": entry.settled_by,
        "batch": msgspec.to_builtins(entry.batch),
        "calls": [
            call_json(call.call)
            | {"outcome": {"state": call.state, "detail": call.message or "", "request_id": call.request_id}}
            for call in entry.calls
        ],
    }


def _entry(rows: list[Line], is_running: Callable[[str], bool]) -> JournalEntry | None:
    opened = next((row for row in rows if isinstance(row, Opened)), None)
    if opened is None or opened.at is None:
        return None
    closed = next((row for row in reversed(rows) if isinstance(row, Closed)), None)
    settled = next((row for row in reversed(rows) if isinstance(row, Settled)), None)
    state = _STATES.get(closed.result, "interrupted") if closed else "interrupted"
    calls = _calls(opened.plan, rows)
    if any(call.state == "unknown" for call in calls):
        # Whatever was said at the end: it is not known how the world stands.
        state = "interrupted"
    if settled is not None:
        state = _SETTLED.get(settled.state, state)
    return JournalEntry(
        id=opened.id,
        started=opened.at,
        plan=opened.plan,
        state=state,
        calls=calls,
        caller=opened.caller,
        named_profile=opened.named_profile,
        endpoints=opened.endpoints,
        result=closed.result if closed else None,
        message=closed.message if closed else "",
        settled_by=settled.by if settled else None,
        running=state == "interrupted" and is_running(opened.id),
        batch=opened.batch,
    )


def _calls(plan: Plan, rows: list[Line]) -> tuple[JournalledCall, ...]:
    calls = {number: JournalledCall(number, step.call) for number, step in enumerate(plan.steps)}
    for row in rows:
        if isinstance(row, Intent) and row.step in calls:
            calls[row.step] = _with_intent(calls[row.step], row)
        elif isinstance(row, Outcome) and row.step in calls:
            calls[row.step] = _with_outcome(calls[row.step], row)
    return tuple(calls.values())


def _with_intent(call: JournalledCall, row: Intent) -> JournalledCall:
    if row.direction == "back":
        return msgspec.structs.replace(call, attempted_back=True, state="unknown", at=row.at)
    sent = Call(row.service, row.operation, row.region, row.parameters, row.inverse, call.call.permissions)
    inverse = row.inverse
    return msgspec.structs.replace(
        call, call=sent, state="unknown", at=row.at, inverse=inverse, rehearsed=row.dry_run
    )


def _with_outcome(call: JournalledCall, row: Outcome) -> JournalledCall:
    told = {"request_id": row.request_id, "code": row.code, "message": row.message, "at": row.at}
    if row.direction == "back":
        state: CallState = "rolled-back" if row.state == "done" else "done"
        if row.state == "unknown":
            state = "unknown"
        return msgspec.structs.replace(call, state=state, **told)
    if row.state == "would-succeed" or (row.dry_run and row.state != "done"):
        return msgspec.structs.replace(call, state="not-sent", **told)
    return msgspec.structs.replace(call, state=row.state, inverse=row.inverse or call.inverse, **told)
