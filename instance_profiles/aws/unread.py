"""The answer to a listing as it came: how to read what of it is wanted, and how the SDK would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.layouts import layout_of
from instance_profiles.aws.page_reader import PageReader

if TYPE_CHECKING:
    from instance_profiles.aws.xml_values import Wanted

UNREAD: Final = "iptui:unread"
"""The member of an SDK answer that holds an `Unread`."""


class Unread(msgspec.Struct, frozen=True):
    """A successful answer; `body` may be packed."""

    stock: Any
    reader: PageReader
    shape: Any
    status: int
    headers: Mapping[str, str]
    body: bytes

    def metadata(self) -> dict[str, Any]:
        """The part of ResponseMetadata that is known without reading."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return {"HTTPStatusCode": self.status, "HTTPHeaders": headers}

    def read(self, body: bytes) -> dict[str, Any]:
        """The wanted members of the unpacked answer; takes long and may run in any thread.

        Raises:
            botocore.parsers.ResponseParserError: it is no answer at all.
        """
        answer = self.reader.read(body)
        if answer is not None:
            answer.setdefault("ResponseMetadata", {}).update(self.metadata())
            return answer
        response = {"status_code": self.status, "headers": self.headers, "body": body}
        parsed: dict[str, Any] = self.stock.parse(response, self.shape)
        return parsed


_known: dict[tuple[str, int], PageReader] = {}


def page_reader(protocol: str, shape: Any, wanted: Wanted) -> PageReader:
    """The reader of an operation's answers, made once."""
    # A table of wanted members is a constant of the program, so that its identity stands for it.
    key = (shape.name, id(wanted))
    known = _known.get(key)
    if known is None:
        known = _known[key] = PageReader(protocol, layout_of(shape, wanted))
    return known
