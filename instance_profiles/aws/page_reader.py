"""Reading a page of a listing by its layout: what is wanted of it, and first where the next page begins.

There are two ways for XML, a quick one and a patient one; what both find unusual is left to the SDK. All give
the same values (`tests/aws/test_xml_reading.py`). Nothing here needs the SDK, so that a process of its own
can do it (`reading_process`).
"""

from __future__ import annotations

import pickle
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.xml_reading import reader_of
from instance_profiles.aws.xml_scanning import scanner_of
from instance_profiles.aws.xml_values import Unusual

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from instance_profiles.aws.layouts import Layout

_XML: Final = ("ec2", "query")
_FIRST_ITEM: Final = re.compile(rb"<(?:item|member)[/>]")
_END: Final = 4096
"""Bytes before the first item and after the last in which a token is looked for."""


class Cursor(msgspec.Struct, frozen=True):
    """How a listing goes on: the parameter that takes the token, the member that holds it.

    `more` is the member that says whether there is more, where the listing has one.
    """

    parameter: str
    member: str
    more: str | None = None

    def after(self, page: Mapping[str, Any]) -> str | None:
        """The token of the next page, None after the last."""
        if self.more is not None and not page.get(self.more):
            return None
        return page.get(self.member) or None


class PageReader:
    """Reads the pages of one listing. May be sent to another process, which compiles its own expressions."""

    def __init__(self, protocol: str, layout: Layout) -> None:
        self._protocol = protocol
        self._layout = layout

    def __reduce__(self) -> tuple[type[PageReader], tuple[str, Layout]]:
        return PageReader, (self._protocol, self._layout)

    def peek(self, body: bytes, cursor: Cursor) -> str | None:
        """The token of the next page if it can be told before the body is read; None tells nothing."""
        if self._protocol not in _XML or cursor.member not in self._layout.members:
            return None
        first, last = _FIRST_ITEM.search(body), max(body.rfind(b"</item>"), body.rfind(b"</member>"))
        ends = (body[: first.start() if first else None][:_END], body[max(last, 0) :][-_END:])
        text = ends[0] if last < 0 else b" ".join(ends)
        found = re.findall(rb"<%b>([^<&]+)</%b>" % ((self._tag(cursor.member),) * 2), text)
        if len(found) != 1:
            return None
        if cursor.more is not None and b"<%b>true<" % self._tag(cursor.more) not in text:
            return None
        return str(found[0], "ascii", "replace")

    def read(self, body: bytes) -> dict[str, Any] | None:
        """The wanted members of an unpacked answer; None where the SDK should read it. Takes long."""
        for way in self._ways:
            try:
                return way(body)
            except Unusual:
                continue
        return None

    def _tag(self, member: str) -> bytes:
        return self._layout.members[member].tag.encode()

    @cached_property
    def pickled(self) -> bytes:
        """This reader, to be sent to another process."""
        return pickle.dumps(self)

    @cached_property
    def _ways(self) -> tuple[Callable[[bytes], dict[str, Any]], ...]:
        if self._protocol in _XML:
            return scanner_of(self._layout).read, reader_of(self._layout).read
        return (self._from_json,) if self._protocol == "json" else ()

    def _from_json(self, body: bytes) -> dict[str, Any]:
        try:
            answer = _json_value(self._layout, msgspec.json.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise Unusual("not JSON") from exc
        if not isinstance(answer, dict):
            raise Unusual("no structure")
        return answer


def _json_value(layout: Layout, value: Any) -> Any:
    """What the SDK makes of a JSON value; null stands for a member that is missing."""
    if layout.kind == "structure" and isinstance(value, dict):
        return {
            name: _json_value(member, value[name])
            for name, member in layout.members.items()
            if value.get(name) is not None
        }
    if layout.kind == "list" and isinstance(value, list):
        return [_json_value(layout.the_item(), one) for one in value]
    if layout.kind == "string" and isinstance(value, str):
        return value
    raise Unusual("another type")
