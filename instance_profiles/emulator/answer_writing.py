"""From the result of an operation to the XML that the SDK parses, as the operation's model shapes it.

Each output shape is turned once into a tree of small writers; a page of a thousand instances then costs
no look-ups in the model.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as escape_xml

from botocore.model import ListShape, MapShape, Shape, StructureShape

from instance_profiles.emulator.service_models import service_model

if TYPE_CHECKING:
    from instance_profiles.emulator.refusal import RefusalError

Writer = Callable[[Any, list[str]], None]

REQUEST_ID = "00000000-0000-4000-8000-request-id00"
"""Stands in a written page until it is sent, so that a page can be sent again under another id."""


_ELEMENT = re.compile(r"<(/?)([^<>]+)>(?:([^<]*)(</\2>))?")
_INDENTS = [" " * (4 * depth) for depth in range(40)]

# Characters that XML 1.0 cannot carry, so no real answer can hold them either.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """Text as it may stand in XML."""
    return escape_xml(_NOT_XML.sub("?", text))


def write_result(service: str, operation: str, result: dict[str, Any]) -> str:
    """Return the XML body of a successful answer, with REQUEST_ID where the request id belongs."""
    out: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    namespace = service_model(service).metadata.get("xmlNamespace", "")
    out.append(f'<{operation}Response xmlns="{namespace}">')
    if service == "ec2":
        out.append(f"<requestId>{REQUEST_ID}</requestId>")
        _result_writer(service, operation)(result, out)
    else:
        out.append(f"<{operation}Result>")
        _result_writer(service, operation)(result, out)
        out.append(f"</{operation}Result><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId>")
        out.append("</ResponseMetadata>")
    out.append(f"</{operation}Response>")
    return _indented("".join(out)) if service == "ec2" else "".join(out)


def _indented(text: str) -> str:
    """As EC2 sends its answers: an element a line, indented by its depth, empty ones closed at once."""
    head, _, rest = text.partition("\n")
    lines, depth = [head], 0
    for opened, tag, held, closed in _ELEMENT.findall(rest):
        if closed:
            lines.append(f"{_INDENTS[depth]}<{tag}>{held}</{tag}>" if held else f"{_INDENTS[depth]}<{tag}/>")
        elif opened:
            depth -= 1
            lines.append(f"{_INDENTS[depth]}</{tag}>")
        else:
            lines.append(f"{_INDENTS[depth]}<{tag}>")
            depth += 1
    return "\n".join(lines)


def write_refusal(service: str, refusal: RefusalError) -> str:
    """Return the XML body of an error, in EC2's form or in that of the query protocol."""
    error = f"<Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message>"
    if service == "ec2":
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
        )
    namespace = service_model(service).metadata.get("xmlNamespace", "")
    blame = "Sender" if refusal.status < 500 else "Receiver"
    return (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>{blame}</Type>{error}</Error>'
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )


@cache
def _result_writer(service: str, operation: str) -> Writer:
    shape = service_model(service).operation_model(operation).output_shape
    return _members(shape, {}) if isinstance(shape, StructureShape) else lambda _value, _out: None


def _members(shape: StructureShape, known: dict[str, list[tuple[str, Writer]]]) -> Writer:
    """Write the members of a structure without its own tag; `known` ends shapes that hold themselves."""
    table = known.get(shape.name)
    if table is None:
        table = known[shape.name] = []
        table.extend((name, _named(name, member, known)) for name, member in shape.members.items())
    writers = table

    def write(value: Any, out: list[str]) -> None:
        for name, writer in writers:
            if name in value:
                held = value[name]
                if held is not None:
                    writer(held, out)

    return write


def _named(name: str, shape: Shape, known: dict[str, list[tuple[str, Writer]]]) -> Writer:
    tag = shape.serialization.get("name", name)
    if isinstance(shape, StructureShape):
        return _wrapped(tag, _members(shape, known))
    if isinstance(shape, ListShape):
        return _list(tag, shape, known)
    if isinstance(shape, MapShape):
        return _wrapped(tag, _entries(shape, known))
    return _scalar(tag, shape)


def _wrapped(tag: str, inner: Writer) -> Writer:
    opening, closing = f"<{tag}>", f"</{tag}>"

    def write(value: Any, out: list[str]) -> None:
        out.append(opening)
        inner(value, out)
        out.append(closing)

    return write


def _list(tag: str, shape: ListShape, known: dict[str, list[tuple[str, Writer]]]) -> Writer:
    if shape.serialization.get("flattened"):
        item = _named(tag, shape.member, known)
    else:
        item = _named("member", shape.member, known)

    def write_items(value: Any, out: list[str]) -> None:
        for held in value:
            item(held, out)

    return write_items if shape.serialization.get("flattened") else _wrapped(tag, write_items)


def _entries(shape: MapShape, known: dict[str, list[tuple[str, Writer]]]) -> Writer:
    key_tag = shape.key.serialization.get("name", "key")
    value = _named("value", shape.value, known)

    def write(held: Any, out: list[str]) -> None:
        for key, item in held.items():
            out.append(f"<entry><{key_tag}>{escape(key)}</{key_tag}>")
            value(item, out)
            out.append("</entry>")

    return write


def _scalar(tag: str, shape: Shape) -> Writer:
    text = _TEXTS.get(shape.type_name, str)
    safe = shape.type_name != "string"

    def write(value: Any, out: list[str]) -> None:
        out.append(f"<{tag}>{text(value) if safe else escape(str(value))}</{tag}>")

    return write


def _time_text(value: datetime | float) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


_TEXTS: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "timestamp": _time_text,
    "blob": lambda value: base64.b64encode(value).decode(),
}
