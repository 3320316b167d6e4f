"""Who changed what the denial hangs on, and when (cloudtrail:LookupEvents by the name of the object)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from instance_profiles.aws.regions import home_region
from instance_profiles.denials.inquiry.denied_call import line_of
from instance_profiles.denials.inquiry.known import Known, Learnt, Question, Scope
from instance_profiles.denials.trail.concerned import concerned_of
from instance_profiles.denials.trail.lookup import lookup
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.event import TrailEvent

_DAYS: Final = 14
_PAGES: Final = 3
_MOST_NAMES: Final = 5
_SHOWN: Final = 8
_NO_CHANGES: Final = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})


def _why_not(known: Known, _scope: Scope) -> str | None:
    if not any(True for _ in _names(known)):
        return "Nothing of this account is named whose changes could be looked for."
    return None


async def _ask(account: AwsAccount, known: Known, scope: Scope) -> AsyncIterator[str | Learnt]:
    home = home_region(known.partition) or account.default_region
    found: dict[str, TrailEvent] = {}
    names = list(dict.fromkeys(_names(known)))[:_MOST_NAMES]
    for name in names:
        region = (known.region or account.default_region) if name.startswith("i-") else home
        yield f"looking for changes of {name.rpartition('/')[2]}"
        since = scope.now - timedelta(days=_DAYS)
        pages = 0
        async for events in lookup(account, region, ("ResourceName", name), since, scope.now):
            found |= {event.id or line_of(event): event for event in events if _changes(event)}
            pages += 1
            if pages == _PAGES:
                break
    changes = tuple(sorted(found.values(), key=lambda event: event.time, reverse=True)[:_SHOWN])
    shown = ", ".join(name.rpartition("/")[2] for name in names)
    if not changes:
        yield Learnt(f"Nobody changed {shown} in the last {_DAYS} days.", known)
        return
    words = f"{line_of(changes[0])} was the last change of {shown}."
    yield Learnt(words, known, facts=tuple(map(line_of, changes)), events=changes)


QUESTION: Final = Question("changes", "Recent changes", "cloudtrail:LookupEvents", _why_not, _ask)


def _changes(event: TrailEvent) -> bool:
    return not event.read_only and not event.code and event.name not in _NO_CHANGES


def _names(known: Known) -> Iterator[str]:
    """The resource that was denied, the policy that denied, and the caller's own role or user."""
    for one in concerned_of(known.resource or known.error.resource or ""):
        if not one.arn or f":{known.account}:" in one.arn:
            yield one.name
    policy = (known.ruling.policy if known.ruling else None) or known.error.policy
    if policy and policy.startswith("arn:") and f"::{known.account}:" in policy:
        yield policy
    who = principal_of(known.source or known.error.principal or "")
    if who.kind in ("user", "role", "session") and who.account == known.account:
        yield who.name
