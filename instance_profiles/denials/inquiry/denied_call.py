"""The denied call itself in CloudTrail: how often, when, where from and on what.

CloudTrail shows a call some minutes after it was made. PassRole has no event of its own, so the calls of the
caller are looked through for the denial that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.regions import enabled_regions, home_region
from instance_profiles.denials.inquiry.known import BEFORE, Known, Learnt, Question, Scope
from instance_profiles.denials.reading import read
from instance_profiles.denials.trail.concerned import concerned_in
from instance_profiles.denials.trail.lookup import lookup
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.trail.event import TrailEvent

_PAGES: Final = 4
_SHOWN: Final = 5


def _why_not(known: Known, _scope: Scope) -> str | None:
    if not known.action or not _user_name(known):
        return "Nothing tells which call of whom to look for."
    if known.is_elsewhere:
        return f"The caller belongs to account {known.whose}, whose trail is not shown here."
    return None


async def _ask(account: AwsAccount, known: Known, scope: Scope) -> AsyncIterator[str | Learnt]:
    found: list[TrailEvent] = []
    name = _user_name(known)
    for region in await _places(account, known, scope):
        yield f"looking through the calls of {name} in {region}"
        pages = 0
        async for events in lookup(account, region, ("Username", name), scope.now - BEFORE, scope.now):
            found += [event for event in events if is_this(event, known)]
            pages += 1
            if pages == _PAGES or found:
                break
        if found:
            break
    if not found:
        hours = int(BEFORE.total_seconds() // 3600)
        yield Learnt(
            f"Not among the recorded calls of the last {hours} hours; CloudTrail shows a call some 15"
            " minutes after it was made.",
            known,
        )
        return
    newest = max(found, key=lambda event: event.time)
    told = msgspec.structs.replace(known, region=known.region or newest.region or None)
    times = f"{len(found)} times, last" if len(found) > 1 else "once,"
    words = f"Recorded {times} at {newest.time:%Y-%m-%d %H:%M:%S} UTC: {newest.action} in {newest.region}."
    yield Learnt(words, told, facts=tuple(line_of(event) for event in found[:_SHOWN]), events=tuple(found))


QUESTION: Final = Question("denied-call", "The denied call", "cloudtrail:LookupEvents", _why_not, _ask)


async def _places(account: AwsAccount, known: Known, scope: Scope) -> list[str]:
    """Where the event may be: those of IAM are in one region of the partition, others where they happened."""
    home = home_region(known.partition) or account.default_region
    here = known.region or account.default_region
    action = (known.action or "").lower()
    if action.startswith("iam:") and action != "iam:passrole":
        return [home]
    if known.region is not None:
        return list(dict.fromkeys((here, home) if action == "iam:passrole" else (here,)))
    regions = scope.regions
    if not regions:
        try:
            regions = await enabled_regions(account)
        except AwsError:
            regions = ()
    return list(dict.fromkeys((here, home, *regions)))


def is_this(event: TrailEvent, known: Known) -> bool:
    """Whether an event is a denial of this action to this caller, by whatever call carried it."""
    if not event.is_denied or not _is_caller(event, known):
        return False
    asked = (known.action or "").lower()
    if event.action.lower() == asked and asked != "iam:passrole":
        return True
    return any((error.action or "").lower() == asked for error in read(event.said).errors)


def line_of(event: TrailEvent) -> str:
    """`2026-11-27 03:00:00  AssociateIamInstanceProfile by kim on web, i-0123 in eu-west-1`."""
    who = principal_of(event.who)
    by = event.who.rpartition("/")[2] if who.kind != "unknown" else event.who
    on = ", ".join(one.name for one in concerned_in(event, None))
    return (
        f"{event.time:%Y-%m-%d %H:%M:%S}  {event.name} by {by or 'somebody'}"
        f"{f' on {on}' if on else ''} in {event.region}"
    )


def _is_caller(event: TrailEvent, known: Known) -> bool:
    """All sessions of a role are one caller."""
    who, asked = principal_of(event.who), principal_of(known.error.principal or "")
    return (who.account, who.name) == (asked.account, asked.name)


def _user_name(known: Known) -> str:
    """As CloudTrail calls a caller: a user by its name, a session of a role by that of the session."""
    principal = known.error.principal or ""
    kind = principal_of(principal).kind
    return principal.rpartition("/")[2] if kind in ("user", "session", "federated-user") else ""
