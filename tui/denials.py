"""The recent denials around instance profiles, as far as they were read, and the objects they concern."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from instance_profiles.denials.trail.groups import DenialGroup, Grouping
from tui.store import ref_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from instance_profiles.denials.trail.concerned import Concerned
    from instance_profiles.denials.trail.event import TrailEvent
    from instance_profiles.denials.trail.recent import Heard
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef
    from tui.store import RefKey

HOURS = (12, 24, 72, 168)
"""How far back one may look; CloudTrail's look-up reaches 90 days, but each day costs calls."""


@dataclass
class RecentDenials:
    """What one reading brought. `begun` None means that nobody has asked for them yet."""

    hours: int = HOURS[0]
    begun: datetime | None = None
    ended: bool = False
    groups: tuple[DenialGroup, ...] = ()
    looked_at: int = 0
    regions: int = 0
    read: int = 0
    troubles: list[str] = field(default_factory=list)
    cut: bool = False
    _grouping: Grouping = field(default_factory=Grouping)
    _by_object: dict[RefKey, list[DenialGroup]] = field(default_factory=dict)

    def begin(self, now: datetime, regions: int) -> None:
        """Start a new reading; what was read before is forgotten."""
        self.begun, self.ended = now, False
        self.groups, self._grouping, self._by_object = (), Grouping(), {}
        self.looked_at, self.regions, self.read = 0, regions, 0
        self.troubles, self.cut = [], False

    def take(self, heard: Heard, inventory: Inventory) -> None:
        """Take in the news of a region."""
        self.looked_at += heard.looked_at
        self.cut = self.cut or heard.cut
        self.read += heard.ended
        if heard.trouble and heard.trouble not in self.troubles:
            self.troubles.append(heard.trouble)
        if heard.denied:
            self.add(heard.denied, inventory)

    def add(self, events: Iterable[TrailEvent], inventory: Inventory) -> None:
        """Add denials, wherever they were found; one that is known already counts once."""
        self._grouping.add(events)
        self.groups = self._grouping.groups
        self._by_object = {}
        for group in self.groups:
            for ref in refs_of(group, inventory):
                self._by_object.setdefault(ref_key(ref), []).append(group)

    def of(self, ref: ObjectRef | None) -> list[DenialGroup]:
        """The denials that concern an object, the newest first."""
        return self._by_object.get(ref_key(ref), []) if ref else []


def refs_of(group: DenialGroup, inventory: Inventory) -> list[ObjectRef]:
    """The objects of a group that were read: what it was about, then who was denied."""
    found = [ref for one in group.concerned if (ref := _ref(one, group, inventory)) is not None]
    who = inventory.role_by_arn(group.principal)
    return list(dict.fromkeys((*found, *((who.ref,) if who else ()))))


def _ref(one: Concerned, group: DenialGroup, inventory: Inventory) -> ObjectRef | None:
    account = group.account
    match one.kind:
        case "instance":
            known = [inventory.instance(account, region, one.name) for region in group.regions]
            return next((instance.ref for instance in known if instance), None)
        case "role":
            role = inventory.role_by_arn(one.arn) if one.arn else inventory.role_by_name(account, one.name)
            return role.ref if role else None
        case "instance-profile":
            profile = (
                inventory.instance_profile_by_arn(one.arn)
                if one.arn
                else inventory.instance_profile_by_name(account, one.name)
            )
            return profile.ref if profile else None
