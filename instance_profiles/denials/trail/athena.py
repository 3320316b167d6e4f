"""Athena over a table of CloudTrail: the denials around instance profiles, as far back as the trail goes.

Athena bills what it reads, so the query is planned first, what it will read is told, and it only runs when
somebody wants it. The partitions of the table narrow what is read; which there are, the table itself tells.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from string import Template
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import AwsError, Rejected
from instance_profiles.denials.trail.rows import ROLE, WHO, events_in
from instance_profiles.denials.trail.timing import Sleep, iso

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.event import TrailEvent

_CATALOG: Final = "AwsDataCatalog"
_NAME: Final = re.compile(r"\w+")
_MOST_ROWS: Final = 500
_POLL: Final = 1.0
_LONGEST_POLL: Final = 5.0
_DAY_NAMES: Final = ("timestamp", "date", "dt")
_ACCOUNT_NAMES: Final = ("account", "account_id", "accountid")
_REGION_NAMES: Final = ("region", "region_name")
_FORMATS: Final = {"yyyy/MM/dd": "%Y/%m/%d", "yyyy-MM-dd": "%Y-%m-%d", "yyyyMMdd": "%Y%m%d"}
_QUERY: Final = Template(
    """\
SELECT eventtime, useridentity.arn AS $who, useridentity.sessioncontext.sessionissuer.arn AS $role,
  eventsource, eventname, awsregion, errorcode, errormessage, requestid, requestparameters,
  recipientaccountid, eventid
FROM "$database"."$table"
WHERE ${partitions}eventtime BETWEEN '$since' AND '$until'
  AND recipientaccountid = '$account'
  AND eventtype = 'AwsApiCall' AND errorcode IS NOT NULL
  AND (lower(errorcode) LIKE '%accessdenied%' OR lower(errorcode) LIKE '%unauthorized%')
  AND eventsource IN ('iam.amazonaws.com', 'ec2.amazonaws.com', 'sts.amazonaws.com',
    'autoscaling.amazonaws.com')
  AND (eventname LIKE '%InstanceProfile%' OR eventname IN ('RunInstances', 'AssumeRole',
    'CreateLaunchTemplateVersion', 'CreateAutoScalingGroup', 'UpdateAutoScalingGroup')
    OR errormessage LIKE '%iam:PassRole%')
ORDER BY eventtime DESC LIMIT $most"""
)


class TrailTable(msgspec.Struct, frozen=True):
    """Where the records of a trail can be queried. `output` is an s3:// address, None where the workgroup
    has one; `region` None stands for the account's own.
    """

    database: str
    table: str
    workgroup: str = "primary"
    output: str | None = None
    region: str | None = None


class PlannedQuery(msgspec.Struct, frozen=True):
    """A query and, in a sentence, what it will read."""

    sql: str
    reads: str


async def plan_query(
    account: AwsAccount, table: TrailTable, since: datetime, until: datetime, regions: Sequence[str]
) -> PlannedQuery:
    """Write the query for a time and these regions; the table's own data tell its partitions.

    Raises:
        AwsError: there is no such table, or it may not be looked at.
    """
    for name in (table.database, table.table):
        if not _NAME.fullmatch(name):
            raise Rejected(f"{name!r} is no name of a database or table: put [trail] in the settings right.")
    asked = {
        "CatalogName": _CATALOG,
        "DatabaseName": table.database,
        "TableName": table.table,
        "WorkGroup": table.workgroup,
    }
    answer = await account.call("athena", "GetTableMetadata", asked, region=table.region)
    metadata = answer.get("TableMetadata") or {}
    account_id = str((await account.identity())["Account"])
    days = _days(since, until)
    predicates: dict[str, str] = {}
    for key in metadata.get("PartitionKeys") or ():
        predicate = _predicate(key, metadata.get("Parameters") or {}, account_id, regions, days)
        if predicate:
            predicates[str(key["Name"])] = predicate
    predicates |= _dates({str(key["Name"]): key for key in metadata.get("PartitionKeys") or ()}, days)
    sql = _sql(table, account_id, since, until, list(predicates.values()))
    limit = await _limit(account, table)
    return PlannedQuery(sql, f"{_reads(table, predicates, days, regions)}{limit}")


async def run_query(
    account: AwsAccount, table: TrailTable, query: PlannedQuery, sleep: Sleep
) -> AsyncGenerator[str | tuple[TrailEvent, ...], None]:
    """Run a query: words on how far it is, then pages of events, the newest first.

    Closing the iterator, or cancelling the task, stops the query at Athena as well.

    Raises:
        AwsError: Athena refused it, or it failed.
    """
    asked: dict[str, Any] = {
        "QueryString": query.sql,
        "QueryExecutionContext": {"Catalog": _CATALOG, "Database": table.database},
        "WorkGroup": table.workgroup,
    }
    if table.output:
        asked["ResultConfiguration"] = {"OutputLocation": table.output}
    started = await account.call("athena", "StartQueryExecution", asked, region=table.region)
    execution = {"QueryExecutionId": started["QueryExecutionId"]}
    ended = False
    try:
        wait = _POLL
        while not ended:
            answer = await account.call("athena", "GetQueryExecution", execution, region=table.region)
            status = answer["QueryExecution"]["Status"]
            ended = status["State"] in ("SUCCEEDED", "FAILED", "CANCELLED")
            yield f"{str(status['State']).lower()}, {_read_so_far(answer['QueryExecution'])}"
            if not ended:
                await sleep(wait)
                wait = min(wait * 1.5, _LONGEST_POLL)
    finally:
        if not ended:
            await asyncio.shield(_stop(account, table, execution))
    if status["State"] != "SUCCEEDED":
        reason = str(status.get("StateChangeReason") or "no reason given").rstrip(".")
        raise Rejected(f"The query of Athena {str(status['State']).lower()}: {reason}.")
    async for page in account.pages("athena", "GetQueryResults", execution, region=table.region):
        yield events_in(_rows(page))


async def _stop(account: AwsAccount, table: TrailTable, execution: dict[str, Any]) -> None:
    try:
        await account.call("athena", "StopQueryExecution", execution, region=table.region)
    except AwsError:
        return  # it ends by itself; whoever left is not there to be told


def _sql(table: TrailTable, account_id: str, since: datetime, until: datetime, predicates: list[str]) -> str:
    return _QUERY.substitute(
        who=WHO,
        role=ROLE,
        database=table.database,
        table=table.table,
        partitions="".join(f"{one}\n  AND " for one in predicates),
        since=iso(since),
        until=iso(until),
        account=account_id,
        most=_MOST_ROWS,
    )


def _predicate(
    key: dict[str, Any],
    parameters: dict[str, str],
    account_id: str,
    regions: Sequence[str],
    days: Sequence[datetime],
) -> str | None:
    """What narrows one partition key, as CloudTrail's own tables name them; None where that is not known."""
    name = str(key["Name"])
    folded = name.lower()
    if folded in _ACCOUNT_NAMES:
        return f"\"{name}\" = '{account_id}'"
    if folded in _REGION_NAMES and regions:
        listed = ", ".join(f"'{region}'" for region in regions if re.fullmatch(r"[a-z0-9-]+", region))
        return f'"{name}" IN ({listed})'
    if folded in _DAY_NAMES and key.get("Type", "string") in ("string", "varchar"):
        pattern = parameters.get(f"projection.{name}.format", "yyyy/MM/dd")
        if pattern in _FORMATS:
            first, last = (day.strftime(_FORMATS[pattern]) for day in (days[0], days[-1]))
            return f"\"{name}\" BETWEEN '{first}' AND '{last}'"
    return None


def _dates(keys: dict[str, dict[str, Any]], days: Sequence[datetime]) -> dict[str, str]:
    """Tables that are partitioned by hand have a year, a month and a day each."""
    if not {"year", "month", "day"} <= keys.keys():
        return {}

    def value(name: str, text: str) -> str:
        return text if keys[name].get("Type") in ("int", "bigint", "smallint") else f"'{text}'"

    each = [
        f"(year = {value('year', f'{day:%Y}')} AND month = {value('month', f'{day:%m}')}"
        f" AND day = {value('day', f'{day:%d}')})"
        for day in days
    ]
    return {"year, month and day": f"({' OR '.join(each)})"}


def _days(since: datetime, until: datetime) -> list[datetime]:
    """Every day that a time touches. CloudTrail delivers a record minutes later, so the next day counts too
    where the time ends close to midnight.
    """
    last = (until + timedelta(minutes=30)).date()
    count = (last - since.date()).days + 1
    return [since + timedelta(days=number) for number in range(count)]


def _reads(
    table: TrailTable, predicates: dict[str, str], days: Sequence[datetime], regions: Sequence[str]
) -> str:
    where = f"{table.database}.{table.table}"
    if not predicates:
        return f"Reads the whole table {where}, which has no partition that iptui knows; Athena bills it all."
    of_days = f"{len(days)} day" + "s" * (len(days) != 1)
    of_regions = f" and {len(regions)} region" + "s" * (len(regions) != 1) if regions else ""
    return (
        f"Reads {of_days}{of_regions} of {where}, narrowed by {', '.join(predicates)}; Athena bills what it"
        " reads."
    )


async def _limit(account: AwsAccount, table: TrailTable) -> str:
    """The workgroup's own limit; it may not be readable, and then nothing is said of it."""
    try:
        answer = await account.call(
            "athena", "GetWorkGroup", {"WorkGroup": table.workgroup}, region=table.region
        )
    except AwsError:
        return ""
    configuration = (answer.get("WorkGroup") or {}).get("Configuration") or {}
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    return f" Workgroup {table.workgroup} stops a query at {_size(int(cutoff))}." if cutoff else ""


def _read_so_far(execution: dict[str, Any]) -> str:
    return f"{_size(int((execution.get('Statistics') or {}).get('DataScannedInBytes') or 0))} read"


def _size(count: int) -> str:
    """Bytes for people, in powers of 1,024 as Athena bills them."""
    amount = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def _rows(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows by column; the first row of the first page repeats the names of the columns."""
    result = page.get("ResultSet") or {}
    names = [
        str(column["Name"]) for column in (result.get("ResultSetMetadata") or {}).get("ColumnInfo") or ()
    ]
    for row in result.get("Rows") or ():
        values = [one.get("VarCharValue") for one in row.get("Data") or ()]
        if values != names:
            yield dict(zip(names, values, strict=False))
