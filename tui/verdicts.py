"""What is wrong, arranged for drawing: by object, rule and heading; each change costs itself only."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING, Literal, TypeVar

from instance_profiles.findings.evaluate import place_of
from instance_profiles.findings.scope import Judged, judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted

Mark = Literal["error", "warning", "info", "unknown"]
MARKS: tuple[Mark, ...] = ("error", "warning", "info", "unknown")
"""Worst first; unknown comes last, because it asks for reading and not for mending."""

_MANY = 500
"""More changes at once than these are sorted in faster than put in one by one."""


Entry = TypeVar("Entry")


def mark_of(finding: Finding) -> Mark:
    return "unknown" if finding.verdict == "unknown" else finding.severity


class Verdicts:
    """Findings to show and muted ones. What is told of one object is replaced as a whole."""

    def __init__(self) -> None:
        self._shown: dict[Judged, list[Finding]] = {}
        self._muted: dict[Judged, list[Muted]] = {}
        self._by_id: dict[str, Finding] = {}
        self._by_rule: dict[tuple[Mark, str], dict[str, Finding]] = {}
        self._worst: dict[tuple[str, str, str | None], dict[Judged, Mark]] = {}
        self._naming: dict[Judged, dict[str, Finding]] = {}
        self._marks: Counter[Mark] = Counter()
        self._order: list[tuple[tuple[object, ...], Finding]] = []
        self._gone: list[Finding] = []
        self._new: list[Finding] = []
        self._all: tuple[Finding, ...] | None = ()
        self._all_muted: tuple[Muted, ...] | None = ()

    # -- changing ------------------------------------------------------------------------------------------

    def replace(self, about: Judged, shown: Iterable[Finding], muted: Iterable[Muted]) -> bool:
        """What is told of one object from now on; whether that is anything else than before."""
        now = sorted(shown, key=lambda finding: (MARKS.index(mark_of(finding)), place_of(finding)))
        silent = sorted(muted, key=lambda one: (MARKS.index(mark_of(one.finding)), place_of(one.finding)))
        before, silent_before = self._shown.get(about, []), self._muted.get(about, [])
        if now == before and silent == silent_before:
            return False
        for finding in before:
            self._forget(finding)
        for finding in now:
            self._note(finding)
        for one in silent_before:
            self._by_id.pop(one.finding.id, None)
        for one in silent:
            self._by_id[one.finding.id] = one.finding
        _put(self._shown, about, now)
        _put(self._muted, about, silent)
        heading = self._worst.setdefault((about[0], about[1], about[2]), {})
        if now:
            heading[about] = mark_of(now[0])
        else:
            heading.pop(about, None)
        if silent != silent_before:
            self._all_muted = None
        return True

    def _note(self, finding: Finding) -> None:
        mark = mark_of(finding)
        self._marks[mark] += 1
        self._by_id[finding.id] = finding
        self._by_rule.setdefault((mark, finding.rule), {})[finding.id] = finding
        for ref in finding.related:
            self._naming.setdefault(judged(ref), {})[finding.id] = finding
        self._new.append(finding)
        self._all = None

    def _forget(self, finding: Finding) -> None:
        mark = mark_of(finding)
        self._marks[mark] -= 1
        self._by_id.pop(finding.id, None)
        alike = self._by_rule[mark, finding.rule]
        alike.pop(finding.id, None)
        if not alike:
            del self._by_rule[mark, finding.rule]
        for ref in finding.related:
            naming = self._naming.get(judged(ref), {})
            naming.pop(finding.id, None)
            if not naming:
                self._naming.pop(judged(ref), None)
        self._gone.append(finding)
        self._all = None

    # -- asking --------------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Everything that is not muted, the worst first, then in the order of the catalogue."""
        if self._all is None:
            self._settle()
            self._all = tuple(finding for _, finding in self._order)
        return self._all

    @property
    def muted(self) -> tuple[Muted, ...]:
        if self._all_muted is None:
            everything = [one for of_object in self._muted.values() for one in of_object]
            self._all_muted = tuple(sorted(everything, key=lambda one: place_of(one.finding)))
        return self._all_muted

    def of(self, about: Judged) -> Sequence[Finding]:
        """What is wrong with one object, the worst first."""
        return self._shown.get(about, ())

    def muted_of(self, about: Judged) -> Sequence[Muted]:
        return self._muted.get(about, ())

    def naming(self, about: Judged) -> list[Finding]:
        """The findings of others that name an object, in order."""
        return sorted(self._naming.get(about, {}).values(), key=place_of)

    def known(self) -> set[Judged]:
        """All objects of which anything is told."""
        return self._shown.keys() | self._muted.keys()

    def finding(self, finding_id: str) -> Finding | None:
        """The finding with this id, be it muted or not."""
        return self._by_id.get(finding_id)

    def counts(self) -> dict[Mark, int]:
        return {mark: self._marks[mark] for mark in MARKS}

    def rules(self, mark: Mark) -> dict[str, Mapping[str, Finding]]:
        """What each rule tells with one mark, by finding id."""
        return {rule: found for (own, rule), found in self._by_rule.items() if own == mark}

    def troubled(self, kind: str, account: str, region: str | None = None) -> Mapping[Judged, Mark]:
        """The worst mark of each object of a kind and place that has any."""
        return self._worst.get((kind, account, region), {})

    def troubled_everywhere(self, kind: str, account: str) -> dict[Judged, Mark]:
        """The same in all regions together."""
        return {
            about: mark
            for (of_kind, of_account, _), marks in self._worst.items()
            if of_kind == kind and of_account == account
            for about, mark in marks.items()
        }

    def marks_in(self, account: str) -> list[Mark]:
        """The worst mark of everything in an account of which anything is told."""
        return [
            mark
            for (_, of_account, _), marks in self._worst.items()
            if of_account == account
            for mark in marks.values()
        ]

    def with_mark(self, mark: Mark) -> set[Judged]:
        """The objects of which something is told with this mark."""
        return {
            about
            for about, found in self._shown.items()
            if any(mark_of(finding) == mark for finding in found)
        }

    def _settle(self) -> None:
        """Bring what came and went into the order."""
        order, gone = self._order, {finding.id for finding in self._gone}
        if len(self._gone) + len(self._new) > _MANY:
            fresh = [(place_of(one), one) for one in self._new if self._by_id.get(one.id) is one]
            order[:] = [*(entry for entry in order if entry[1].id not in gone), *fresh]
            order.sort(key=lambda entry: entry[0])
        else:
            for finding in self._gone:
                place = bisect_left(order, place_of(finding), key=lambda entry: entry[0])
                if place < len(order) and order[place][1] is finding:
                    del order[place]
            for finding in self._new:
                if self._by_id.get(finding.id) is finding:
                    insort(order, (place_of(finding), finding), key=lambda entry: entry[0])
        self._gone, self._new = [], []


def _put(where: dict[Judged, list[Entry]], about: Judged, entries: list[Entry]) -> None:
    if entries:
        where[about] = entries
    else:
        where.pop(about, None)
