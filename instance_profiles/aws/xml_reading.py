"""Reading a large XML answer: only the members that are wanted, with the values that the SDK would give.

The SDK walks every element of an answer with its model in hand: more than a second for a page of a thousand
instances. Here the model is walked once, into small readers; what is large and not wanted is cut out of the
text before it is parsed. An answer that is unusual in any way is left to the SDK.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import msgspec

from instance_profiles.aws.xml_values import ROOT, VALUES, Unusual

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from botocore.model import ListShape, Shape, StructureShape

    from instance_profiles.aws.xml_values import Wanted

Take = Callable[["Element"], Any]

_SLICE: Final = 1 << 16
"""Bytes given to the parser at a time, so that other threads get their turn in between."""
_WORTH_CUTTING: Final = 200
"""Bytes of an unwanted element from which cutting it out costs less than parsing it."""


class Reader(msgspec.Struct, frozen=True):
    """How to read the answers of one operation: see `reader_of`."""

    wrapper: str | None
    take: Take
    cuts: tuple[bytes, ...]

    def read(self, body: bytes) -> dict[str, Any]:
        """The wanted members of a successful answer and its RequestId.

        Raises:
            Unusual: let the SDK parse it.
        """
        root = _parsed(self._shortened(body))
        start = root if self.wrapper is None else root.find(self.wrapper)
        if start is None:
            raise Unusual("no result")
        answer: dict[str, Any] = self.take(start)
        answer["ResponseMetadata"] = _metadata(root)
        return answer

    def _shortened(self, body: bytes) -> bytes:
        """The answer without its namespace and without large elements that nobody wants."""
        head = ROOT.match(body)
        if head is None or b"<!" in body:
            raise Unusual("another beginning, a comment or CDATA")
        if head.start(2) >= 0:
            body = body[: head.start(2)] + body[head.end(2) :]
        for name in self.cuts:
            body = _without(body, name)
        if b"xmlns" in body:
            raise Unusual("a second namespace")
        return body


def reader_of(shape: StructureShape, wanted: Wanted) -> Reader:
    """Compile how to read `wanted` out of an operation's output shape (query and ec2 protocols)."""
    wrapper = shape.serialization.get("resultWrapper")
    kept: set[str] = set()
    dropped: set[str] = set()
    take = _structure(shape, wanted, kept, dropped)
    # An element's name may mean something else in another place: only what is wanted nowhere is cut.
    cuts = sorted(name.encode() for name in dropped - kept)
    return Reader(wrapper, take, tuple(cuts))


def _parsed(body: bytes) -> Element:
    parser = ET.XMLParser()  # noqa: S314 - what declares entities was refused before
    try:
        for begin in range(0, len(body), _SLICE):
            parser.feed(body[begin : begin + _SLICE])
        return parser.close()
    except ET.ParseError as exc:
        raise Unusual("not well-formed") from exc


def _without(body: bytes, name: bytes) -> bytes:
    """Cut out every element of a name, unless the first shows that it is not worth it."""
    opening, closing = b"<" + name + b">", b"</" + name + b">"
    begin = body.find(opening)
    if begin < 0:
        return body
    kept: list[bytes] = []
    position = 0
    while begin >= 0:
        end = body.find(closing, begin)
        if end < 0 or (not kept and end - begin < _WORTH_CUTTING):
            return body if not kept else _refuse("an element without end")
        if body.find(opening, begin + 1, end) >= 0:
            return _refuse("an element within itself")
        kept.append(body[position:begin])
        position = end + len(closing)
        begin = body.find(opening, position)
    kept.append(body[position:])
    return b"".join(kept)


def _refuse(why: str) -> bytes:
    raise Unusual(why)


def _metadata(root: Element) -> dict[str, Any]:
    """As the SDK tells it: of `requestId` (ec2) or of the elements of `ResponseMetadata` (query)."""
    alone = root.find("requestId")
    if alone is not None:
        return {"RequestId": alone.text}
    told = root.find("ResponseMetadata")
    return {} if told is None else {child.tag: child.text for child in told}


# -- readers of shapes -----------------------------------------------------------------------------------


def _any(shape: Shape, wanted: Wanted | None, kept: set[str], dropped: set[str]) -> Take:
    if shape.type_name == "structure":
        return _structure(_as_structure(shape), wanted, kept, dropped)
    if shape.type_name == "list":
        return _list(_as_list(shape), wanted, kept, dropped)
    value = VALUES[shape.type_name]
    return lambda node: value(node.text or "")


def _structure(shape: StructureShape, wanted: Wanted | None, kept: set[str], dropped: set[str]) -> Take:
    table: dict[str, tuple[str, Take]] = {}
    for name, member in shape.members.items():
        tag = member.serialization.get("name", name)
        if wanted is not None and name not in wanted:
            if member.type_name in ("structure", "list", "map"):
                dropped.add(tag)
            continue
        kept.add(tag)
        table[tag] = (name, _any(member, None if wanted is None else wanted[name], kept, dropped))

    def take(node: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in node:
            entry = table.get(child.tag)
            if entry is not None:
                name, take_member = entry
                if name in found:
                    raise Unusual("a member twice")
                found[name] = take_member(child)
        return found

    return take


def _list(shape: ListShape, wanted: Wanted | None, kept: set[str], dropped: set[str]) -> Take:
    if shape.serialization.get("flattened"):
        raise ValueError(f"{shape.name} is a flattened list, which is not read here")
    take_item = _any(shape.member, wanted, kept, dropped)

    def take(node: Element) -> list[Any]:
        return [take_item(item) for item in node]

    return take


def _as_structure(shape: Shape) -> StructureShape:
    structure: StructureShape = shape  # type: ignore[assignment]
    return structure


def _as_list(shape: Shape) -> ListShape:
    found: ListShape = shape  # type: ignore[assignment]
    return found
