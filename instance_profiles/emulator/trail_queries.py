"""Queries over the trail, as Athena and CloudTrail Lake run them: queued, running, ended, by the clock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from instance_profiles.emulator.sql import Row, Select
    from instance_profiles.emulator.timing import Timing
    from instance_profiles.emulator.trail import TrailEvent

State = Literal["QUEUED", "RUNNING", "ENDED", "FAILED", "CANCELLED"]

COLUMNS = (
    "eventversion",
    "useridentity",
    "eventtime",
    "eventsource",
    "eventname",
    "awsregion",
    "sourceipaddress",
    "useragent",
    "errorcode",
    "errormessage",
    "requestparameters",
    "responseelements",
    "requestid",
    "eventid",
    "readonly",
    "eventtype",
    "recipientaccountid",
)
PARTITIONS = ("account", "region", "timestamp")
"""As the tables that the CloudTrail console makes are partitioned by projection."""


@dataclass(slots=True)
class TrailQuery:
    """`failure` is why it ends without a result, in the state `failed`."""

    id: str
    account: str
    region: str
    statement: str
    started: float
    names: tuple[str, ...] = ()
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    events: int = 0
    scanned: int = 0
    """Bytes."""
    failure: str = ""
    failed: Literal["FAILED", "CANCELLED"] = "FAILED"
    cancelled_at: float | None = None
    output: str = ""
    workgroup: str = ""

    def state(self, now: float, timing: Timing) -> State:
        age = (self.cancelled_at if self.cancelled_at is not None else now) - self.started
        if age >= timing.query_queued + timing.query_runs:
            return self.failed if self.failure else "ENDED"
        if self.cancelled_at is not None:
            return "CANCELLED"
        return "QUEUED" if age < timing.query_queued else "RUNNING"

    def ended_at(self, timing: Timing) -> float:
        """When it came or will come to its end by itself."""
        return self.started + timing.query_queued + timing.query_runs


def unknown_column(select: Select, *, partitions: bool) -> str | None:
    """A column that a trail does not have."""
    known = (*COLUMNS, *(PARTITIONS if partitions else ()))
    asked = [name for name, _ in select.columns] + [name for term in select.terms for name in term.columns]
    if select.order:
        asked.append(select.order)
    return next((name for name in asked if name.partition(".")[0] not in known), None)


def answer(query: TrailQuery, select: Select, events: Sequence[TrailEvent], *, spaced: bool) -> None:
    """Put rows and numbers into a query. `spaced` writes times as Lake does: with a space, without a zone.

    Terms that read nothing but partitions narrow down what is scanned, and so what is billed.
    """
    narrowing = [term for term in select.terms if term.columns <= set(PARTITIONS)]
    rows: list[tuple[TrailEvent, Row]] = [(event, _row(event, spaced=spaced)) for event in events]
    read = [(event, row) for event, row in rows if all(term.holds(row) for term in narrowing)]
    found = [row for _, row in read if all(term.holds(row) for term in select.terms)]
    if select.order:
        found.sort(key=lambda row: row(select.order) or "", reverse=select.descending)
    query.names = tuple(called for _, called in select.columns)
    query.rows = [tuple(row(name) for name, _ in select.columns) for row in found[: select.limit]]
    query.events = len(read)
    query.scanned = sum(len(event.text) for event, _ in read)


def _row(event: TrailEvent, *, spaced: bool) -> Row:
    folded = _folded(event.record)

    def column(name: str) -> str | None:
        if name == "timestamp":
            return f"{datetime.fromtimestamp(event.at, UTC):%Y/%m/%d}"
        if name == "account":
            return event.account
        if name == "region":
            return event.region
        value: Any = folded
        for part in name.split("."):
            value = _folded(value).get(part) if isinstance(value, Mapping) else None
        if spaced and name == "eventtime":
            return f"{datetime.fromtimestamp(event.at, UTC):%Y-%m-%d %H:%M:%S}.000"
        return _text(value)

    return column


def _folded(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): item for key, item in value.items()}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), default=str)
