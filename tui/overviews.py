"""The Problem tab of a heading: which of the things below it are in trouble, or what a rule means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES
from instance_profiles.fixes.catalogue import RECIPES
from tui.held_up import held_up, places_by_cause
from tui.store import MARKS
from widgets.note import Block, Heading, Paragraph, Section, Way, Ways

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.narrowing import Narrowing
    from tui.store import Mark, Store
    from tui.views.node import Node

SHOWN = 12
"""Things named under one heading; more are counted."""
TITLES: dict[Mark, str] = {"error": "Errors", "warning": "Warnings", "info": "Notes", "unknown": "Unknown"}


def overview_of(store: Store, node: Node, keep: Narrowing | None = None) -> list[Block]:
    """The blocks for a place that stands for several things, of which only those that `keep` wants."""
    if node.rule is not None:
        return _rule(node.rule)
    if node.troubled is None:
        return []
    row = node.draw()
    blocks: list[Block] = [Heading(row.label, "" if row.total is None else f"{row.total:,}")]
    troubled = node.troubled() if keep is None else node.troubled().narrowed(keep)
    counts = troubled.counts()
    for mark in MARKS:
        if number := counts[mark]:
            shown = [f"{one.label}  {one.cause or one.facts}" for one in troubled.first(mark, SHOWN)]
            blocks.append(Section(TITLES[mark], _cut(shown, number)))
    if len(blocks) == 1:
        blocks.append(Paragraph(still_reading(store) if store.loading else "Nothing is wrong here."))
    waiting = held_up(store.inventory) if store.loading else []
    for cause, places in places_by_cause(waiting).items():
        blocks.append(Section(cause.rstrip("."), _cut(places, len(places))))
    return blocks


def still_reading(store: Store) -> str:
    """What stands where nothing wrong is known before everything is read."""
    if store.picture is not None:
        return "Still reading; what was wrong the last time is judged anew."
    return "Still reading; nothing wrong was seen so far."


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
