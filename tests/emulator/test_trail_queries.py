"""Athena and CloudTrail Lake answer from the same events as LookupEvents, and refuse as they do."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from tests.emulator.calling import Aws

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FLEET = """
regions = ["us-east-1", "eu-west-1"]
account = { id = "123456789012" }

[trail]
database = "audit"
table = "logs"
output = "s3://results/"
event_data_store = "all-events"

[[roles]]
name = "web"
instance_profile = true

[[events]]
region = "eu-west-1"
name = "RunInstances"
who = "user/kim"
minutes_ago = 30
count = 3
instance_profile = "web"
role = "web"
denied = "iam:PassRole"

[[events]]
service = "iam"
name = "UpdateAssumeRolePolicy"
who = "user/kim"
minutes_ago = 10
role = "web"
"""
DENIALS = "lower(errorcode) LIKE '%unauthorized%' AND eventname = 'RunInstances'"
COLUMNS = "eventtime, useridentity.arn AS who, errorcode, requestparameters"


@pytest.fixture
async def aws() -> AsyncIterator[Aws]:
    world = build_world(FLEET)
    world.clock.freeze()
    async with serve(world) as url, AsyncExitStack() as stack:
        yield Aws(world, url, stack)


async def ended(aws: Aws, sql: str, **rest: Any) -> tuple[str, dict[str, Any]]:
    """A query's id and how it ended."""
    started = await aws("athena", "StartQueryExecution", QueryString=sql, **rest)
    aws.world.clock.advance(10)
    return started["QueryExecutionId"], await execution(aws, started["QueryExecutionId"])


async def execution(aws: Aws, query: str) -> dict[str, Any]:
    return dict((await aws("athena", "GetQueryExecution", QueryExecutionId=query))["QueryExecution"])


async def test_athena_finds_the_denials_by_the_predicates_of_the_query(aws: Aws):
    sql = f'SELECT {COLUMNS} FROM "audit"."logs" WHERE {DENIALS} ORDER BY eventtime DESC LIMIT 2'
    query, told = await ended(aws, sql)
    assert told["Status"]["State"] == "SUCCEEDED"
    assert told["Statistics"]["DataScannedInBytes"] > 1000
    result = (await aws("athena", "GetQueryResults", QueryExecutionId=query))["ResultSet"]
    header, first, second = [[one.get("VarCharValue") for one in row["Data"]] for row in result["Rows"]]
    assert header == ["eventtime", "who", "errorcode", "requestparameters"]
    assert first[1:3] == ["arn:aws:iam::123456789012:user/kim", "Client.UnauthorizedOperation"]
    assert first[0] > second[0]
    assert '"iamInstanceProfile"' in first[3]


async def test_a_query_waits_and_runs_before_it_succeeds(aws: Aws):
    started = await aws("athena", "StartQueryExecution", QueryString="SELECT eventname FROM audit.logs")
    query = started["QueryExecutionId"]
    states = [(await execution(aws, query))["Status"]["State"]]
    early = await aws.refused("athena", "GetQueryResults", QueryExecutionId=query)
    for seconds in (aws.world.timing.query_queued, aws.world.timing.query_runs):
        aws.world.clock.advance(seconds)
        states.append((await execution(aws, query))["Status"]["State"])
    assert states == ["QUEUED", "RUNNING", "SUCCEEDED"]
    assert early.message == "Query has not yet finished. Current state: QUEUED"


async def test_partitions_narrow_what_is_scanned(aws: Aws):
    _, everything = await ended(aws, f"SELECT {COLUMNS} FROM audit.logs WHERE {DENIALS}")
    _, narrowed = await ended(
        aws, f"SELECT {COLUMNS} FROM audit.logs WHERE region = 'us-east-1' AND {DENIALS}"
    )
    _, empty = await ended(aws, f"SELECT {COLUMNS} FROM audit.logs WHERE \"timestamp\" = '1999/01/01'")
    sizes = [told["Statistics"]["DataScannedInBytes"] for told in (everything, narrowed, empty)]
    assert sizes[0] > sizes[1] > sizes[2] == 0


async def test_a_stopped_query_is_cancelled_and_one_that_ended_is_not(aws: Aws):
    started = await aws("athena", "StartQueryExecution", QueryString="SELECT eventname FROM audit.logs")
    query = started["QueryExecutionId"]
    await aws("athena", "StopQueryExecution", QueryExecutionId=query)
    aws.world.clock.advance(10)
    assert (await execution(aws, query))["Status"]["State"] == "CANCELLED"
    refused = await aws.refused("athena", "GetQueryResults", QueryExecutionId=query)
    assert refused.message.endswith("Final query state: CANCELLED")
    other, _ = await ended(aws, "SELECT eventname FROM audit.logs")
    await aws("athena", "StopQueryExecution", QueryExecutionId=other)
    assert (await execution(aws, other))["Status"]["State"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT eventname FROM audit.none", "TABLE_NOT_FOUND"),
        ("SELECT nothing FROM audit.logs", "COLUMN_NOT_FOUND"),
        ("SELECT eventname FROM audit.logs WHERE nothing = '1'", "COLUMN_NOT_FOUND"),
    ],
)
async def test_what_is_not_there_lets_a_query_fail(aws: Aws, sql, reason):
    _, told = await ended(aws, sql)
    assert told["Status"]["State"] == "FAILED"
    assert told["Status"]["StateChangeReason"].startswith(reason)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"QueryString": "DROP TABLE logs"}, "line 1:1: mismatched input 'DROP'"),
        ({"QueryString": "SELECT eventname FROM audit.logs", "WorkGroup": "none"}, "WorkGroup is not found."),
    ],
)
async def test_athena_refuses_what_it_cannot_begin(aws: Aws, parameters, message):
    refused = await aws.refused("athena", "StartQueryExecution", **parameters)
    assert (refused.code, refused.message) == ("InvalidRequestException", message)


async def test_results_need_a_place(aws: Aws):
    sql = "SELECT eventname FROM audit.logs"
    refused = await aws.refused("athena", "StartQueryExecution", region="eu-west-1", QueryString=sql)
    assert refused.message.startswith("No output location provided.")


async def test_a_workgroup_stops_a_query_at_its_limit(aws: Aws):
    from dataclasses import replace

    table = aws.world.account.trail_table
    aws.world.account.trail_table = replace(table, cutoff=100)
    _, told = await ended(aws, "SELECT eventname FROM audit.logs")
    assert told["Status"]["State"] == "CANCELLED"
    assert told["Status"]["StateChangeReason"] == "Bytes scanned limit was exceeded"
    group = (await aws("athena", "GetWorkGroup", WorkGroup="primary"))["WorkGroup"]
    assert group["Configuration"]["BytesScannedCutoffPerQuery"] == 100


async def test_results_come_in_pages(aws: Aws):
    query, _ = await ended(aws, "SELECT eventname FROM audit.logs")
    first = await aws("athena", "GetQueryResults", QueryExecutionId=query, MaxResults=3)
    rest = await aws("athena", "GetQueryResults", QueryExecutionId=query, NextToken=first["NextToken"])
    assert [len(page["ResultSet"]["Rows"]) for page in (first, rest)] == [3, 2]


async def test_the_table_tells_its_partitions(aws: Aws):
    asked = {"CatalogName": "AwsDataCatalog", "DatabaseName": "audit", "TableName": "logs"}
    told = (await aws("athena", "GetTableMetadata", **asked))["TableMetadata"]
    assert [key["Name"] for key in told["PartitionKeys"]] == ["account", "region", "timestamp"]
    refused = await aws.refused("athena", "GetTableMetadata", **asked | {"TableName": "none"})
    assert refused.code == "MetadataException"


# CloudTrail Lake


async def store_id(aws: Aws) -> str:
    (store,) = (await aws("cloudtrail", "ListEventDataStores"))["EventDataStores"]
    assert store["Name"] == "all-events"
    return str(store["EventDataStoreArn"]).rpartition("/")[2]


async def test_lake_finds_the_denials_with_its_own_times(aws: Aws):
    since = aws.world.clock.moment(aws.world.clock.now() - 35 * 60)
    started = await aws(
        "cloudtrail",
        "StartQuery",
        QueryStatement=f"SELECT eventTime, userIdentity.arn AS who, errorCode FROM {await store_id(aws)} "
        f"WHERE errorCode IN ('Client.UnauthorizedOperation') AND eventTime > '{since:%Y-%m-%d %H:%M:%S}'",
    )
    query = {"QueryId": started["QueryId"]}
    waiting = await aws("cloudtrail", "GetQueryResults", **query)
    assert (waiting["QueryStatus"], waiting["QueryResultRows"]) == ("QUEUED", [])
    aws.world.clock.advance(10)
    told = await aws("cloudtrail", "DescribeQuery", **query)
    assert (told["QueryStatus"], told["QueryStatistics"]["EventsMatched"]) == ("FINISHED", 1)
    (row,) = (await aws("cloudtrail", "GetQueryResults", **query))["QueryResultRows"]
    assert [next(iter(cell)) for cell in row] == ["eventTime", "who", "errorCode"]


async def test_lake_cancels_only_what_runs(aws: Aws):
    statement = f"SELECT eventName FROM {await store_id(aws)}"
    query = {"QueryId": (await aws("cloudtrail", "StartQuery", QueryStatement=statement))["QueryId"]}
    assert (await aws("cloudtrail", "CancelQuery", **query))["QueryStatus"] == "CANCELLED"
    assert (await aws.refused("cloudtrail", "CancelQuery", **query)).code == "InactiveQueryException"


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("StartQuery", {"QueryStatement": "SELECT"}, "InvalidQueryStatementException"),
        (
            "StartQuery",
            {"QueryStatement": "SELECT eventName FROM 01234567-89ab-4cde-8fff-0123456789ab"},
            "EventDataStoreNotFoundException",
        ),
        ("StartQuery", {"QueryStatement": ""}, "InvalidParameterException"),
        ("DescribeQuery", {"QueryId": "none"}, "QueryIdNotFoundException"),
        ("GetQueryResults", {"QueryId": "none"}, "QueryIdNotFoundException"),
        ("CancelQuery", {"QueryId": "none"}, "QueryIdNotFoundException"),
    ],
)
async def test_lake_refuses_what_it_does_not_have(aws: Aws, operation, parameters, code):
    assert (await aws.refused("cloudtrail", operation, **parameters)).code == code


async def test_most_accounts_have_no_event_data_store(aws: Aws):
    assert (await aws("cloudtrail", "ListEventDataStores", region="eu-west-1"))["EventDataStores"] == []
