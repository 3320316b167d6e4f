"""Since when objects are seen in states that are normal in passing; AWS tells no times for these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
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

    def recall(self, earlier: Mapping[Passing, datetime], now: datetime) -> None:
        """Take in what an earlier run saw; times after `now` come from a wrong clock and are ignored."""
        self._since |= {passing: since for passing, since in earlier.items() if since <= now}

    def since(self, passing: Passing) -> datetime | None:
        return self._since.get(passing)

    def look(self, present: Mapping[Passing, datetime], places: Collection[Place]) -> None:
        """Note what is there now, with when it was seen; forget what is over in the places looked at."""
        before = self._since
        self._since = {passing: since for passing, since in before.items() if passing.place not in places} | {
            passing: before.get(passing, now) for passing, now in present.items()
        }
        self.places.update(places)
        if self._since != before:
            self.revision += 1

    def known(self) -> dict[Passing, datetime]:
        """Every stay with when it was first seen."""
        return dict(self._since)
