"""The pages of a listing, one after the other: while one is read, the next is on its way already."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from instance_profiles.aws.parsing import beside_the_loop, unpacked_beside_the_loop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping

    from instance_profiles.aws.unread import Cursor, Unread

T = TypeVar("T")

AT_ONCE = 4
"""Pages that may lie unpacked at a time, of a listing or of many: one of instances is eight megabytes."""


async def listed(
    ask: Callable[[Mapping[str, Any]], Coroutine[Any, Any, Unread]],
    cursor: Cursor,
    make: Callable[[dict[str, Any]], T],
    room: asyncio.Semaphore,
) -> AsyncGenerator[T]:
    """What `make` makes of each page.

    `ask` sends one request, with the token's parameter added. `make` runs beside the event loop, in the order
    of the pages. `room` is for as many pages as may lie unpacked at a time.

    Raises:
        PaginationError: the same token came twice, so that the listing would never end.
        OSError, ResponseParserError: an answer cannot be read.
    """
    asked = asyncio.create_task(ask({}))
    before: str | None = None
    try:
        while True:
            unread = await asked
            async with room:
                body = await unpacked_beside_the_loop(unread.headers, unread.body)
                ahead = unread.peek(body, cursor)
                if ahead and ahead != before:
                    asked = asyncio.create_task(ask({cursor.parameter: ahead}))
                reading = partial(_read, unread, body, cursor, make)
                token, made = await beside_the_loop(reading, unread.headers, unread.body)
                del body, reading
            yield made
            if token is None:
                return
            if token == before:
                raise _endless(token)
            if token != ahead:
                await _stopped(asked)
                asked = asyncio.create_task(ask({cursor.parameter: token}))
            before = token
    finally:
        await _stopped(asked)


def _read(
    unread: Unread, body: bytes, cursor: Cursor, make: Callable[[dict[str, Any]], T]
) -> tuple[str | None, T]:
    page = unread.read(body)
    return cursor.after(page), make(page)


async def _stopped(asked: asyncio.Task[Unread]) -> None:
    """End a request that nobody waits for any more."""
    asked.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await asked


def _endless(token: str) -> Exception:
    from botocore.exceptions import PaginationError  # the SDK has been imported by now

    return PaginationError(message=f"The same next token was received twice: {token}")
