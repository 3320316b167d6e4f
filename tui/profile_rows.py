"""What the rows of instance profiles show: it orders them, and their heading counts it.

Below one instance profile there may be hundreds of instances, so each is looked at once after a change, and
not whenever it is drawn.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from tui.below import profiles_above, shown_on_row
from tui.verdicts import MARKS, mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfile
    from tui.below import Shown
    from tui.verdicts import Mark, Verdicts

_URGENCY: dict[Mark | None, int] = {"error": 0, "warning": 1}
_SOME = 50
"""Instance profiles that are looked at between two looks at the clock."""


class ProfileRows:
    def __init__(self, inventory: Inventory, verdicts: Verdicts) -> None:
        self._inventory = inventory
        self._verdicts = verdicts
        self._due: dict[tuple[str, str], None] = {}
        self._shown: dict[Judged, Shown] = {}
        self._marks: dict[str, dict[Judged, Mark]] = {}
        self._tally: dict[str, Counter[Mark]] = {}

    @property
    def is_due(self) -> bool:
        """Whether rows wait to be looked at."""
        return bool(self._due)

    def changed(self, profiles: Iterable[tuple[str, str]]) -> None:
        """Something about these instance profiles, by account and id, is another now."""
        self._due.update(dict.fromkeys(profiles))

    def told(self, about: Judged) -> None:
        """What is told of an object is another now: it may stand below an instance profile."""
        above = profiles_above(self._inventory, about)
        self.changed((profile.account, profile.instance_profile_id) for profile in above)

    def look(self, moved: Callable[[InstanceProfile], None], may_go_on: Callable[[], bool]) -> bool:
        """Look at the rows that are due, while `may_go_on`; whether any shows something else now.

        `moved` is called for those whose place in the list may be another one.
        """
        is_other = False
        while self._due:
            for key in tuple(islice(self._due, _SOME)):
                del self._due[key]
                is_other |= self._look_at(key, moved)
            if not may_go_on():
                break
        return is_other

    def _look_at(self, key: tuple[str, str], moved: Callable[[InstanceProfile], None]) -> bool:
        profile = self._inventory.instance_profiles.get(key)
        shown = shown_on_row(self._verdicts, self._inventory, profile) if profile is not None else None
        about: Judged = ("instance-profile", key[0], None, key[1])
        if shown == self._shown.get(about):
            return False
        self._shown.pop(about, None)
        if shown is not None:
            self._shown[about] = shown
        mark = mark_of(shown.finding) if shown is not None else None
        if self._note_mark(about, mark) and profile is not None:
            moved(profile)
        return True

    def _note_mark(self, about: Judged, mark: Mark | None) -> bool:
        """Whether it had another mark before."""
        marks = self._marks.setdefault(about[1], {})
        tally = self._tally.setdefault(about[1], Counter())
        before = marks.pop(about, None)
        if before is not None:
            tally[before] -= 1
        if mark is not None:
            marks[about] = mark
            tally[mark] += 1
        return mark != before

    # -- asking --------------------------------------------------------------------------------------------

    def shown(self, profile: InstanceProfile) -> Shown | None:
        """What the row of an instance profile shows, None where nothing is wrong."""
        return self._shown.get(("instance-profile", profile.account, None, profile.instance_profile_id))

    def urgency(self, profile: InstanceProfile) -> int:
        """Errors stand first, then warnings; what is only worth knowing stays in its place by name."""
        shown = self.shown(profile)
        return _URGENCY.get(mark_of(shown.finding) if shown is not None else None, 2)

    def marks(self, account: str) -> Mapping[Judged, Mark]:
        """The sign on each row of an account that has one."""
        return self._marks.get(account, {})

    def tally(self, account: str) -> dict[Mark, int]:
        """How many rows of an account have each sign, the worst first."""
        counted = self._tally.get(account, Counter())
        return {mark: counted[mark] for mark in MARKS if counted[mark]}
