"""Denials that are one and the same trouble: the same principal, action and cause."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.denials.reading import ReadError, read
from instance_profiles.denials.sentence import DeniedBy, Effect
from instance_profiles.denials.trail.concerned import Concerned, concerned_in
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.denials.trail.event import TrailEvent


class DenialGroup(msgspec.Struct, frozen=True):
    """How often a principal was denied an action for one cause, when, and on what.

    `principal` is a user or a role: all sessions of a role are one. `said` is the message of the newest one,
    to be explained.
    """

    account: str
    principal: str
    action: str
    denied_by: DeniedBy | None
    effect: Effect | None
    policy: str | None
    count: int
    first: datetime
    last: datetime
    said: str
    regions: tuple[str, ...] = ()
    concerned: tuple[Concerned, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The same for the same trouble, however often it comes again."""
        parts = (self.account, self.principal, self.action, self.denied_by, self.effect, self.policy)
        return tuple(part or "" for part in parts)


class Grouping:
    """Groups that grow with every page; an event that comes twice counts once."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, ...], DenialGroup] = {}
        self._seen: set[str] = set()

    def add(self, events: Iterable[TrailEvent]) -> None:
        """Take in events of any kind: what was not denied is left out."""
        for event in events:
            if not event.is_denied or event.id in self._seen:
                continue
            if event.id:
                self._seen.add(event.id)
            one = _alone(event)
            known = self._groups.get(one.key)
            self._groups[one.key] = one if known is None else _together(known, one)

    @property
    def groups(self) -> tuple[DenialGroup, ...]:
        """The groups so far, the one that came last first."""
        return tuple(sorted(self._groups.values(), key=lambda group: group.last, reverse=True))


def grouped(events: Iterable[TrailEvent]) -> tuple[DenialGroup, ...]:
    """The groups of these events, the one that came last first."""
    grouping = Grouping()
    grouping.add(events)
    return grouping.groups


def _alone(event: TrailEvent) -> DenialGroup:
    error = _error(_same_for_all(event.said))
    return DenialGroup(
        account=event.account,
        principal=_principal(event, error),
        action=(error.action if error else None) or event.action,
        denied_by=error.denied_by if error else None,
        effect=error.effect if error else None,
        policy=error.policy if error else None,
        count=1,
        first=event.time,
        last=event.time,
        said=event.said,
        regions=(event.region,) if event.region else (),
        concerned=concerned_in(event, error.resource if error else None),
    )


def _same_for_all(said: str) -> str:
    """A message without what is another one in each denial: the encoded part and the authorization id."""
    return said.partition(" Encoded authorization failure message")[0].partition(" Go to https://")[0]


@lru_cache(maxsize=1024)
def _error(said: str) -> ReadError | None:
    """Reading a message takes milliseconds, and most denials of a day say the same."""
    return next(iter(read(said).errors), None)


def _principal(event: TrailEvent, error: ReadError | None) -> str:
    """The role rather than its session: the issuer of the session has the role's path."""
    if event.role:
        return event.role
    who = event.who or (error.principal if error else None) or ""
    asked = principal_of(who)
    if asked.kind == "session":
        return f"arn:{asked.partition}:iam::{asked.account}:role/{asked.name}"
    return who


def _together(known: DenialGroup, one: DenialGroup) -> DenialGroup:
    newer = one if one.last >= known.last else known
    return msgspec.structs.replace(
        known,
        count=known.count + one.count,
        first=min(known.first, one.first),
        last=newer.last,
        said=newer.said,
        regions=tuple(dict.fromkeys((*known.regions, *one.regions))),
        concerned=tuple(dict.fromkeys((*known.concerned, *one.concerned))),
    )
