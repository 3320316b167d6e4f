"""The one state of the screen: what is known, what is judged, and how long lists are ordered.

Handlers of the application own it; workers only post what they read, widgets only draw.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from instance_profiles.findings.judge import Judge
from instance_profiles.findings.muting import sort_out
from instance_profiles.findings.scope import judged as ref_key
from tui.held_up import not_identified
from tui.listings import Listings
from tui.profile_rows import ProfileRows
from tui.verdicts import MARKS, Mark, Verdicts, mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Mute, Muted
    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import LoadEvent, ObjectRef
    from tui.denials import RecentDenials
    from tui.picture import Picture

__all__ = ["MARKS", "Mark", "RefKey", "Store", "mark_of", "ref_key"]

RefKey = tuple[str, str, str | None, str]
"""What makes two refs the same object: names and ARNs may be spelled differently, ids not."""

_SOME = 50
"""Objects whose findings are looked at between two looks at the clock."""


class Store:
    """Inventory and findings, with the look-ups that drawing needs. `revision` grows with what is told."""

    def __init__(
        self,
        inventory: Inventory,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        mutes: Sequence[Mute] = (),
    ) -> None:
        self.clock = clock
        self.mutes = mutes
        self.show_muted = False
        self.revision = 0
        self.denials: RecentDenials | None = None
        """What CloudTrail told of denials, None until somebody asked for them."""
        self.open(inventory)

    def open(self, inventory: Inventory) -> None:
        """Show this inventory from now on."""
        self.inventory = inventory
        self.loading = False
        self.loaded_at: datetime | None = None
        self.as_of: datetime | None = None
        """When the data of an earlier run was read, None once that of this run is shown."""
        self.is_unasked = False
        """Whether AWS has not yet said who calls, so that all that is shown is of an earlier run."""
        self.picture: Picture | None = None
        """What stood on the screen the last time, until all that was read then is taken in and judged."""
        self.trouble: str | None = None
        """Why nothing could be read at all, in one sentence for people."""
        self.verdicts = Verdicts()
        self.profile_rows = ProfileRows(inventory, self.verdicts)
        self.listings = Listings(inventory, self.profile_rows.urgency)
        self._judge = Judge(inventory)
        self._sorted_by: tuple[object, ...] = ()
        self._unsorted: dict[Judged, None] = {}

    def take(self, events: Iterable[LoadEvent]) -> None:
        """Take in what a load yielded."""
        for event in events:
            self.inventory.take(event)

    # -- judging -------------------------------------------------------------------------------------------

    def judge(self, read_at: datetime | None = None) -> None:
        """Judge all that changed; `read_at` is when associations were last looked at (now)."""
        self.judge_some(read_at, lambda: True)

    def judge_some(self, read_at: datetime | None, may_go_on: Callable[[], bool]) -> bool:
        """Judge what changed, while `may_go_on`; whether all of it is judged."""
        done = self._judge.work(read_at or self.clock(), may_go_on)
        self._unsorted.update(dict.fromkeys(self._judge.take_touched()))
        today = self.today()
        if (today, self.mutes) != self._sorted_by:
            self._sorted_by = (today, self.mutes)
            self._unsorted.update(dict.fromkeys(self.verdicts.known()))
        self.profile_rows.changed(self._judge.take_profiles())
        changed = self._sort_out_some(today, may_go_on)
        looks_other = self.profile_rows.look(self.listings.moved, may_go_on)
        if changed or looks_other:
            self.revision += 1
        return done and not self._unsorted and not self.profile_rows.is_due

    def _sort_out_some(self, today: date, may_go_on: Callable[[], bool]) -> bool:
        """Take apart what is muted of what was judged, while `may_go_on`; whether anything is another now."""
        changed = False
        while self._unsorted:
            for about in tuple(islice(self._unsorted, _SOME)):
                del self._unsorted[about]
                if self._sort_out(about, today):
                    self.profile_rows.told(about)
                    changed = True
            if not may_go_on():
                break
        return changed

    def _sort_out(self, about: Judged, today: date) -> bool:
        apart = sort_out(self._judge.findings_of(about), self.mutes, self.inventory, today)
        return self.verdicts.replace(about, apart.shown, apart.muted)

    # -- asking --------------------------------------------------------------------------------------------

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong and not muted."""
        return self.verdicts.shown()

    @property
    def muted(self) -> tuple[Muted, ...]:
        return self.verdicts.muted

    def findings_of(self, ref: ObjectRef | None) -> Sequence[Finding]:
        """The findings of one object, worst first."""
        return self.verdicts.of(ref_key(ref)) if ref else ()

    def muted_of(self, ref: ObjectRef | None) -> Sequence[Muted]:
        """What is muted of one object, the worst first."""
        return self.verdicts.muted_of(ref_key(ref)) if ref else ()

    def finding(self, finding_id: str) -> Finding | None:
        """The finding with this id, be it muted or not."""
        return self.verdicts.finding(finding_id)

    def today(self) -> date:
        """The day where the person is: mutes end there."""
        return self.clock().astimezone().date()

    def why_nothing(self) -> str | None:
        """Why no account could be asked, in a sentence for each; None where one answered."""
        if self.trouble or self.inventory.callers:
            return self.trouble
        return " ".join(not_identified(self.inventory)) or None

    def counts(self) -> dict[Mark, int]:
        return self.verdicts.counts()

    def object_counts(self, refs: Iterable[ObjectRef]) -> dict[Mark, int]:
        """How many of these objects have each mark as their worst one."""
        found = (mark_of(findings[0]) for ref in refs if (findings := self.findings_of(ref)))
        return in_order(found)


def in_order(marks: Iterable[Mark]) -> dict[Mark, int]:
    """How often each mark is there, the worst first."""
    counted = Counter(marks)
    return {mark: counted[mark] for mark in MARKS if counted.get(mark)}
