"""The one state of the screen: what is known, what is judged, and which findings belong to which object.

Handlers of the application own it; workers only post what they read, widgets only draw.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.findings.muting import sort_out
from instance_profiles.inventory.passing import look
from tui.words import not_identified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Mute, Muted
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import LoadEvent, ObjectRef
    from tui.denials import RecentDenials

Mark = Literal["error", "warning", "info", "unknown"]
MARKS: tuple[Mark, ...] = ("error", "warning", "info", "unknown")
"""Worst first; unknown comes last, because it asks for reading and not for mending."""

RefKey = tuple[str, str, str | None, str]


def ref_key(ref: ObjectRef) -> RefKey:
    """What makes two refs the same object: names and ARNs may be spelled differently, ids not."""
    return (ref.kind, ref.account, ref.region, ref.id)


def mark_of(finding: Finding) -> Mark:
    return "unknown" if finding.verdict == "unknown" else finding.severity


class Store:
    """Inventory and findings, with the look-ups that drawing needs. `revision` grows with each judgement."""

    def __init__(
        self,
        inventory: Inventory,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        mutes: Sequence[Mute] = (),
    ) -> None:
        self.inventory = inventory
        self.clock = clock
        self.mutes = mutes
        self.findings: tuple[Finding, ...] = ()
        """What is wrong and not muted."""
        self.muted: tuple[Muted, ...] = ()
        self.show_muted = False
        self.revision = 0
        self.loading = False
        self.loaded_at: datetime | None = None
        self.denials: RecentDenials | None = None
        """What CloudTrail told of denials, None until somebody asked for them."""
        self.trouble: str | None = None
        """Why nothing could be read at all, in one sentence for people."""
        self._by_object: dict[RefKey, list[Finding]] = {}
        self._muted_by_object: dict[RefKey, list[Muted]] = {}

    def take(self, events: Iterable[LoadEvent]) -> frozenset[ObjectRef]:
        """Take in what a load yielded; returns what changed."""
        changed: set[ObjectRef] = set()
        for event in events:
            changed |= self.inventory.take(event)
        return frozenset(changed)

    def judge(self, read_at: datetime | None = None) -> None:
        """Run the rules over all that is known; `read_at` is when associations were last looked at (now)."""
        now = read_at or self.clock()
        look(self.inventory, now)
        found = evaluate(self.inventory, now)
        apart = sort_out(found, self.mutes, self.inventory, self.today())
        self.findings, self.muted = apart.shown, apart.muted
        by_object: defaultdict[RefKey, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            by_object[ref_key(finding.object)].append(finding)
        for own in by_object.values():
            own.sort(key=lambda finding: MARKS.index(mark_of(finding)))
        self._by_object = dict(by_object)
        muted_by_object: defaultdict[RefKey, list[Muted]] = defaultdict(list)
        for muted in self.muted:
            muted_by_object[ref_key(muted.finding.object)].append(muted)
        self._muted_by_object = dict(muted_by_object)
        self.revision += 1

    def findings_of(self, ref: ObjectRef | None) -> list[Finding]:
        """The findings of one object, worst first."""
        return self._by_object.get(ref_key(ref), []) if ref else []

    def muted_of(self, ref: ObjectRef | None) -> list[Muted]:
        """What is muted of one object, the worst first."""
        return self._muted_by_object.get(ref_key(ref), []) if ref else []

    def finding(self, finding_id: str) -> Finding | None:
        """The finding with this id, be it muted or not."""
        everything = (*self.findings, *(muted.finding for muted in self.muted))
        return next((finding for finding in everything if finding.id == finding_id), None)

    def today(self) -> date:
        """The day where the person is: mutes end there."""
        return self.clock().astimezone().date()

    def worst(self, refs: Iterable[ObjectRef]) -> Finding | None:
        """The worst finding of several objects; of equals the first."""
        found = [findings[0] for ref in refs if (findings := self.findings_of(ref))]
        return min(found, key=lambda finding: MARKS.index(mark_of(finding)), default=None)

    def why_nothing(self) -> str | None:
        """Why no account could be asked, in a sentence for each; None where one answered."""
        if self.trouble or self.inventory.callers:
            return self.trouble
        return " ".join(not_identified(self.inventory)) or None

    def counts(self) -> dict[Mark, int]:
        counted = Counter(mark_of(finding) for finding in self.findings)
        return {mark: counted.get(mark, 0) for mark in MARKS}

    def object_counts(self, refs: Iterable[ObjectRef]) -> dict[Mark, int]:
        """How many of these objects have each mark as their worst one."""
        counted = Counter(mark_of(findings[0]) for ref in refs if (findings := self.findings_of(ref)))
        return {mark: counted[mark] for mark in MARKS if counted.get(mark)}
