"""The pages of a listing, one after the other: while one is read, the next is on its way already."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from instance_profiles.aws.parsing import beside_the_loop, unpacked_beside_the_loop
from instance_profiles.aws.readers import Readers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping

    from instance_profiles.aws.page_reader import Cursor
    from instance_profiles.aws.unread import Unread

T = TypeVar("T")

AT_ONCE = 4
"""Pages that may lie unpacked at a time, of a listing or of many: one of instances is eight megabytes."""


class Reading(msgspec.Struct, frozen=True):
    """Who reads pages: `readers` the large ones; `room` is for as many as may lie unpacked here at a time."""

    readers: Readers
    room: asyncio.Semaphore


async def listed(
    ask: Callable[[Mapping[str, Any]], Coroutine[Any, Any, Unread]],
    cursor: Cursor,
    make: Callable[[dict[str, Any]], T],
    reading: Reading,
) -> AsyncGenerator[T]:
    """What `make` makes of each page.

    `ask` sends one request, with the token's parameter added. `make` runs beside the event loop, in the order
    of the pages.

    Raises:
        PaginationError: the same token came twice, so that the listing would never end.
        OSError, ResponseParserError: an answer cannot be read.
    """
    chain = _Chain(ask, cursor)
    try:
        while True:
            unread = await chain.asked
            token, made = await _read(unread, make, reading, chain)
            del unread
            yield made
            if token is None:
                return
            await chain.go_on(token)
    finally:
        await chain.stop()


class _Chain:
    """The requests of a listing: at most one is on its way, the next page's as soon as its token is known."""

    def __init__(
        self, ask: Callable[[Mapping[str, Any]], Coroutine[Any, Any, Unread]], cursor: Cursor
    ) -> None:
        self._ask = ask
        self.cursor = cursor
        self.asked = asyncio.create_task(ask({}))
        self._before: str | None = None
        self._ahead: str | None = None

    def look_ahead(self, token: str | None) -> None:
        """Ask for the next page by a token that was seen before its page was read, if one was."""
        self._ahead = token
        if token and token != self._before:
            self.asked = asyncio.create_task(self._ask({self.cursor.parameter: token}))

    async def go_on(self, token: str) -> None:
        """The token of the next page for certain."""
        if token == self._before:
            raise _endless(token)
        if token != self._ahead:
            await self.stop()
            self.asked = asyncio.create_task(self._ask({self.cursor.parameter: token}))
        self._before = token

    async def stop(self) -> None:
        """End a request that nobody waits for any more."""
        self.asked.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self.asked


async def _read(
    unread: Unread, make: Callable[[dict[str, Any]], T], reading: Reading, chain: _Chain
) -> tuple[str | None, T]:
    """The next page's token and what `make` makes of this one."""
    page = await reading.readers.take(unread, chain.cursor, make)
    ahead = await page.ahead if page is not None else None
    chain.look_ahead(ahead)
    made = await page.made if page is not None else None
    if made is not None:
        return made
    async with reading.room:
        body = await unpacked_beside_the_loop(unread.headers, unread.body)
        if ahead is None:
            chain.look_ahead(unread.reader.peek(body, chain.cursor))
        work = partial(_read_here, unread, body, chain.cursor, make)
        token_and_made: tuple[str | None, T] = await beside_the_loop(work, unread.headers, unread.body)
        return token_and_made


def _read_here(
    unread: Unread, body: bytes, cursor: Cursor, make: Callable[[dict[str, Any]], T]
) -> tuple[str | None, T]:
    page = unread.read(body)
    return cursor.after(page), make(page)


def _endless(token: str) -> Exception:
    from botocore.exceptions import PaginationError  # the SDK has been imported by now

    return PaginationError(message=f"The same next token was received twice: {token}")
