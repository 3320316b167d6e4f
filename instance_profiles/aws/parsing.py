"""How answers become objects: unpacked and parsed off the event loop, large listings only as far as wanted.

A page of a thousand instances is eight megabytes of XML. The SDK would parse it on the event loop, where
nothing else runs for more than a second.
"""

from __future__ import annotations

import asyncio
import contextvars
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from instance_profiles.aws.xml_reading import Reader, Unusual, Wanted, reader_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_wanted: contextvars.ContextVar[Wanted | None] = contextvars.ContextVar("wanted", default=None)

_LARGE: Final = 1 << 15
"""Bytes of an answer from which parsing it is worth the way to another thread."""
_LARGEST: Final = 1 << 28
"""Bytes that an answer may have when unpacked: a quarter of a gigabyte is no page of AWS."""


class TooLargeError(OSError):
    """The answer unpacks to more than any page of AWS."""


@contextmanager
def only(members: Wanted | None) -> Iterator[None]:
    """While it lasts, of the answers that the task at work gets these members suffice; None for all."""
    token = _wanted.set(members)
    try:
        yield
    finally:
        _wanted.reset(token)


def unpacked(headers: Any, body: bytes, *, at_most: int = _LARGEST, whole: bool = True) -> bytes:
    """The body as it was before it was compressed; only its beginning, of `at_most` bytes, unless `whole`.

    Raises:
        OSError: it cannot be unpacked, or is larger than any answer of AWS.
    """
    if headers.get("content-encoding", "").lower() != "gzip":
        return body if whole else body[:at_most]
    unpacking = zlib.decompressobj(wbits=31)
    try:
        begin = unpacking.decompress(body, at_most)
    except zlib.error as exc:
        raise OSError(f"the answer cannot be unpacked: {exc}") from exc
    if whole and unpacking.unconsumed_tail:
        raise TooLargeError("the answer is larger than any page of AWS")
    if whole and not unpacking.eof:
        raise OSError("the answer was cut off on its way")
    return begin


@cache
def parser_factory() -> Any:
    """What the SDK asks for parsers; register it as the session's response_parser_factory."""
    from aiobotocore import parsers as stock

    parsers = {
        protocol: _off_the_loop(protocol, parser)
        for protocol, parser in vars(stock)["PROTOCOL_PARSERS"].items()
    }
    factory: Any = stock.AioResponseParserFactory()
    factory.create_parser = lambda protocol: parsers[protocol]()
    return factory


def _off_the_loop(protocol: str, stock: Any) -> Any:
    from botocore import parsers

    plain: Any = parsers.PROTOCOL_PARSERS[protocol]
    reads_xml = protocol in ("ec2", "query")

    async def parse(self: Any, response: dict[str, Any], shape: Any) -> Any:
        body = response.get("body")
        if not isinstance(body, bytes):
            return await stock.parse(self, response, shape)
        asked = _wanted.get() if reads_xml and response["status_code"] < 300 else None

        def parsed() -> Any:
            whole = unpacked(response["headers"], body)
            if asked is not None and shape is not None:
                answer = _as_wanted(shape, asked, whole, response)
                if answer is not None:
                    return answer
            return plain().parse({**response, "body": whole}, shape)

        if len(body) < _LARGE and "content-encoding" not in response["headers"]:
            return parsed()
        return await asyncio.get_running_loop().run_in_executor(_worker(), parsed)

    return type(f"OffTheLoop{stock.__name__}", (stock,), {"parse": parse})


def _as_wanted(shape: Any, asked: Wanted, body: bytes, response: dict[str, Any]) -> dict[str, Any] | None:
    try:
        answer = _reader(shape, asked).read(body)
    except Unusual:
        return None
    answer["ResponseMetadata"] |= {
        "HTTPStatusCode": response["status_code"],
        "HTTPHeaders": {name.lower(): value for name, value in response["headers"].items()},
    }
    return answer


_readers: dict[tuple[str, int], Reader] = {}


def _reader(shape: Any, asked: Wanted) -> Reader:
    # A table of wanted members is a constant of the program, so that its identity stands for it.
    key = (shape.name, id(asked))
    reader = _readers.get(key)
    if reader is None:
        reader = _readers[key] = reader_of(shape, asked)
    return reader


@cache
def _worker() -> ThreadPoolExecutor:
    """One thread for all: Python runs one at a time anyway, and pages keep their order."""
    return ThreadPoolExecutor(1, "answers")
