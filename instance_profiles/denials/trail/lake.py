"""CloudTrail Lake: only where an event data store is there and enabled. It takes no new customers."""

from __future__ import annotations

import asyncio
import re
from string import Template
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import AwsError, Rejected
from instance_profiles.aws.regions import home_region
from instance_profiles.denials.trail.rows import ROLE, WHO, events_in
from instance_profiles.denials.trail.timing import Sleep, spaced

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.event import TrailEvent

_ID: Final = re.compile(r"[0-9a-f-]{8,64}")
_ENDED: Final = ("FINISHED", "FAILED", "CANCELLED", "TIMED_OUT")
_WAITS: Final = (1.0, 1.5, 2.0, 3.0, 5.0)
_MOST_ROWS: Final = 500
_QUERY: Final = Template(
    """\
SELECT eventTime, userIdentity.arn AS $who, userIdentity.sessionContext.sessionIssuer.arn AS $role,
  eventSource, eventName, awsRegion, errorCode, errorMessage, recipientAccountId, eventID
FROM $store
WHERE eventTime > '$since' AND eventTime < '$until'
  AND errorCode IN ('AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation',
    'UnauthorizedOperation')
  AND eventSource IN ('iam.amazonaws.com', 'ec2.amazonaws.com', 'sts.amazonaws.com',
    'autoscaling.amazonaws.com')
  AND (eventName LIKE '%InstanceProfile%' OR eventName IN ('RunInstances', 'AssumeRole',
    'CreateLaunchTemplateVersion', 'CreateAutoScalingGroup', 'UpdateAutoScalingGroup')
    OR errorMessage LIKE '%iam:PassRole%')
ORDER BY eventTime DESC LIMIT $most"""
)


class EventDataStore(msgspec.Struct, frozen=True):
    """An enabled store; `id` is the last part of its ARN, which queries name."""

    id: str
    name: str
    region: str


async def event_data_store(account: AwsAccount) -> EventDataStore | None:
    """The first enabled store of the account's own region or of the partition's first one.

    Raises:
        AwsError: the stores may not be listed.
    """
    await account.ready()
    for region in dict.fromkeys((account.default_region, home_region(account.partition))):
        if region is None:
            continue
        async for page in _pages(account, "ListEventDataStores", {}, region):
            for store in page.get("EventDataStores") or ():
                store_id = str(store.get("EventDataStoreArn") or "").rpartition("/")[2]
                # The API reference calls the status of a listed store deprecated: it may be left out.
                if store.get("Status", "ENABLED") == "ENABLED" and _ID.fullmatch(store_id):
                    return EventDataStore(store_id, str(store.get("Name") or store_id), region)
    return None


async def search_store(
    account: AwsAccount, store: EventDataStore, since: datetime, until: datetime, sleep: Sleep
) -> AsyncGenerator[str | tuple[TrailEvent, ...], None]:
    """Ask for the denials around instance profiles: words on how far it is, then pages of events.

    Closing the iterator, or cancelling the task, cancels the query as well.

    Raises:
        AwsError: the query was refused or failed.
    """
    asked = {"QueryStatement": _statement(store, since, until)}
    started = await account.call("cloudtrail", "StartQuery", asked, region=store.region)
    query = {"QueryId": started["QueryId"]}
    waits = iter(_WAITS)
    state = "QUEUED"
    try:
        while state not in _ENDED:
            answer = await account.call("cloudtrail", "DescribeQuery", query, region=store.region)
            state = str(answer["QueryStatus"])
            scanned = (answer.get("QueryStatistics") or {}).get("EventsScanned") or 0
            yield f"{state.lower()}, {int(scanned):,} events read"
            if state not in _ENDED:
                await sleep(next(waits, _WAITS[-1]))
    finally:
        if state not in _ENDED:
            await asyncio.shield(_cancel(account, store, query))
    if state != "FINISHED":
        reason = str(answer.get("ErrorMessage") or "no reason given").rstrip(".")
        raise Rejected(f"The query of CloudTrail Lake {state.lower().replace('_', ' ')}: {reason}.")
    async for page in _pages(account, "GetQueryResults", query, store.region):
        yield events_in(
            {name: value for cell in row for name, value in cell.items()}
            for row in page.get("QueryResultRows") or ()
        )


async def _pages(
    account: AwsAccount, operation: str, parameters: dict[str, Any], region: str
) -> AsyncIterator[dict[str, Any]]:
    """The pages of a listing that the SDK has no paginator for."""
    token: dict[str, Any] = {}
    while True:
        page = await account.call("cloudtrail", operation, {**parameters, **token}, region=region)
        yield page
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


async def _cancel(account: AwsAccount, store: EventDataStore, query: dict[str, Any]) -> None:
    try:
        await account.call("cloudtrail", "CancelQuery", query, region=store.region)
    except AwsError:
        return  # it ends by itself; whoever left is not there to be told


def _statement(store: EventDataStore, since: datetime, until: datetime) -> str:
    return _QUERY.substitute(
        who=WHO, role=ROLE, store=store.id, since=spaced(since), until=spaced(until), most=_MOST_ROWS
    )
