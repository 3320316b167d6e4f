"""One event of CloudTrail, whether it came from LookupEvents, from Lake or from a table of Athena."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from instance_profiles.denials.records import sentence_of

_DENIED: Final = ("accessdenied", "unauthorized")
"""What an error code holds, in lower case, when a call was denied (the recipe of AWS's own article)."""
_API_CALL: Final = "AwsApiCall"


class TrailEvent(msgspec.Struct, frozen=True):
    """A recorded call. `who` is the caller's ARN, `role` the role behind a session, with its path.

    `said` is the error as one sentence of the grammar of denials, empty where the call succeeded. `service`
    is as in actions: `ec2`.
    """

    id: str
    time: datetime
    region: str
    service: str
    name: str
    who: str
    role: str = ""
    code: str = ""
    said: str = ""
    account: str = ""
    parameters: Mapping[str, Any] = {}
    read_only: bool = False

    @property
    def action(self) -> str:
        return f"{self.service}:{self.name}"

    @property
    def is_denied(self) -> bool:
        code = self.code.lower()
        return any(word in code for word in _DENIED)


def event_of(record: Mapping[str, Any]) -> TrailEvent | None:
    """Read a record as CloudTrail writes it; None where it is no call, or has no time."""
    time = _time(record.get("eventTime"))
    if time is None or record.get("eventType", _API_CALL) != _API_CALL:
        return None
    identity = _mapping(record.get("userIdentity"))
    issuer = _mapping(_mapping(identity.get("sessionContext")).get("sessionIssuer"))
    code = str(record.get("errorCode") or "")
    return TrailEvent(
        id=str(record.get("eventID") or ""),
        time=time,
        region=str(record.get("awsRegion") or ""),
        service=str(record.get("eventSource") or "").partition(".")[0],
        name=str(record.get("eventName") or ""),
        who=str(identity.get("arn") or identity.get("invokedBy") or identity.get("principalId") or ""),
        role=str(issuer.get("arn") or ""),
        code=code,
        said=sentence_of(record) if code else "",
        account=str(record.get("recipientAccountId") or identity.get("accountId") or ""),
        parameters=_mapping(record.get("requestParameters")),
        read_only=record.get("readOnly") in (True, "true"),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    """An object of the record; tables of Athena hold some of them as JSON text."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _time(value: Any) -> datetime | None:
    """Records write `2026-11-27T03:00:00Z`; Lake writes `2026-11-27 03:00:00.000`. Both are UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
