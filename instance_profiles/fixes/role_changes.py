"""What the journal knows of roles that were exchanged: instances may still run with the one before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.fixes.conditions import InstanceProfileHolds
from instance_profiles.inventory.model import RoleChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from instance_profiles.fixes.journal_entry import JournalEntry, JournalledCall

REMEMBERED = timedelta(hours=1)
"""Running instances keep the old role's credentials for up to an hour."""


def role_changes(
    entries: Iterable[JournalEntry], is_ours: Callable[[JournalEntry], bool], now: datetime
) -> tuple[RoleChange, ...]:
    """The exchanges of the last hour: one role taken out and later another one put into the same place.

    `is_ours` tells whether an entry is about an account as it is read now: at another address the same
    number is another account. Calls that were taken back, or of which nobody knows, count for nothing.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/attach-iam-role.html
    """
    known: dict[tuple[str, str], str] = {}
    taken_out: dict[str, str] = {}
    found: list[RoleChange] = []
    for at, entry, call in sorted(_done(entries, is_ours), key=lambda one: one[0]):
        name, role = (str(call.call.parameters.get(key)) for key in ("InstanceProfileName", "RoleName"))
        # An undo names what it takes back, its first plan the id as well.
        place = (entry.account, name.casefold())
        unique_id = known[place] = _instance_profile_id(entry, call) or known.get(place, "")
        if call.call.operation == "RemoveRoleFromInstanceProfile":
            taken_out[unique_id] = role
        elif taken_out.pop(unique_id, role) != role and timedelta(0) <= now - at < REMEMBERED:
            found.append(RoleChange(entry.account, unique_id, at, entry.id))
    return tuple(change for change in found if change.instance_profile_id)


def _done(
    entries: Iterable[JournalEntry], is_ours: Callable[[JournalEntry], bool]
) -> Iterator[tuple[datetime, JournalEntry, JournalledCall]]:
    for entry in entries:
        if is_ours(entry):
            for call in entry.done:
                if call.at is not None and call.call.operation in _MOVES:
                    yield call.at, entry, call


_MOVES = ("AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile")


def _instance_profile_id(entry: JournalEntry, call: JournalledCall) -> str | None:
    """The unique id that the plan had, None where it had none."""
    for condition in entry.plan.steps[call.step].before:
        if isinstance(condition, InstanceProfileHolds):
            return condition.instance_profile_id
    return None
