"""What the last time left, waiting for its turn: a page of it is decoded when the one before was taken."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.inventory.model import LoadEvent


class Recalling:
    """Events in order, each made when it is due."""

    def __init__(self) -> None:
        self._waiting: deque[Iterator[LoadEvent]] = deque()
        self._next: LoadEvent | None = None

    def __bool__(self) -> bool:
        """Whether there is another one."""
        while self._next is None and self._waiting:
            self._next = next(self._waiting[0], None)
            if self._next is None:
                self._waiting.popleft()
        return self._next is not None

    def add(self, events: Iterable[LoadEvent]) -> None:
        self._waiting.append(iter(events))

    def popleft(self) -> LoadEvent:
        """The next one. Raises IndexError where there is none."""
        if not self or self._next is None:
            raise IndexError("nothing is waiting")
        event, self._next = self._next, None
        return event
