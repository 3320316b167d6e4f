"""How answers become objects: unpacked and parsed off the event loop, listings only as far as wanted.

A page of a thousand instances is eight megabytes of XML. The SDK would parse it on the event loop, where
nothing else runs for more than a second. Pages of listings (`only`) are handed on unread: `listing` reads
them, and asks for the next one first.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from instance_profiles.aws.unpacking import is_packed, unpacked
from instance_profiles.aws.unread import UNREAD, Unread, page_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instance_profiles.aws.xml_values import Wanted

_wanted: contextvars.ContextVar[Wanted | None] = contextvars.ContextVar("wanted", default=None)

_LARGE: Final = 1 << 15
"""Bytes of an answer from which parsing it is worth the way to another thread."""
_LARGE_PACKED: Final = 1 << 11
_TURN: Final = 0.0005
"""Seconds after which a thread that parses lets the event loop have its turn; Python's own is 0.005."""


@contextmanager
def only(members: Wanted) -> Iterator[None]:
    """While it lasts, successful answers that the task at work gets are left unread, for these members."""
    token = _wanted.set(members)
    try:
        yield
    finally:
        _wanted.reset(token)


async def beside_the_loop(work: Callable[[], Any], headers: Any, body: bytes) -> Any:
    """What `work` makes of an answer; it runs in the thread that reads answers if it is worth the way."""
    if len(body) < (_LARGE_PACKED if is_packed(headers) else _LARGE):
        return work()
    return await asyncio.get_running_loop().run_in_executor(_worker(), work)


async def unpacked_beside_the_loop(headers: Any, body: bytes) -> bytes:
    """As `unpacked`, in a thread of its own: no page waits to be unpacked until others have been read."""
    if not is_packed(headers) or len(body) < _LARGE_PACKED:
        return unpacked(headers, body)
    return await asyncio.get_running_loop().run_in_executor(_unpacker(), unpacked, headers, body)


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

    async def parse(self: Any, response: dict[str, Any], shape: Any) -> Any:
        body = response.get("body")
        if not isinstance(body, bytes):
            return await stock.parse(self, response, shape)
        headers, asked = response["headers"], _wanted.get()
        if asked is not None and shape is not None and response["status_code"] < 300:
            reader = page_reader(protocol, shape, asked)
            unread = Unread(plain(), reader, shape, response["status_code"], headers, body)
            return {UNREAD: unread, "ResponseMetadata": unread.metadata()}
        return await beside_the_loop(
            lambda: plain().parse({**response, "body": unpacked(headers, body)}, shape), headers, body
        )

    return type(f"OffTheLoop{stock.__name__}", (stock,), {"parse": parse})


@cache
def _worker() -> ThreadPoolExecutor:
    """One thread for all: Python runs one at a time anyway, and pages keep their order."""
    return ThreadPoolExecutor(1, "answers", initializer=sys.setswitchinterval, initargs=(_TURN,))


@cache
def _unpacker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "unpacking")
