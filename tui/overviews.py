"""The Problem tab of a heading: which of the things below it are in trouble, or what a rule means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES
from instance_profiles.fixes.catalogue import RECIPES
from tui.held_up import held_up, places_by_cause
from tui.store import MARKS
from widgets.note import Block, Heading, Paragraph, Section, Way, Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instance_profiles.inventory.model import ObjectRef
    from tui.store import Mark, Store
    from tui.views.node import Member, Node

SHOWN = 12
"""Members named under one heading; more are counted."""
TITLES: dict[Mark, str] = {"error": "Errors", "warning": "Warnings", "info": "Notes", "unknown": "Unknown"}


def overview_of(store: Store, node: Node, keep: Callable[[ObjectRef], bool] | None = None) -> list[Block]:
    """The blocks for a place that stands for several things, of which only those that `keep` wants."""
    if node.rule is not None:
        return _rule(node.rule)
    if node.members is None:
        return []
    row = node.draw()
    blocks: list[Block] = [Heading(row.label, "" if row.total is None else f"{row.total:,}")]
    members = [one for one in node.members() if keep is None or one.ref is None or keep(one.ref)]
    for mark in MARKS:
        troubled = [member for member in members if member.mark == mark]
        if troubled:
            blocks.append(Section(TITLES[mark], _lines(troubled)))
    if len(blocks) == 1:
        calm = "Still reading; nothing wrong was seen so far." if store.loading else "Nothing is wrong here."
        blocks.append(Paragraph(calm))
    waiting = held_up(store.inventory) if store.loading else []
    for cause, places in places_by_cause(waiting).items():
        blocks.append(Section(cause.rstrip("."), _cut(places, len(places))))
    return blocks


def _lines(members: Sequence[Member]) -> tuple[str, ...]:
    rows = [member.draw() for member in members[:SHOWN]]
    return _cut([f"{row.label}  {row.cause or row.facts}" for row in rows], len(members))


def _cut(lines: Sequence[str], number: int) -> tuple[str, ...]:
    """The first lines, and how many there are beyond them of `number`."""
    more = (f"and {number - SHOWN:,} more",) if number > SHOWN else ()
    return (*lines[:SHOWN], *more)


def _rule(rule_id: str) -> list[Block]:
    rule = RULES[rule_id]
    blocks: list[Block] = [Heading(rule.title, "", rule.id), Paragraph(rule.meaning)]
    if rule.error_texts:
        blocks.append(Section("What people see", rule.error_texts))
    ways = tuple(Way("", RECIPES[name].title, why) for name, why in rule.ways.items() if name in RECIPES)
    if ways:
        blocks.append(Ways("Ways to fix it", ways))
    blocks.append(Section("Kept out as false alarms", (rule.false_positives,)))
    return blocks
