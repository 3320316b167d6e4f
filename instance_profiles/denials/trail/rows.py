"""Rows that a query brought, as events. Both kinds of queries name their columns alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from instance_profiles.denials.trail.event import TrailEvent, event_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHO: Final = "who"
ROLE: Final = "role_arn"
_FIELDS: Final = {
    "eventtime": "eventTime",
    "eventsource": "eventSource",
    "eventname": "eventName",
    "awsregion": "awsRegion",
    "errorcode": "errorCode",
    "errormessage": "errorMessage",
    "requestparameters": "requestParameters",
    "recipientaccountid": "recipientAccountId",
    "eventid": "eventID",
}


def events_in(rows: Iterable[Mapping[str, Any]]) -> tuple[TrailEvent, ...]:
    """The rows as events; their columns may be spelled in any case, and one without a time is left out."""
    return tuple(event for row in rows if (event := _event(row)) is not None)


def _event(row: Mapping[str, Any]) -> TrailEvent | None:
    told = {name.lower(): value for name, value in row.items() if value is not None}
    record: dict[str, Any] = {field: told[name] for name, field in _FIELDS.items() if name in told}
    record["userIdentity"] = {
        "arn": told.get(WHO),
        "sessionContext": {"sessionIssuer": {"arn": told.get(ROLE)}},
    }
    return event_of(record)
