"""From the form of a `query` or `ec2` request to the parameters of an operation, as its model shapes them.

The rules of names are those by which botocore writes requests
(botocore/serialize.py, QuerySerializer and EC2Serializer).
"""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

Form = dict[str, Any]


def parse_form(fields: Mapping[str, str], shape: Shape | None, *, ec2: bool) -> dict[str, Any]:
    """Return the parameters that the form holds; members that the model does not know are left out.

    Raises RefusalError where a number or a time does not read as one.
    """
    if shape is None:
        return {}
    parsed = _structure(_nested(fields), shape, ec2)
    return parsed if isinstance(parsed, dict) else {}


def _nested(fields: Mapping[str, str]) -> Form:
    """`A.1.B=x` becomes {"A": {"1": {"B": "x"}}}."""
    root: Form = {}
    for key, value in fields.items():
        *path, last = key.split(".")
        node = root
        for part in path:
            deeper = node.setdefault(part, {})
            if not isinstance(deeper, dict):
                deeper = node[part] = {}
            node = deeper
        node[last] = value
    return root


def _parse(node: Any, shape: Shape, ec2: bool) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(node, shape, ec2)
    if isinstance(shape, ListShape):
        return _list(node, shape, ec2)
    if isinstance(shape, MapShape):
        return _map(node, shape, ec2)
    return _scalar(node if isinstance(node, str) else "", shape)


def _structure(node: Any, shape: Shape, ec2: bool) -> Any:
    if not isinstance(node, dict) or not isinstance(shape, StructureShape):
        return {}
    parsed = {}
    for name, member in shape.members.items():
        wire_name = _wire_name(name, member, ec2)
        if wire_name in node:
            parsed[name] = _parse(node[wire_name], member, ec2)
    return parsed


def _wire_name(name: str, member: Shape, ec2: bool) -> str:
    location = member.serialization.get("name", name)
    if not ec2:
        return _list_name(member, location)
    if "queryName" in member.serialization:
        return str(member.serialization["queryName"])
    return str(location[0].upper() + location[1:])


def _list_name(member: Shape, location: str) -> str:
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name", location))
    return location


def _list(node: Any, shape: ListShape, ec2: bool) -> list[Any]:
    if not isinstance(node, dict):
        return []
    if not ec2 and not shape.serialization.get("flattened"):
        node = node.get(shape.member.serialization.get("name", "member"), {})
        if not isinstance(node, dict):
            return []
    numbers = sorted(int(key) for key in node if key.isdigit())
    return [_parse(node[str(number)], shape.member, ec2) for number in numbers]


def _map(node: Any, shape: MapShape, ec2: bool) -> dict[str, Any]:
    entries = node.get("entry", node) if isinstance(node, dict) else {}
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    return {
        entry[key_name]: _parse(entry.get(value_name, ""), shape.value, ec2)
        for entry in entries.values()
        if isinstance(entry, dict) and key_name in entry
    }


def _scalar(text: str, shape: Shape) -> Any:
    try:
        match shape.type_name:
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
            case "boolean":
                return text.lower() == "true"
            case "timestamp":
                return datetime.fromisoformat(text)
            case "blob":
                return base64.b64decode(text)
            case _:
                return text
    except ValueError as error:
        raise RefusalError("MalformedInput", f"'{text}' is not a value of type {shape.type_name}") from error


def validate(parameters: Mapping[str, Any], shape: Shape | None) -> None:
    """Hold the top-level members to the model, as IAM and STS do; raises RefusalError(ValidationError)."""
    if not isinstance(shape, StructureShape):
        return
    faults = [
        fault
        for name, member in shape.members.items()
        if (fault := _fault(name, parameters.get(name), member, name in shape.required_members))
    ]
    if faults:
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
        raise RefusalError("ValidationError", count + "; ".join(faults))


def _fault(name: str, value: Any, member: Shape, required: bool) -> str | None:
    spelled = name[0].lower() + name[1:]
    if value is None:
        text = f"Value null at '{spelled}' failed to satisfy constraint: Member must not be null"
        return text if required else None
    told = f"Value '{value}' at '{spelled}' failed to satisfy constraint: Member must "
    rule = _string_fault(value, member) if isinstance(value, str) else _range_fault(value, member)
    return told + rule if rule else None


def _string_fault(value: str, member: Shape) -> str | None:
    bounds = member.metadata
    if member.type_name != "string":
        return None
    if len(value) > bounds.get("max", len(value)):
        return f"have length less than or equal to {bounds['max']}"
    if len(value) < bounds.get("min", 0):
        return f"have length greater than or equal to {bounds['min']}"
    if "enum" in bounds and value not in bounds["enum"]:
        return f"satisfy enum value set: [{', '.join(bounds['enum'])}]"
    pattern = bounds.get("pattern")
    if pattern and not re.fullmatch(_as_python(pattern), value):
        return f"satisfy regular expression pattern: {pattern}"
    return None


def _as_python(pattern: str) -> str:
    """The models write Java patterns; only \\p{...} classes mean nothing to Python."""
    return r"[\s\S]*" if r"\p{" in pattern else pattern


def _range_fault(value: Any, member: Shape) -> str | None:
    bounds = member.metadata
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if value > bounds.get("max", value):
        return f"have value less than or equal to {bounds['max']}"
    if value < bounds.get("min", value):
        return f"have value greater than or equal to {bounds['min']}"
    return None
