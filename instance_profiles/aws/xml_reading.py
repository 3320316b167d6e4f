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

    from instance_profiles.aws.layouts import Layout

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


def reader_of(layout: Layout) -> Reader:
    """Compile how to read answers of a layout (query and ec2 protocols)."""
    kept: set[str] = set()
    dropped: set[str] = set()
    take = _structure(layout, kept, dropped)
    # An element's name may mean something else in another place: only what is wanted nowhere is cut.
    cuts = sorted(name.encode() for name in dropped - kept)
    return Reader(layout.wrapper, take, tuple(cuts))


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


# -- readers of elements ---------------------------------------------------------------------------------


def _any(layout: Layout, kept: set[str], dropped: set[str]) -> Take:
    if layout.kind == "structure":
        return _structure(layout, kept, dropped)
    if layout.kind == "list":
        return _list(layout, kept, dropped)
    value = VALUES[layout.kind]
    return lambda node: value(node.text or "")


def _structure(layout: Layout, kept: set[str], dropped: set[str]) -> Take:
    table: dict[str, tuple[str, Take]] = {}
    dropped.update(layout.holders_left_out)
    for name, member in layout.members.items():
        kept.add(member.tag)
        table[member.tag] = (name, _any(member, kept, dropped))

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


def _list(layout: Layout, kept: set[str], dropped: set[str]) -> Take:
    take_item = _any(layout.the_item(), kept, dropped)

    def take(node: Element) -> list[Any]:
        return [take_item(item) for item in node]

    return take
