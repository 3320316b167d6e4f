"""The fix dialog over many problems: for each kind of problem a way, or leaving it alone; then the batch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Vertical

from instance_profiles.findings.catalogue import RULES
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.several import batch_of, planned
from tui.screens.batch import BatchScreen
from tui.store import MARKS, mark_of
from tui.words import counted
from widgets.choice import Choice, Choosable
from widgets.labelled import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.inventory import Inventory
    from widgets.severity import Glyphs

BEST, ALONE = "best", "alone"
WAY = 31
"""Cells of the box with a way: beside it stands which problem it is for."""
_AT_ONCE = 20
"""Plans made before the screen gets its turn again."""


class FixManyScreen(BatchScreen):
    """`problems` are findings of several objects; they are grouped by rule, the worst first."""

    def __init__(self, problems: Sequence[Finding], inventory: Inventory, glyphs: Glyphs) -> None:
        super().__init__(f"Fix {counted(len(problems), 'problem')}", glyphs)
        self._inventory = inventory
        self._by_rule: dict[str, list[Finding]] = {}
        for problem in sorted(problems, key=lambda one: MARKS.index(mark_of(one))):
            self._by_rule.setdefault(problem.rule, []).append(problem)
        self._ways = dict.fromkeys(self._by_rule, BEST)

    def head(self) -> Iterable[Widget]:
        with_ways = Vertical(
            *(
                Choice(glyphs=self.glyphs, width=WAY, id=f"way-{number}")
                for number in range(len(self._by_rule))
            ),
            id="form",
        )
        yield Labelled("Problems", with_ways)

    def start(self) -> None:
        for number, (rule, found) in enumerate(self._by_rule.items()):
            hint = f"{len(found)} × {RULES[rule].title}"
            self.query_one(f"#way-{number}", Choice).offer(_ways_of(found, hint))
        self._plan_all()

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        chosen = message.choice.id or ""
        if chosen.startswith("way-"):
            rule = list(self._by_rule)[int(chosen.removeprefix("way-"))]
            self._ways[rule] = message.value
            self._plan_all()

    @work(exclusive=True, group="plan")
    async def _plan_all(self) -> None:
        """Make the plans, a few at a time: thousands take a while."""
        wanted = [
            finding for rule, found in self._by_rule.items() if self._ways[rule] != ALONE for finding in found
        ]
        ways = {rule: way for rule, way in self._ways.items() if way not in (BEST, ALONE)}
        parts = []
        for number, part in enumerate(planned(wanted, self._inventory, ways, {}), start=1):
            parts.append(part)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        if wanted:
            self.show_batch(batch_of(parts, self._inventory))
        else:
            self.show_refusal("All of it is left alone.")


def _ways_of(found: Sequence[Finding], hint: str) -> list[Choosable]:
    """The ways that the findings of one rule have, and leaving them alone."""
    names = dict.fromkeys(name for finding in found for name in finding.fixes if name in RECIPES)
    best = RECIPES[next(iter(names))].title if len(names) == 1 else "The best way for each"
    ways = [Choosable(BEST, best, hint)]
    if len(names) > 1:
        ways += [Choosable(name, RECIPES[name].title, hint) for name in names]
    return [*ways, Choosable(ALONE, "Leave these alone", hint)]
