"""What AWS bills: a query narrowed by the partitions of its table, told before, followed and stopped."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import AwsError, Rejected
from instance_profiles.denials.trail.athena import TrailTable, plan_query, run_query
from instance_profiles.denials.trail.lake import event_data_store, search_store
from tests.aws.place import json as answer
from tests.aws.place import open_place
from tests.aws.surroundings import isolate
from tests.denials.asking import FLEET, company

if TYPE_CHECKING:
    from tests.aws.place import Place

TABLE = TrailTable("logs", "cloudtrail")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
TODAY = (NOON - timedelta(hours=3), NOON)
OVER_MIDNIGHT = (NOON - timedelta(hours=13), NOON)
STORE = "[trail]\nevent_data_store = 'org-events'\n"


@pytest.fixture
async def place(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    async with open_place() as opened:
        yield opened


async def plan(place: Place, keys: list[tuple[str, str]], times=TODAY, parameters=None, cutoff=None):
    metadata = {
        "Name": "cloudtrail",
        "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in keys],
        "Parameters": parameters or {},
    }
    place.answers["GetTableMetadata"] = lambda _: answer(json.dumps({"TableMetadata": metadata}))
    workgroup = {"Name": "primary", "Configuration": {"BytesScannedCutoffPerQuery": cutoff}}
    place.answers["GetWorkGroup"] = lambda _: answer(json.dumps({"WorkGroup": workgroup if cutoff else {}}))
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        return await plan_query(account, TABLE, *times, ["eu-west-1", "us-east-1"])


async def test_a_table_with_projected_partitions_is_narrowed_by_all_of_them(place: Place):
    keys = [("account", "string"), ("region", "string"), ("timestamp", "string")]
    planned = await plan(place, keys, OVER_MIDNIGHT)
    assert "\"account\" = '111122223333'" in planned.sql
    assert "\"region\" IN ('eu-west-1', 'us-east-1')" in planned.sql
    assert "\"timestamp\" BETWEEN '2026/11/26' AND '2026/11/27'" in planned.sql
    assert "eventtime BETWEEN '2026-11-26T23:00:00Z' AND '2026-11-27T12:00:00Z'" in planned.sql
    assert planned.reads == (
        "Reads 2 days and 2 regions of logs.cloudtrail, narrowed by account, region, timestamp; Athena bills"
        " what it reads."
    )


async def test_a_table_that_is_partitioned_by_hand_has_a_year_a_month_and_a_day(place: Place):
    keys = [("region", "string"), ("year", "string"), ("month", "string"), ("day", "string")]
    planned = await plan(place, keys, OVER_MIDNIGHT)
    assert "(year = '2026' AND month = '11' AND day = '26') OR (year = '2026'" in planned.sql
    numbers = await plan(place, [("year", "int"), ("month", "int"), ("day", "int")])
    assert "(year = 2026 AND month = 11 AND day = 27)" in numbers.sql


async def test_days_are_written_as_the_table_writes_them_or_not_at_all(place: Place):
    key = [("date", "string")]
    dashed = await plan(place, key, parameters={"projection.date.format": "yyyy-MM-dd"})
    assert "\"date\" BETWEEN '2026-11-27' AND '2026-11-27'" in dashed.sql
    odd = await plan(place, key, parameters={"projection.date.format": "yyyy-DDD"})
    assert '"date"' not in odd.sql


async def test_a_table_without_partitions_is_said_to_be_read_whole(place: Place):
    planned = await plan(place, [("bucket", "string")], cutoff=10 * 1024**3)
    assert planned.reads.startswith(
        "Reads the whole table logs.cloudtrail, which has no partition that iptui"
    )
    assert planned.reads.endswith("Workgroup primary stops a query at 10 GB.")


async def test_a_name_that_is_none_never_gets_into_a_query(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Rejected, match="is no name of a database or table"):
            await plan_query(account, TrailTable("logs", 'x"; DROP'), *TODAY, [])
    assert place.received == []


async def test_a_query_that_fails_says_why(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch) as acme:
        now = acme.world.clock.moment()
        planned = await plan_query(acme.admin, TABLE, now - timedelta(hours=1), now, ["us-east-1"])
        wrong = type(planned)(planned.sql.replace("eventname,", "eventnome,"), planned.reads)
        with pytest.raises(AwsError, match=r"The query of Athena failed: .*eventnome"):
            async for _ in run_query(acme.admin, TABLE, wrong, acme.scope().sleep):
                pass


async def test_cancelling_whoever_waits_for_athena_stops_the_query(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch) as acme:
        now = acme.world.clock.moment()
        planned = await plan_query(acme.admin, TABLE, now - timedelta(hours=1), now, ["us-east-1"])
        waiting = asyncio.Event()

        async def wait_for_ever(_seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        async def read() -> None:
            async for _ in run_query(acme.admin, TABLE, planned, wait_for_ever):
                pass

        reader = asyncio.create_task(read())
        await waiting.wait()
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        assert acme.world.requests[-1][1] == "StopQueryExecution"


async def test_lake_is_asked_where_there_is_a_store_and_says_how_far_it_is(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch, FLEET.replace("[trail]\n", STORE, 1)) as acme:
        acme.may()
        await acme.add_role()
        store = await event_data_store(acme.admin)
        assert store is not None
        assert (store.name, store.region) == ("org-events", "us-east-1")
        now = acme.world.clock.moment()
        told = search_store(acme.admin, store, now - timedelta(hours=1), now, acme.scope().sleep)
        news = [one async for one in told]
        words = [one for one in news if isinstance(one, str)]
        assert words[0].startswith("queued")
        assert words[-1].startswith("finished")
        (event,) = [event for one in news if not isinstance(one, str) for event in one]
        assert (event.name, event.is_denied) == ("AddRoleToInstanceProfile", True)


async def test_leaving_lake_cancels_its_query(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch, FLEET.replace("[trail]\n", STORE, 1)) as acme:
        store = await event_data_store(acme.admin)
        assert store is not None
        now = acme.world.clock.moment()
        news = search_store(acme.admin, store, now - timedelta(hours=1), now, acme.scope().sleep)
        await anext(news)
        await news.aclose()
        assert acme.world.requests[-1][1] == "CancelQuery"


async def test_without_a_store_there_is_nothing_to_ask(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch) as acme:
        assert await event_data_store(acme.admin) is None
