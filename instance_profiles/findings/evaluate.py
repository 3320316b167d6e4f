"""Running the rules over an inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES, dependents
from instance_profiles.findings.coverage import scope_of, thing, trouble_of
from instance_profiles.findings.finding import SEVERITIES, Finding, finding_id
from instance_profiles.findings.rule import Draft, Present, Rule
from instance_profiles.findings.view import View
from instance_profiles.findings.wording import cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage, ObjectRef

_ORDER = {rule_id: place for place, rule_id in enumerate(RULES)}


def evaluate(inventory: Inventory, now: datetime) -> tuple[Finding, ...]:
    """All findings, most severe first, then in the order of the catalogue, then by object.

    `now` is when the associations were last read (UTC): how long one has been in transition counts from
    when it was first seen to then. Findings of verdict `unknown` carry severity `info`, so that none of
    them ever looks like a fault. The order in which the inventory came together makes no difference.
    """
    view = View(inventory, now, dependents())
    found = [finding for rule in RULES.values() for finding in judge(rule, view)]
    return tuple(sorted([*unlisted(inventory), *found], key=place_of))


def place_of(finding: Finding) -> tuple[object, ...]:
    """What findings are sorted by."""
    about = finding.object
    return (
        SEVERITIES.index(finding.severity),
        finding.verdict != "present",
        _ORDER[finding.rule],
        about.account,
        about.region or "",
        about.name,
        about.id,
    )


def judge(rule: Rule, view: View) -> Iterator[Finding]:
    """What a rule says of the subjects in a view."""
    for subject in rule.subjects(view):
        draft = rule.check(subject, view)
        if draft is not None:
            yield finding_of(rule, subject.ref, draft)


def unlisted(inventory: Inventory) -> Iterator[Finding]:
    """What every rule says of places whose objects could not be listed: it is unknown there."""
    broken = [one for one in inventory.coverage.values() if one.state in ("denied", "failed")]
    for rule in RULES.values() if broken else ():
        yield from _unlisted(rule, broken)


def _unlisted(rule: Rule, broken: list[Coverage]) -> Iterator[Finding]:
    """One unknown for each account, region and unidentified named profile that could not be listed."""
    missing: dict[ObjectRef, list[Coverage]] = {}
    for coverage in broken:
        if coverage.source in rule.listings:
            missing.setdefault(scope_of(coverage), []).append(coverage)
    for scope, found in missing.items():
        ordered = sorted(found, key=lambda coverage: coverage.source)
        yield Finding(
            id=finding_id(rule.id, scope),
            rule=rule.id,
            severity="info",
            verdict="unknown",
            object=scope,
            cause=cut(f"{thing(ordered[0].source)} not read"),
            detail=f"Whether there is any {rule.title[0].lower()}{rule.title[1:]} is not known. "
            + " ".join(map(trouble_of, ordered)),
            source=rule.source,
        )


def finding_of(rule: Rule, subject: ObjectRef, draft: Draft) -> Finding:
    """The finding that a draft about a subject makes."""
    present = isinstance(draft, Present)
    return Finding(
        id=finding_id(rule.id, subject),
        rule=rule.id,
        severity=(draft.severity or rule.severity) if isinstance(draft, Present) else "info",
        verdict="present" if present else "unknown",
        object=subject,
        cause=cut(draft.cause),
        detail=draft.detail,
        related=draft.related,
        fixes=(rule.fixes if draft.fixes is None else draft.fixes) if isinstance(draft, Present) else (),
        source=rule.source,
    )
