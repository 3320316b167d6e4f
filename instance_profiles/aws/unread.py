"""The answer to a listing as it came: where the next page begins, and what of it is wanted.

There are three ways to read one, from the quickest to the most patient; what one finds unusual is left to
the next. All give the same values (`tests/aws/test_xml_reading.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from instance_profiles.aws.xml_reading import Reader, reader_of
from instance_profiles.aws.xml_scanning import Scanner, scanner_of
from instance_profiles.aws.xml_values import Unusual, Wanted

UNREAD: Final = "iptui:unread"
"""The member of an SDK answer that holds an `Unread`."""


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


class Unread(msgspec.Struct, frozen=True):
    """A successful answer; `body` may be packed."""

    stock: Any
    protocol: str
    shape: Any
    wanted: Wanted
    status: int
    headers: Mapping[str, str]
    body: bytes

    def metadata(self) -> dict[str, Any]:
        """The part of ResponseMetadata that is known without reading."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return {"HTTPStatusCode": self.status, "HTTPHeaders": headers}

    def peek(self, body: bytes, cursor: Cursor) -> str | None:
        """The token of the next page if it can be told before the body is read; None tells nothing."""
        if self.protocol not in _XML:
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

    def read(self, body: bytes) -> dict[str, Any]:
        """The wanted members of the unpacked answer; takes long and may run in any thread.

        Raises:
            botocore.parsers.ResponseParserError: it is no answer at all.
        """
        for way in _ways(self.protocol, self.shape, self.wanted):
            try:
                answer: dict[str, Any] = way(body)
            except Unusual:
                continue
            answer.setdefault("ResponseMetadata", {}).update(self.metadata())
            return answer
        response = {"status_code": self.status, "headers": self.headers, "body": body}
        parsed: dict[str, Any] = self.stock.parse(response, self.shape)
        return parsed

    def _tag(self, member: str) -> bytes:
        return str(self.shape.members[member].serialization.get("name", member)).encode()


_XML: Final = ("ec2", "query")
_FIRST_ITEM: Final = re.compile(rb"<(?:item|member)[/>]")
_END: Final = 4096
"""Bytes before the first item and after the last in which a token is looked for."""

_known: dict[tuple[str, int], tuple[Any, ...]] = {}


def _ways(protocol: str, shape: Any, wanted: Wanted) -> tuple[Any, ...]:
    # A table of wanted members is a constant of the program, so that its identity stands for it.
    key = (shape.name, id(wanted))
    ways = _known.get(key)
    if ways is None:
        if protocol in _XML:
            scanner: Scanner = scanner_of(shape, wanted)
            reader: Reader = reader_of(shape, wanted)
            ways = (scanner.read, reader.read)
        elif protocol == "json":
            ways = (lambda body: _from_json(shape, wanted, body),)
        else:
            ways = ()
        _known[key] = ways
    return ways


def _from_json(shape: Any, wanted: Wanted, body: bytes) -> dict[str, Any]:
    try:
        answer = _json_value(shape, wanted, msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise Unusual("not JSON") from exc
    if not isinstance(answer, dict):
        raise Unusual("no structure")
    return answer


def _json_value(shape: Any, wanted: Wanted | None, value: Any) -> Any:
    """What the SDK makes of a JSON value; null stands for a member that is missing."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            name: _json_value(shape.members[name], inner, value[name])
            for name, inner in (wanted or {}).items()
            if value.get(name) is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_json_value(shape.member, wanted, one) for one in value]
    if shape.type_name == "string" and isinstance(value, str):
        return value
    raise Unusual("another type")
