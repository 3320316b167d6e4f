"""What is wrong, arranged for drawing: by object, rule and heading; each change costs itself only."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, TypeVar

from instance_profiles.findings.evaluate import place_of
from instance_profiles.findings.scope import Judged, judged
from tui.listings import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted

Mark = Literal["error", "warning", "info", "unknown"]
MARKS: tuple[Mark, ...] = ("error", "warning", "info", "unknown")
"""Worst first; unknown comes last, because it asks for reading and not for mending."""

Entry = TypeVar("Entry")
Group = tuple[str, str, str | None]
"""Kind, account and region: what an id is unique in."""


def mark_of(finding: Finding) -> Mark:
    return "unknown" if finding.verdict == "unknown" else finding.severity


class Verdicts:
    """Findings to show and muted ones. What is told of one object is replaced as a whole."""

    def __init__(self) -> None:
        self._shown: dict[Judged, list[Finding]] = {}
        self._muted: dict[Judged, list[Muted]] = {}
        self._by_id: dict[str, Finding] = {}
        self._by_rule: dict[tuple[Mark, str], dict[str, Finding]] = {}
        self._listings: dict[tuple[Mark, str], Listing] = {}
        self._marked: dict[Mark, dict[Group, Counter[str]]] = {}
        self._worst: dict[Group, dict[Judged, Mark]] = {}
        self._tally: dict[Group, Counter[Mark]] = {}
        self._naming: dict[Judged, dict[str, Finding]] = {}
        self._marks: Counter[Mark] = Counter()
        self._all_muted: tuple[Muted, ...] | None = ()

    # -- changing ------------------------------------------------------------------------------------------

    def replace(self, about: Judged, shown: Iterable[Finding], muted: Iterable[Muted]) -> bool:
        """What is told of one object from now on; whether that is anything else than before."""
        now, silent = list(shown), list(muted)
        if len(now) > 1:
            now.sort(key=_urgency)
        if len(silent) > 1:
            silent.sort(key=lambda one: _urgency(one.finding))
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
        heading = self._worst.setdefault(about[:3], {})
        tally = self._tally.setdefault(about[:3], Counter())
        if (worst := heading.pop(about, None)) is not None:
            tally[worst] -= 1
        if now:
            heading[about] = mark_of(now[0])
            tally[heading[about]] += 1
        if silent != silent_before:
            self._all_muted = None
        return True

    def _note(self, finding: Finding) -> None:
        mark = mark_of(finding)
        self._marks[mark] += 1
        self._by_id[finding.id] = finding
        self._by_rule.setdefault((mark, finding.rule), {})[finding.id] = finding
        if (listing := self._listings.get((mark, finding.rule))) is not None:
            listing.add(_order_of(finding), finding.id)
        about = judged(finding.object)
        self._marked.setdefault(mark, {}).setdefault(about[:3], Counter())[about[3]] += 1
        for ref in finding.related:
            self._naming.setdefault(judged(ref), {})[finding.id] = finding

    def _forget(self, finding: Finding) -> None:
        mark = mark_of(finding)
        self._marks[mark] -= 1
        self._by_id.pop(finding.id, None)
        alike = self._by_rule[mark, finding.rule]
        alike.pop(finding.id, None)
        if (listing := self._listings.get((mark, finding.rule))) is not None:
            listing.remove(_order_of(finding))
        about = judged(finding.object)
        names = self._marked[mark][about[:3]]
        names[about[3]] -= 1
        if not names[about[3]]:
            del names[about[3]]
        if not alike:
            del self._by_rule[mark, finding.rule]
        for ref in finding.related:
            naming = self._naming.get(judged(ref), {})
            naming.pop(finding.id, None)
            if not naming:
                self._naming.pop(judged(ref), None)

    # -- asking --------------------------------------------------------------------------------------------

    def shown(self) -> tuple[Finding, ...]:
        """Everything that is not muted, the worst first, then in the order of the catalogue."""
        everything = (finding for found in self._by_rule.values() for finding in found.values())
        return tuple(sorted(everything, key=place_of))

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

    def troubled_regions(self, kind: str, account: str) -> list[str]:
        """The regions where any of a kind was told of, by name."""
        return sorted(str(of[2]) for of in self._worst if of[:2] == (kind, account))

    def tally(self, account: str, kind: str | None = None, region: str | None = None) -> dict[Mark, int]:
        """How many objects of an account (of a kind, of a region) have each mark as their worst one."""
        counted: Counter[Mark] = Counter()
        for group, tally in self._tally.items():
            if group[1] == account and kind in (None, group[0]) and region in (None, group[2]):
                counted.update(tally)
        return {mark: counted[mark] for mark in MARKS if counted[mark]}

    def with_mark(self, mark: Mark) -> dict[Group, AbstractSet[str]]:
        """The ids of the objects of which something is told with this mark, by kind, account and region."""
        return {group: frozenset(names) for group, names in self._marked.get(mark, {}).items() if names}

    def of_rules(self, rules: Iterable[str]) -> dict[Group, AbstractSet[str]]:
        """The ids of the objects of which any of these rules tells something."""
        found: dict[Group, set[str]] = {}
        wanted = frozenset(rules)
        for (_, rule), alike in self._by_rule.items() if wanted else ():
            for finding in alike.values() if rule in wanted else ():
                about = judged(finding.object)
                found.setdefault(about[:3], set()).add(about[3])
        return dict(found)

    def listing(self, mark: Mark, rule: str) -> Listing:
        """The ids of what a rule tells with one mark, in the order of the objects' names."""
        known = self._listings.get((mark, rule))
        if known is None:
            found = self._by_rule.get((mark, rule), {})
            placed = ((_order_of(one), one.id) for one in found.values())
            known = self._listings[mark, rule] = Listing(self._order_of, placed)
        return known

    def _order_of(self, finding_id: str) -> str | None:
        finding = self._by_id.get(finding_id)
        return _order_of(finding) if finding is not None else None


def _urgency(finding: Finding) -> tuple[int, object]:
    return MARKS.index(mark_of(finding)), place_of(finding)


def _order_of(finding: Finding) -> str:
    about = finding.object
    return f"{about.name.casefold()}\0{about.region or ''}\0{about.id}\0{finding.id}"


def _put(where: dict[Judged, list[Entry]], about: Judged, entries: list[Entry]) -> None:
    if entries:
        where[about] = entries
    else:
        where.pop(about, None)
