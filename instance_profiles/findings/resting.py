"""What verdicts rest on besides objects: how far sources were read, and the time.

A view notes what a rule asks; kept here by the object that the verdict is about, so that news of a source or
a later moment judges those again, and nothing else.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from datetime import datetime

    from instance_profiles.findings.scope import Judged, Place


class OnSources:
    """Which verdicts rest on which source: of single objects, or of all that is judged in a place."""

    def __init__(self) -> None:
        self._objects: dict[Hashable, dict[Judged, None]] = {}
        self._places: dict[Hashable, dict[Place, None]] = {}
        self._of_object: dict[Judged, set[Hashable]] = {}

    def note(self, about: Judged, sources: Iterable[Hashable]) -> None:
        """A verdict about an object rests on these as well."""
        of_object = self._of_object.setdefault(about, set())
        for source in sources:
            of_object.add(source)
            self._objects.setdefault(source, {})[about] = None

    def note_places(self, places: Iterable[Place], sources: Iterable[Hashable]) -> None:
        """Whether there is anything to judge in these places rests on these."""
        for source in sources:
            self._places.setdefault(source, {}).update(dict.fromkeys(places))

    def forget(self, objects: set[Judged]) -> None:
        """These are judged anew, or gone."""
        for about in self._of_object.keys() & objects:
            for source in self._of_object.pop(about):
                self._objects[source].pop(about, None)

    def take(self, source: Hashable) -> tuple[Iterable[Judged], Iterable[Place]]:
        """The objects and places whose verdicts rest on a source, to be judged anew."""
        return self._objects.get(source, ()), self._places.pop(source, ())


class OnTime:
    """Which verdicts rest on the time: on every moment, or on whether one to come has passed."""

    def __init__(self) -> None:
        self._now: datetime | None = None
        self._always: set[Judged] = set()
        self._later: list[tuple[datetime, Judged]] = []
        self._next: dict[Judged, datetime] = {}
        """The moment noted last of each in `_later`, so that judging anew does not note it again."""

    def note(self, about: Judged, changes_at: datetime | None) -> None:
        """A verdict is another one from this moment on; with None it may be at any."""
        if changes_at is None:
            self._always.add(about)
        elif self._next.get(about) != changes_at:
            self._next[about] = changes_at
            heapq.heappush(self._later, (changes_at, about))

    def due(self, now: datetime) -> set[Judged]:
        """What is to be judged again because it is `now`; each is named once."""
        if now == self._now:
            return set()
        if self._now is not None and now < self._now:
            # Back in time: nothing that was noted for later holds.
            self._always.update(about for _, about in self._later)
            self._later, self._next = [], {}
        self._now = now
        due, self._always = self._always, set()
        while self._later and self._later[0][0] <= now:
            _, about = heapq.heappop(self._later)
            self._next.pop(about, None)
            due.add(about)
        return due
