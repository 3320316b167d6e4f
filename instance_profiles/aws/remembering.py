"""Asking the same thing once: while many plans are checked, equal reads share one answer.

Only for looking. What is about to be changed is always read anew.
"""

from __future__ import annotations

import asyncio
import contextvars
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

T = TypeVar("T")


class Memory:
    """The answers of one round of looking, by what was asked."""

    def __init__(self) -> None:
        self._asked: dict[bytes, asyncio.Future[Any]] = {}

    async def recall(self, question: bytes, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question, asked only if it was not yet; raises what asking raised."""
        known = self._asked.get(question)
        if known is None:
            known = self._asked[question] = asyncio.ensure_future(ask())
        answer: T = await asyncio.shield(known)
        return answer

    def forget(self) -> None:
        """Stop what is still being asked."""
        for asked in self._asked.values():
            if not asked.done():
                asked.cancel()
            elif not asked.cancelled():
                asked.exception()  # read, so that nobody is told of an error that was told already
        self._asked.clear()


_memory: contextvars.ContextVar[Memory | None] = contextvars.ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[contextvars.Context]:
    """A context for tasks in which equal reads are sent once; all is forgotten on leaving."""
    memory = Memory()
    context = contextvars.copy_context()
    context.run(_memory.set, memory)
    try:
        yield context
    finally:
        memory.forget()


def memory() -> Memory | None:
    """The memory of the task at work, if it has one."""
    return _memory.get()


def question(
    owner: object, service: str, operation: str, parameters: Mapping[str, Any], region: str | None, kind: str
) -> bytes:
    """What makes two reads the same."""
    return msgspec.json.encode(
        (id(owner), kind, service, operation, region, dict(parameters)), order="deterministic", enc_hook=str
    )
