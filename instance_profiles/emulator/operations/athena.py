"""Athena over the table of a trail that the fleet has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import uuid_of
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.sql import Select, SqlError, parse
from instance_profiles.emulator.trail_queries import (
    COLUMNS,
    PARTITIONS,
    TrailQuery,
    answer,
    unknown_column,
)

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import TrailTable

_PRIMARY = "primary"
_LONGEST_STATEMENT = 262_144
_PAGE = 1000
_STATES = {"ENDED": "SUCCEEDED"}


@operation("athena", "StartQueryExecution", passing=True)
def start_query_execution(request: Request) -> dict[str, Any]:
    """Refuses what is no query; a table or column that is not there lets the query fail later."""
    statement = request.parameters.get("QueryString", "")
    if not 1 <= len(statement) <= _LONGEST_STATEMENT:
        raise _invalid("Query string is empty or too long.")
    workgroup = request.parameters.get("WorkGroup", _PRIMARY)
    output = _output(request, workgroup)
    try:
        select = parse(statement)
    except SqlError as error:
        raise _invalid(str(error)) from error
    world = request.world
    query = TrailQuery(
        id=uuid_of("query", len(world.queries)),
        account=request.account.id,
        region=request.region_name,
        statement=statement,
        started=request.now,
        output=output,
        workgroup=workgroup,
    )
    query.failure = _failure(request, select)
    if not query.failure:
        events = list(world.trail.shown(request.account.id, request.now))
        answer(query, select, events, spaced=False)
        query.names = tuple(name.lower() for name in query.names)  # Athena knows no capitals.
        _hold_to_limit(request, query)
    world.queries[query.id] = query
    return {"QueryExecutionId": query.id}


@operation("athena", "GetQueryExecution", passing=True)
def get_query_execution(request: Request) -> dict[str, Any]:
    query = _query(request)
    timing = request.world.timing
    state = query.state(request.now, timing)
    status: dict[str, Any] = {
        "State": _STATES.get(state, state),
        "SubmissionDateTime": query.started,
    }
    if state in ("ENDED", "FAILED", "CANCELLED"):
        status["CompletionDateTime"] = query.cancelled_at or query.ended_at(timing)
    if query.failure and query.cancelled_at is None and "CompletionDateTime" in status:
        status["StateChangeReason"] = query.failure
    running = state != "QUEUED"
    return {
        "QueryExecution": {
            "QueryExecutionId": query.id,
            "Query": query.statement,
            "StatementType": "DML",
            "ResultConfiguration": {"OutputLocation": f"{query.output.rstrip('/')}/{query.id}.csv"},
            "Status": status,
            "Statistics": {
                "DataScannedInBytes": query.scanned if running else 0,
                "EngineExecutionTimeInMillis": int(1000 * max(0.0, request.now - query.started)),
            },
            "WorkGroup": query.workgroup,
        }
    }


@operation("athena", "GetQueryResults", passing=True)
def get_query_results(request: Request) -> dict[str, Any]:
    """The first row of the first page holds the names of the columns."""
    query = _query(request)
    state = query.state(request.now, request.world.timing)
    if state in ("QUEUED", "RUNNING"):
        raise _invalid(f"Query has not yet finished. Current state: {state}")
    if state != "ENDED":
        raise _invalid(f"Query did not finish successfully. Final query state: {state}")
    keyed = [(f"{place:09}", row) for place, row in enumerate([query.names, *query.rows])]
    page, more = json_page(
        request,
        keyed,
        size="MaxResults",
        cursor="NextToken",
        default=_PAGE,
        smallest=1,
        largest=_PAGE,
        wrong_size="InvalidRequestException",
        wrong_cursor="InvalidRequestException",
    )
    rows = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in page]
    columns = [{"Name": name, "Label": name, "Type": "varchar"} for name in query.names]
    return {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}}, **more}


@operation("athena", "StopQueryExecution", passing=True)
def stop_query_execution(request: Request) -> dict[str, Any]:
    """Stopping what has ended changes nothing."""
    query = _query(request)
    if query.state(request.now, request.world.timing) in ("QUEUED", "RUNNING"):
        query.cancelled_at = request.now
    return {}


@operation("athena", "GetWorkGroup")
def get_work_group(request: Request) -> dict[str, Any]:
    name = request.parameters["WorkGroup"]
    table = _workgroup(request, name)
    configuration: dict[str, Any] = {"EnforceWorkGroupConfiguration": False}
    if table is not None and table.output:
        configuration["ResultConfiguration"] = {"OutputLocation": table.output}
    if table is not None and table.cutoff:
        configuration["BytesScannedCutoffPerQuery"] = table.cutoff
    return {"WorkGroup": {"Name": name, "State": "ENABLED", "Configuration": configuration}}


@operation("athena", "GetTableMetadata")
def get_table_metadata(request: Request) -> dict[str, Any]:
    database, name = request.parameters["DatabaseName"], request.parameters["TableName"]
    table = _table(request)
    if table is None or (table.database, table.name) != (database, name):
        raise RefusalError("MetadataException", f"EntityNotFoundException: Table {name} not found.")
    parameters = {
        "projection.enabled": "true",
        "projection.timestamp.format": "yyyy/MM/dd",
        "projection.timestamp.type": "date",
    }
    return {
        "TableMetadata": {
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Columns": [{"Name": column, "Type": "string"} for column in COLUMNS],
            "PartitionKeys": [{"Name": column, "Type": "string"} for column in PARTITIONS],
            "Parameters": parameters,
        }
    }


def _hold_to_limit(request: Request, query: TrailQuery) -> None:
    table = _table(request)
    if table is not None and table.workgroup == query.workgroup and 0 < table.cutoff < query.scanned:
        query.failure, query.failed = "Bytes scanned limit was exceeded", "CANCELLED"


def _query(request: Request) -> TrailQuery:
    query_id = request.parameters.get("QueryExecutionId", "")
    query = request.world.queries.get(query_id)
    if query is None or (query.account, query.region) != (request.account.id, request.region_name):
        raise _invalid(f"QueryExecution {query_id} was not found")
    return query


def _output(request: Request, workgroup: str) -> str:
    table = _workgroup(request, workgroup)
    given = (request.parameters.get("ResultConfiguration") or {}).get("OutputLocation", "")
    output = str(given or (table.output if table is not None else ""))
    if not output.startswith("s3://"):
        raise _invalid(
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input."
        )
    return output


def _workgroup(request: Request, name: str) -> TrailTable | None:
    """The table whose workgroup it is; None for the primary one where it is another."""
    table = _table(request)
    if table is not None and table.workgroup == name:
        return table
    if name != _PRIMARY:
        raise _invalid("WorkGroup is not found.")
    return None


def _failure(request: Request, select: Select) -> str:
    table = _table(request)
    context = request.parameters.get("QueryExecutionContext") or {}
    asked = select.table if "." in select.table else f"{context.get('Database', 'default')}.{select.table}"
    if table is None or asked.lower() != f"{table.database}.{table.name}".lower():
        return f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{asked}' does not exist"
    column = unknown_column(select, partitions=True)
    return f"COLUMN_NOT_FOUND: line 1:1: Column '{column}' cannot be resolved" if column else ""


def _table(request: Request) -> TrailTable | None:
    table = request.account.trail_table
    return table if table is not None and table.region == request.region_name else None


def _invalid(message: str) -> RefusalError:
    return RefusalError("InvalidRequestException", message)
