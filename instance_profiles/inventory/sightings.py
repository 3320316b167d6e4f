"""Since when objects are seen in states that are normal in passing; AWS tells no times for these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

PassingState = Literal[
    "associating", "disassociating", "metadata-pending", "projection-mismatch", "not-visible"
]
Place = tuple[str, str]
"""Account and region."""


class Passing(msgspec.Struct, frozen=True, gc=False):
    """One stay of an object in such a state; `id` is that of the object.

    `of` tells this stay from the next one of the same object: the association that the instance does not
    show, the metadata options that are being set. It is empty where an object is in that state only once.
    """

    account: str
    region: str
    id: str
    state: PassingState
    of: str = ""

    @property
    def place(self) -> Place:
        return self.account, self.region


class Sightings:
    """When each stay was first seen (UTC). Those that are over are forgotten, those to come never noted.

    `revision` grows with every change. `places` are those that were looked at: of them everything is known.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.places: set[Place] = set()
        self._since: dict[Passing, datetime] = {}
        self._of_object: dict[tuple[str, str, str], set[Passing]] = {}

    def recall(self, earlier: Mapping[Passing, datetime], now: datetime) -> None:
        """Take in what an earlier run saw; times after `now` come from a wrong clock and are ignored."""
        for passing, since in earlier.items():
            if since <= now:
                self._note(passing, since)

    def since(self, passing: Passing) -> datetime | None:
        return self._since.get(passing)

    def look(self, present: Mapping[Passing, datetime], places: Collection[Place]) -> None:
        """Note what is there now, with when it was seen; forget what is over in the places looked at."""
        self.places.update(places)
        self._replace({passing for passing in self._since if passing.place in places}, present)

    def look_at(
        self, present: Mapping[Passing, datetime], objects: Iterable[tuple[str, str, str]]
    ) -> frozenset[Passing]:
        """The same for single objects, by account, region and id; returns the stays that began or ended."""
        of_object = self._of_object
        return self._replace({one for key in objects for one in of_object.get(key, ())}, present)

    def known(self) -> dict[Passing, datetime]:
        """Every stay with when it was first seen."""
        return dict(self._since)

    def known_in(self, place: Place) -> list[Passing]:
        """The stays in one region."""
        return [passing for passing in self._since if passing.place == place]

    def in_state(self, state: PassingState) -> list[Passing]:
        """The stays in one state."""
        return [passing for passing in self._since if passing.state == state]

    def _replace(self, before: set[Passing], present: Mapping[Passing, datetime]) -> frozenset[Passing]:
        over = before - present.keys()
        new = [passing for passing in present if passing not in self._since]
        for passing in over:
            del self._since[passing]
            key = (passing.account, passing.region, passing.id)
            self._of_object[key].discard(passing)
            if not self._of_object[key]:
                del self._of_object[key]
        for passing in new:
            self._note(passing, present[passing])
        if over or new:
            self.revision += 1
        return frozenset((*over, *new))

    def _note(self, passing: Passing, since: datetime) -> None:
        self._since[passing] = since
        self._of_object.setdefault((passing.account, passing.region, passing.id), set()).add(passing)
