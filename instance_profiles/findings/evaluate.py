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


def evaluate(inventory: Inventory, now: datetime) -> tuple[Finding, ...]:
    """All findings, most severe first, then in the order of the catalogue, then by object.

    `now` is when the associations were last read (UTC): how long one has been in transition counts from
    when it was first seen to then. Findings of verdict `unknown` carry severity `info`, so that none of
    them ever looks like a fault. The order in which the inventory came together makes no difference.
    """
    view = View(inventory, now, dependents())
    order = {rule_id: place for place, rule_id in enumerate(RULES)}
    found = [finding for rule in RULES.values() for finding in _judge(rule, view)]
    return tuple(
        sorted(
            found,
            key=lambda finding: (
                SEVERITIES.index(finding.severity),
                finding.verdict != "present",
                order[finding.rule],
                finding.object.account,
                finding.object.region or "",
                finding.object.name,
                finding.object.id,
            ),
        )
    )


def _judge(rule: Rule, view: View) -> Iterator[Finding]:
    yield from _unlisted(rule, view)
    for subject in rule.subjects(view):
        draft = rule.check(subject, view)
        if draft is not None:
            yield _finding(rule, subject.ref, draft)


def _unlisted(rule: Rule, view: View) -> Iterator[Finding]:
    """One unknown for each account, region and unidentified named profile that could not be listed."""
    missing: dict[ObjectRef, list[Coverage]] = {}
    for coverage in view.inventory.coverage.values():
        if coverage.source in rule.listings and coverage.state in ("denied", "failed"):
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


def _finding(rule: Rule, subject: ObjectRef, draft: Draft) -> Finding:
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
