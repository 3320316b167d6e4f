"""Denials that are one and the same trouble: the same principal, action and cause."""

from __future__ import annotations

from datetime import datetime
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


def grouped(events: Iterable[TrailEvent]) -> tuple[DenialGroup, ...]:
    """The groups, the one that came last first; an event that comes twice counts once."""
    groups: dict[tuple[str, ...], DenialGroup] = {}
    for event in {event.id or str(number): event for number, event in enumerate(events)}.values():
        if not event.is_denied:
            continue
        one = _alone(event)
        known = groups.get(one.key)
        groups[one.key] = one if known is None else _together(known, one)
    return tuple(sorted(groups.values(), key=lambda group: group.last, reverse=True))


def _alone(event: TrailEvent) -> DenialGroup:
    error = _error(event)
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


def _error(event: TrailEvent) -> ReadError | None:
    return next(iter(read(event.said).errors), None)


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
