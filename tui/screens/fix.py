"""The fix dialog: which problem, which way, what the way needs to be told; then the plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input, Static

from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.offers import Offer, candidates, offers
from instance_profiles.fixes.plan import CannotPlan
from tui.screens.plan import PlanScreen
from tui.store import mark_of
from widgets.choice import Choice, Choosable
from widgets.labelled import Labelled
from widgets.line_input import LineInput
from widgets.severity import STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.content import Content
    from textual.widget import Widget

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.recipe import Need
    from instance_profiles.inventory.inventory import Inventory
    from widgets.severity import Glyphs

NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})


class FixScreen(PlanScreen):
    """`problems` are the findings of what was selected, worst first; the first one is shown.

    `told` are answers that are known already, for those recipes that need them.
    """

    def __init__(
        self,
        problems: Sequence[Finding],
        inventory: Inventory,
        account: AwsAccount,
        glyphs: Glyphs,
        told: Mapping[str, str] = NOTHING_TOLD,
    ) -> None:
        super().__init__(f"Fix {problems[0].object.name}", account, glyphs)
        self._inventory = inventory
        self._told = told
        self._problems = list(problems)
        self._finding = problems[0]
        self._offers: tuple[Offer, ...] = ()
        self._recipe = ""
        self._answers: dict[str, str] = {}

    def head(self) -> Iterable[Widget]:
        if len(self._problems) == 1:
            yield Labelled("Problem", Static(self._problem_line(self._finding), markup=False))
        else:
            yield Labelled("Problem", Choice(glyphs=self.glyphs, width=72, id="problem"))
        yield Labelled("Fix", Choice(glyphs=self.glyphs, id="way"))
        yield Vertical(id="form")

    def start(self) -> None:
        if len(self._problems) > 1:
            items = [
                Choosable(f.id, f"{self.glyphs.of(mark_of(f))} {f.object.name}: {f.cause}")
                for f in self._problems
            ]
            self.query_one("#problem", Choice).offer(items)
        self._take_problem(self._finding)

    def _problem_line(self, finding: Finding) -> Content:
        mark = mark_of(finding)
        words = f"{self.glyphs.of(mark)} {finding.object.name}: {finding.cause}"
        return plain(words, STYLES[mark])

    def _take_problem(self, finding: Finding) -> None:
        self._finding = finding
        self._offers = offers(finding, self._inventory)
        items = [
            Choosable(
                offer.recipe, RECIPES[offer.recipe].title, offer.blocked or RECIPES[offer.recipe].summary
            )
            for offer in self._offers
        ]
        first = next((offer for offer in self._offers if offer.blocked is None), None)
        self.query_one("#way", Choice).offer(items, first.recipe if first else None)
        self._take_recipe(first.recipe if first else (self._offers[0].recipe if self._offers else ""))

    def _take_recipe(self, recipe: str) -> None:
        self._recipe = recipe
        needs = {need.key for need in RECIPES[recipe].needs} if recipe in RECIPES else set()
        self._answers = {key: value for key, value in self._told.items() if key in needs}
        self.call_later(self._draw_form)
        self._replan()

    async def _draw_form(self) -> None:
        """One row for each thing the recipe needs to be told."""
        form = self.query_one("#form", Vertical)
        await form.remove_children()
        recipe = RECIPES.get(self._recipe)
        if recipe is not None:
            await form.mount_all([self._field(need) for need in recipe.needs])
        for need in recipe.needs if recipe else ():
            found = candidates(self._recipe, need.key, self._finding, self._inventory)
            if found:
                items = [Choosable(c.value, c.label, c.hint) for c in found]
                fit = self._answers.get(need.key) or next((c.value for c in found if c.fit), None)
                self.query_one(f"#need-{need.key}", Choice).offer(items, fit)

    def _field(self, need: Need) -> Labelled:
        found = candidates(self._recipe, need.key, self._finding, self._inventory)
        if found:
            return Labelled(need.label, Choice(glyphs=self.glyphs, id=f"need-{need.key}"))
        field = LineInput(
            self._answers.get(need.key, ""),
            placeholder=need.hint or ("optional" if need.optional else "type a value"),
            id=f"need-{need.key}",
            classes="form",
        )
        return Labelled(need.label, field)

    def _replan(self) -> None:
        if not self._recipe:
            self.show_refusal("iptui knows no way to fix this.")
            return
        try:
            plan = build_plan(self._recipe, self._finding, self._inventory, self._answers)
        except CannotPlan as refusal:
            self.show_refusal(str(refusal))
        else:
            self.show_plan(plan)

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        chosen = message.choice.id or ""
        if chosen == "problem":
            self._take_problem(next(f for f in self._problems if f.id == message.value))
        elif chosen == "way":
            self._take_recipe(message.value)
        elif chosen.startswith("need-"):
            self._answers[chosen.removeprefix("need-")] = message.value
            self._replan()

    def on_input_changed(self, message: Input.Changed) -> None:
        chosen = message.input.id or ""
        if chosen.startswith("need-"):
            self._answers[chosen.removeprefix("need-")] = message.value
            self._replan()
