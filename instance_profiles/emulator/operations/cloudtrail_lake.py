"""CloudTrail Lake: queries of an event data store, in the accounts that have one from before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import uuid_of
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.sql import SqlError, parse
from instance_profiles.emulator.trail_queries import TrailQuery, answer, unknown_column

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import EventDataStore

_LONGEST_STATEMENT = 10_000
_PAGE = 1000
_STATES = {"ENDED": "FINISHED"}


@operation("cloudtrail", "ListEventDataStores", passing=True)
def list_event_data_stores(request: Request) -> dict[str, Any]:
    store = _store(request)
    if store is None:
        return {"EventDataStores": []}
    arn = request.account.arn("cloudtrail", f"eventdatastore/{store.id}", request.region_name)
    return {"EventDataStores": [{"EventDataStoreArn": arn, "Name": store.name}]}


@operation("cloudtrail", "StartQuery", passing=True)
def start_query(request: Request) -> dict[str, Any]:
    statement = request.parameters.get("QueryStatement", "")
    if not 1 <= len(statement) <= _LONGEST_STATEMENT:
        raise RefusalError("InvalidParameterException", "The query statement is empty or too long.")
    try:
        select = parse(statement)
    except SqlError as error:
        raise RefusalError("InvalidQueryStatementException", str(error)) from error
    store = _store(request)
    if store is None or select.table != store.id:
        raise RefusalError(
            "EventDataStoreNotFoundException", f"Event data store {select.table} was not found."
        )
    column = unknown_column(select, partitions=False)
    if column is not None:
        raise RefusalError(
            "InvalidQueryStatementException", f"line 1:1: Column '{column}' cannot be resolved"
        )
    world = request.world
    query = TrailQuery(
        id=uuid_of("query", len(world.queries)),
        account=request.account.id,
        region=request.region_name,
        statement=statement,
        started=request.now,
    )
    answer(query, select, list(world.trail.shown(request.account.id, request.now)), spaced=True)
    world.queries[query.id] = query
    return {"QueryId": query.id}


@operation("cloudtrail", "DescribeQuery", passing=True)
def describe_query(request: Request) -> dict[str, Any]:
    query = _query(request)
    state = _state(request, query)
    running = state != "QUEUED"
    return {
        "QueryId": query.id,
        "QueryString": query.statement,
        "QueryStatus": state,
        "QueryStatistics": {
            "EventsMatched": len(query.rows) if running else 0,
            "EventsScanned": query.events if running else 0,
            "BytesScanned": query.scanned if running else 0,
            "CreationTime": query.started,
        },
    }


@operation("cloudtrail", "GetQueryResults", passing=True)
def get_query_results(request: Request) -> dict[str, Any]:
    """Has no rows until the query has finished. Every column of a row is a map of its own."""
    query = _query(request)
    state = _state(request, query)
    if state != "FINISHED":
        return {"QueryStatus": state, "QueryResultRows": []}
    keyed = [(f"{place:09}", row) for place, row in enumerate(query.rows)]
    page, more = json_page(
        request,
        keyed,
        size="MaxQueryResults",
        cursor="NextToken",
        default=_PAGE,
        smallest=1,
        largest=_PAGE,
        wrong_size="InvalidMaxResultsException",
        wrong_cursor="InvalidNextTokenException",
    )
    rows = [
        [{name: value} for name, value in zip(query.names, row, strict=True) if value is not None]
        for row in page
    ]
    counts = {"ResultsCount": len(rows), "TotalResultsCount": len(query.rows), "BytesScanned": query.scanned}
    return {"QueryStatus": state, "QueryStatistics": counts, "QueryResultRows": rows, **more}


@operation("cloudtrail", "CancelQuery", passing=True)
def cancel_query(request: Request) -> dict[str, Any]:
    query = _query(request)
    if _state(request, query) not in ("QUEUED", "RUNNING"):
        raise RefusalError("InactiveQueryException", f"Query {query.id} is not running.")
    query.cancelled_at = request.now
    return {"QueryId": query.id, "QueryStatus": "CANCELLED"}


def _query(request: Request) -> TrailQuery:
    query_id = request.parameters.get("QueryId", "")
    query = request.world.queries.get(query_id)
    if query is None or (query.account, query.region) != (request.account.id, request.region_name):
        raise RefusalError("QueryIdNotFoundException", f"Query {query_id} was not found.")
    return query


def _state(request: Request, query: TrailQuery) -> str:
    state = query.state(request.now, request.world.timing)
    return _STATES.get(state, state)


def _store(request: Request) -> EventDataStore | None:
    store = request.account.event_data_store
    return store if store is not None and store.region == request.region_name else None
