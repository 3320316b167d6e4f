"""Processes that read large pages, so that the event loop shares neither core nor lock with reading.

Python runs one thread at a time: a page that is read in a thread holds up the keys of a person and the
requests that are under way. Small accounts never have such pages, and never have such a process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import sys
from collections import deque
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.reading_process import HEAD, LENGTH
from instance_profiles.aws.unpacking import is_packed

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable

    from instance_profiles.aws.page_reader import Cursor
    from instance_profiles.aws.unread import Unread

_MODULE: Final = "instance_profiles.aws.reading_process"
_WORTH_IT: Final = 1 << 18
_WORTH_IT_PACKED: Final = 1 << 14
"""Bytes of an answer from which it is worth the way to another process."""
_MOST: Final = 3
"""More processes read faster than what they read can be taken in."""
_BUFFER: Final = 1 << 20
_PATIENCE: Final = 2.0
"""Seconds that a page waits for a process to begin; one takes a tenth of a second where nothing is amiss."""

log = logging.getLogger(__name__)


class Page(msgspec.Struct, frozen=True):
    """A page on its way through a process; either is None where the page has to be read here."""

    ahead: asyncio.Future[str | None]
    made: asyncio.Future[tuple[str | None, Any] | None]


class Readers:
    """The reading processes of a program; give all its accounts the same.

    They are begun when the first large page comes while `at_work`, and ended after it. Where none begins in
    time, or one ends before its time, pages are read in a thread: nothing is lost by that.
    """

    def __init__(self, at_most: int | None = None) -> None:
        self._at_most = _processes() if at_most is None else at_most
        self._held = 0
        self._beginning: asyncio.Task[None] | None = None
        self._readers: list[_Reader] = []
        self.seconds = 0.0
        """CPU seconds that went into unpacking and reading so far."""
        self.pages = 0
        """Pages that came back so far."""

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """While something is loaded; several may be."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                await self._end()

    async def take(
        self, unread: Unread, cursor: Cursor, make: Callable[[dict[str, Any]], Any]
    ) -> Page | None:
        """Have a page read by a process; None where it should be read in a thread.

        `make` is run there, on what was read: a function of a module, or a `functools.partial` of one.
        """
        packed = is_packed(unread.headers)
        large = len(unread.body) >= (_WORTH_IT_PACKED if packed else _WORTH_IT)
        work = _pickled((cursor, make)) if large and self._held and self._at_most else None
        if work is None or not await self._begun():
            return None
        reader = min(self._living(), key=lambda one: one.waiting)
        return reader.take(unread.reader.pickled, work, unread.body, packed=packed)

    async def _begun(self) -> bool:
        """Whether there is a process to read; the first page waits for it."""
        if self._beginning is None:
            self._beginning = asyncio.create_task(self._begin())
        if not self._living():
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._beginning), _PATIENCE)
        return bool(self._living())

    def _living(self) -> list[_Reader]:
        return [reader for reader in self._readers if reader.lives]

    async def _begin(self) -> None:
        """Begin the processes; over when one is ready, or has failed."""
        if not sys.executable:
            return
        for _ in range(self._at_most):
            try:
                process = await asyncio.create_subprocess_exec(
                    # Nothing is imported from the folder that the person happens to stand in.
                    *(sys.executable, "-P", "-m", _MODULE),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    env=_environ(),
                    limit=_BUFFER,
                )
            except OSError as error:
                log.warning("pages are read without a process of their own: %s", error)
                return
            self._readers.append(_Reader(process, self._note))
        await asyncio.wait([one.ready for one in self._readers], return_when=asyncio.FIRST_COMPLETED)

    def _note(self, seconds: float) -> None:
        self.seconds += seconds
        self.pages += 1

    async def _end(self) -> None:
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            beginning.cancel()
            with suppress(asyncio.CancelledError):
                await beginning
        readers, self._readers = self._readers, []
        for reader in readers:
            await reader.end()


class _Reader:
    """One process and the pages that it has to read, in their order."""

    def __init__(self, process: Process, note: Callable[[float], None]) -> None:
        self._process = process
        self._note = note
        self._pages: deque[Page] = deque()
        self.waiting = 0
        """Bytes that it still has to read."""
        self.ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.lives = False
        self._listening = asyncio.create_task(self._listen())

    def take(self, reader: bytes, work: bytes, body: bytes, *, packed: bool) -> Page:
        loop, to = asyncio.get_running_loop(), self._process.stdin
        page = Page(loop.create_future(), loop.create_future())
        self._pages.append(page)
        self.waiting += len(body)
        if to is not None:
            to.write(b"".join((HEAD.pack(len(reader), len(work), len(body), packed), reader, work)))
            to.write(body)
        return page

    async def end(self) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _listen(self) -> None:
        try:
            while True:
                self._hear(*await self._answer())
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            log.warning("a process that reads pages has ended: %s", type(error).__name__)
        finally:
            self.lives = False
            _set(self.ready, False)
            while self._pages:
                _settle(self._pages.popleft())

    async def _answer(self) -> tuple[str, Any]:
        answers = self._process.stdout
        if answers is None:
            raise EOFError
        (size,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
        answer: tuple[str, Any] = pickle.loads(await answers.readexactly(size))  # noqa: S301 - from our own child
        return answer

    def _hear(self, what: str, value: Any) -> None:
        if what == "ready":
            self.lives = True
            _set(self.ready, True)
        elif what == "ahead":
            _set(self._pages[0].ahead, value)
        else:
            made, seconds, size = value
            self.waiting -= size
            self._note(seconds)
            page = self._pages.popleft()
            try:
                if made is not None:
                    _set(page.made, pickle.loads(made))  # noqa: S301 - as above
                else:
                    log.info("a page came back unread, and is read in a thread")
            except Exception as error:  # noqa: BLE001 - whatever came of it, the page is read again here
                log.warning("what a process read cannot be taken over: %s", type(error).__name__)
            finally:
                _settle(page)


def _settle(page: Page) -> None:
    """What has not been told of a page by now never will be."""
    _set(page.ahead, None)
    _set(page.made, None)


def _set(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)


def _pickled(work: Any) -> bytes | None:
    try:
        return pickle.dumps(work)
    except (AttributeError, TypeError, pickle.PicklingError):
        # It leans on what is known here only, such as what earlier pages held.
        return None


def _processes() -> int:
    """One for each core: the event loop waits more than it works."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST, cores)


def _environ() -> dict[str, str]:
    """No credentials go there; the modules are found where this process finds them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
