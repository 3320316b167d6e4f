"""View 1, by problem: severity, then rule, then the objects that have it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES
from tui.store import MARKS, Mark, mark_of
from tui.troubled import RULE, Part, Troubled
from tui.views.node import Many, Node
from widgets.resource_tree import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.findings.scope import Judged
    from tui.narrowing import Narrowing
    from tui.store import Store

HEADINGS: dict[Mark, str] = {"error": "Errors", "warning": "Warnings", "info": "Notes", "unknown": "Unknown"}
MUTED_KEY = "problem/muted"


def roots(store: Store, shown: Callable[[], Mark | None]) -> Sequence[Node]:
    """One heading a severity; `shown` narrows to one of them."""
    nodes = []
    counts = store.counts()
    for mark in MARKS:
        if counts[mark] and shown() in (None, mark):
            row = Row(label=HEADINGS[mark], kind="group", total=counts[mark], severity=mark)
            nodes.append(
                Node(
                    f"problem/{mark}",
                    partial(_same, row),
                    children=partial(_rule_nodes, store, mark),
                    troubled=partial(_troubled, store, mark),
                )
            )
    if store.muted and shown() is None:
        nodes.append(_muted_node(store))
    return nodes


def _muted_node(store: Store) -> Node:
    """What is muted is always counted; it can be opened once it is asked for."""
    facts = "" if store.show_muted else "not shown"
    row = Row(label="Muted", kind="group", total=len(store.muted), facts=facts)
    below = partial(_muted_nodes, store.muted) if store.show_muted else None
    return Node(MUTED_KEY, partial(_same, row), children=below)


def _muted_nodes(muted: Sequence[Muted]) -> Sequence[Node]:
    ordered = sorted(muted, key=lambda one: (one.finding.object.name.casefold(), one.finding.id))
    return [
        Node(
            f"{MUTED_KEY}/{one.finding.id}",
            partial(_muted_row, one),
            one.finding.object,
            finding=one.finding.id,
        )
        for one in ordered
    ]


def _muted_row(muted: Muted) -> Row:
    """Without a sign of its severity: it asks for nothing."""
    finding = muted.finding
    facts = " ".join(part for part in (mark_of(finding), finding.object.region) if part)
    return Row(label=finding.object.name, kind="object", facts=facts, cause=finding.cause)


def _rule_nodes(store: Store, mark: Mark) -> Sequence[Node]:
    nodes = []
    by_rule = store.verdicts.rules(mark)
    for rule, found in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        key = f"problem/{mark}/{rule}"
        row = Row(label=RULES[rule].title, kind="object", facts=f"{len(found):,}", severity=mark)
        below = partial(_findings, store, key, mark, rule)
        nodes.append(Node(key, partial(_same, row), children=below, rule=rule))
    return nodes


def _troubled(store: Store, mark: Mark) -> Troubled:
    nodes: dict[Judged, Node] = {(RULE, "", None, str(node.rule)): node for node in _rule_nodes(store, mark)}
    part = Part(dict.fromkeys(nodes, mark), list(nodes).index)
    return Troubled([part], lambda about: nodes[about].draw())


def _findings(store: Store, under: str, mark: Mark, rule: str) -> Many:
    found = store.verdicts.rules(mark).get(rule, {})

    def make(finding_id: str) -> Node | None:
        finding = found.get(finding_id)
        if finding is None:
            return None
        key = f"{under}/{finding_id}"
        return Node(key, partial(_finding_row, finding), finding.object, finding=finding_id)

    def kept(narrowing: Narrowing) -> set[str]:
        return {name for name, finding in found.items() if narrowing(finding.object)}

    keys = store.verdicts.listing(mark, rule).keys(under)
    return Many(under, keys, make, opens=False, kept=kept, whole=lambda _: ())


def _finding_row(finding: Finding) -> Row:
    return Row(
        label=finding.object.name,
        kind="object",
        facts=finding.object.region or "",
        severity=mark_of(finding),
        cause=finding.cause,
    )


def _same(row: Row) -> Row:
    return row
