"""cloudtrail:LookupEvents: the last 90 days, 50 events a page, by one attribute, two requests a second."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from instance_profiles.denials.trail.event import TrailEvent, event_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount

Attribute = Literal["EventName", "ResourceName", "Username"]

PAGE: Final = 50


async def lookup(
    account: AwsAccount,
    region: str,
    by: tuple[Attribute, str],
    since: datetime,
    until: datetime,
) -> AsyncIterator[tuple[TrailEvent, ...]]:
    """The events of a region with this attribute, page by page, the newest first.

    There is no filter for errors: whoever looks for denials takes them out of the pages.

    Raises:
        AwsError: as AwsAccount.pages.
    """
    attribute, value = by
    asked = {
        "LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}],
        "StartTime": since,
        "EndTime": until,
        "MaxResults": PAGE,
    }
    async for page in account.pages("cloudtrail", "LookupEvents", asked, region=region):
        yield tuple(_events(page))


def _events(page: dict[str, Any]) -> Iterator[TrailEvent]:
    for one in page.get("Events") or ():
        try:
            record = json.loads(one.get("CloudTrailEvent") or "{}")
        except ValueError:
            continue  # CloudTrail's own text is broken; what stands beside it tells nothing of an error
        event = event_of({"eventTime": one.get("EventTime"), "eventID": one.get("EventId"), **record})
        if event is not None:
            yield event
