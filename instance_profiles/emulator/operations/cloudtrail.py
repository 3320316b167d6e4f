"""CloudTrail: looking up the events of the last 90 days in one region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.trail import TrailEvent

_KEPT = 90 * 86400.0
_PAGE = 50
_KEYS = frozenset(
    {
        "AccessKeyId",
        "EventId",
        "EventName",
        "EventSource",
        "ReadOnly",
        "ResourceName",
        "ResourceType",
        "Username",
    }
)
_LAST = 10**10


@operation("cloudtrail", "LookupEvents", passing=True)
def lookup_events(request: Request) -> dict[str, Any]:
    """Newest first, by at most one attribute; a record is in here some time after its call."""
    wanted = _attribute(request)
    start = request.parameters.get("StartTime", 0.0)
    end = request.parameters.get("EndTime", request.now)
    if start > end:
        raise RefusalError("InvalidTimeRangeException", "Start time must be less than or equal to end time.")
    if request.parameters.get("EventCategory"):
        return {"Events": []}  # Insights are recorded by nobody here.
    oldest = max(start, request.now - _KEPT)
    keyed = [
        (f"{_LAST - int(event.at):011}{_LAST - event.number:011}", event)
        for event in request.world.trail.shown(request.account.id, request.now, request.region_name)
        if oldest <= int(event.at) <= end and _fits(event, wanted)
    ]
    page, more = json_page(
        request,
        keyed,
        size="MaxResults",
        cursor="NextToken",
        default=_PAGE,
        smallest=1,
        largest=_PAGE,
        wrong_size="InvalidMaxResultsException",
        wrong_cursor="InvalidNextTokenException",
    )
    return {"Events": [_event(event) for event in page], **more}


def _attribute(request: Request) -> Mapping[str, str] | None:
    attributes = request.parameters.get("LookupAttributes") or []
    if not attributes:
        return None
    if len(attributes) > 1:
        raise RefusalError(
            "InvalidLookupAttributesException", "You can only specify one lookup attribute at a time."
        )
    (attribute,) = attributes
    if attribute.get("AttributeKey") not in _KEYS or not attribute.get("AttributeValue"):
        raise RefusalError(
            "InvalidLookupAttributesException", "A valid lookup attribute key and value are needed."
        )
    return dict(attribute)


def _fits(event: TrailEvent, wanted: Mapping[str, str] | None) -> bool:
    if wanted is None:
        return True
    value = wanted["AttributeValue"]
    match wanted["AttributeKey"]:
        case "ResourceName":
            return any(name == value for _, name in event.resources)
        case "ResourceType":
            return any(kind == value for kind, _ in event.resources)
        case key:
            return _members(event).get(key) == value


def _members(event: TrailEvent) -> dict[str, Any]:
    record = event.record
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": str(record["readOnly"]).lower(),
        "AccessKeyId": record["userIdentity"].get("accessKeyId"),
        "EventSource": record["eventSource"],
        "Username": event.user_name,
    }


def _event(event: TrailEvent) -> dict[str, Any]:
    return {
        **_members(event),
        "EventTime": int(event.at),
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.resources],
        "CloudTrailEvent": event.text,
    }
