"""The services that speak JSON: which operation a request asks for, with what, and how answers are written.

`json` services name the operation in the header X-Amz-Target, `rest-json` ones by method and path
(botocore/serialize.py, JSONSerializer and RestJSONSerializer).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore.model import ListShape, MapShape, Shape, StructureShape

from instance_profiles.emulator.service_models import service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.refusal import RefusalError

# Where these services have another word for what the query protocol calls so.
_CODES = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "InvalidAction": "UnknownOperationException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "Throttling": "ThrottlingException",
}


def speaks_json(service: str) -> bool:
    """Tell whether a service that is emulated takes and gives JSON."""
    try:
        return service_model(service).protocol in ("json", "rest-json")
    except KeyError:
        return False


def read_request(
    service: str, method: str, path: str, query: Mapping[str, str], target: str, body: bytes
) -> tuple[str, dict[str, Any]]:
    """Return the operation and its parameters; an operation that is not known comes back as it was asked."""
    model = service_model(service)
    members = _object(body)
    if model.protocol == "json":
        return target.rpartition(".")[2], members
    for verb, pattern, operation in _routes(service):
        found = pattern.fullmatch(path) if verb == method else None
        if found is not None:
            shape = model.operation_model(operation).input_shape
            return operation, _bound(shape, found.groupdict(), query, members)
    return f"{method} {path}", {}


def write_result(service: str, operation: str, result: dict[str, Any]) -> bytes:
    """Return the JSON body of a successful answer, its names and times as the model writes them."""
    shape = service_model(service).operation_model(operation).output_shape
    return json.dumps(_written(result, shape) if shape is not None else {}).encode()


def write_refusal(refusal: RefusalError) -> bytes:
    """Return the JSON body of an error."""
    code = _CODES.get(refusal.code, refusal.code)
    return json.dumps({"__type": code, "message": refusal.message}).encode()


@cache
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    model = service_model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        parts = re.split(r"\{(\w+)\+?\}", http["requestUri"].partition("?")[0])
        pattern = "".join(
            f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        routes.append((http["method"], re.compile(pattern), name))
    return tuple(routes)


def _bound(
    shape: StructureShape | None,
    in_path: Mapping[str, str],
    query: Mapping[str, str],
    members: dict[str, Any],
) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    for name, member in shape.members.items() if shape is not None else ():
        wire_name = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                bound[name] = unquote(in_path[wire_name])
            case "querystring" if wire_name in query:
                bound[name] = int(query[wire_name]) if member.type_name == "integer" else query[wire_name]
            case None if wire_name in members:
                bound[name] = members[wire_name]
    return bound


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _written(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape) and shape.is_document_type:
        return value
    if isinstance(shape, StructureShape):
        return {
            member.serialization.get("name", name): _written(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [_written(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: _written(item, shape.value) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return _time(value, shape)
    return value


def _time(value: float, shape: Shape) -> float | str:
    if shape.serialization.get("timestampFormat") == "iso8601":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
