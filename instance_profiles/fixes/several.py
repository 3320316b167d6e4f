"""Many findings, one batch: the plans of single fixes, without doubles, and never two at one object.

What cannot be part of a batch is left out with the reason: blocked, guessed, or at odds with another fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.finding import Finding
from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.offers import offers
from instance_profiles.fixes.plan import BlastRadius, CannotPlan, Plan
from instance_profiles.fixes.touching import Thing, region_of, relied_on, signatures, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef

DELETING = ("DeleteInstanceProfile", "DeleteRole")
"""Calls after which an object does not come back as it was."""


class Item(msgspec.Struct, frozen=True):
    """One fix of a batch. `findings` are the ids of all findings that it settles, its own first."""

    plan: Plan
    findings: tuple[str, ...]

    @property
    def region(self) -> str | None:
        return region_of(self.plan)

    @property
    def deletes(self) -> bool:
        return any(call.operation in DELETING for call in self.plan.calls)


class Planned(msgspec.Struct, frozen=True):
    """A finding with the plan of its fix, before it is known whether that can be part of a batch."""

    finding: Finding
    plan: Plan


class LeftOut(msgspec.Struct, frozen=True):
    """A finding that the batch leaves alone, and why in one sentence; `recipe` where one was tried."""

    finding: Finding
    reason: str
    recipe: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """What to apply, in the order account, region, name; `undoes` is the batch that this one takes back."""

    title: str
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...] = ()
    blast_radius: BlastRadius = BlastRadius()
    undoes: str | None = None

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.plan.account for item in self.items))

    @property
    def permissions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for item in self.items for name in item.plan.permissions))

    @property
    def calls(self) -> int:
        return sum(len(item.plan.steps) for item in self.items)

    @property
    def typed(self) -> str | None:
        """What the person types to go on, the number of fixes; None where a plain yes is enough.

        The number is what a slip of the mark makes wrong, and no name of one object says it.
        """
        asks = any(item.plan.typed_name is not None for item in self.items)
        return str(len(self.items)) if asks else None


def build_batch(
    findings: Iterable[Finding],
    inventory: Inventory,
    ways: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Batch:
    """One batch over the findings; `ways` names the recipe by rule where it is not the first that works.

    `answers` go to every recipe that needs them. Pure, as the plans themselves are.
    """
    return batch_of(planned(findings, inventory, ways or {}, answers or {}), inventory)


def planned(
    findings: Iterable[Finding],
    inventory: Inventory,
    ways: Mapping[str, str],
    answers: Mapping[str, str],
) -> Iterator[Planned | LeftOut]:
    """The plan of each finding, one after the other: thousands take a while."""
    for finding in dict.fromkeys(findings):
        yield _planned(finding, inventory, ways.get(finding.rule), answers)


def batch_of(parts: Iterable[Planned | LeftOut], inventory: Inventory) -> Batch:
    """The batch made of single plans: doubles merged, and of two that meet at an object the first kept."""
    parts = tuple(parts)
    left_out = [part for part in parts if isinstance(part, LeftOut)]
    plans = [part for part in parts if isinstance(part, Planned)]
    # A plan whose calls are all part of another one is no fix of its own: the larger one is taken first.
    kept = _Kept()
    for one in sorted(plans, key=lambda one: -len(one.plan.steps)):
        reason = kept.take(one.plan)
        if reason is not None:
            left_out.append(LeftOut(one.finding, reason, one.plan.recipe))
    made = Batch("", (), tuple(left_out))
    return with_items(made, sorted(kept.items(), key=_place), inventory)


def with_items(batch: Batch, items: Iterable[Item], inventory: Inventory) -> Batch:
    """The batch with these items alone, and what they reach together."""
    kept = tuple(items)
    radius = merged_radius([item.plan.blast_radius for item in kept], inventory)
    title = batch.title if batch.undoes else title_of(kept)
    return msgspec.structs.replace(batch, title=title, items=kept, blast_radius=radius)


def title_of(items: Iterable[Item]) -> str:
    """`12 × Delete the instance profile`, or `12 fixes` where they are not alike."""
    items = list(items)
    names = {item.plan.recipe for item in items}
    recipe = RECIPES.get(next(iter(names))) if len(names) == 1 else None
    if recipe is not None:
        return f"{len(items)} × {recipe.title}"
    return "1 fix" if len(items) == 1 else f"{len(items)} fixes"


def merged_radius(radii: Iterable[BlastRadius], inventory: Inventory) -> BlastRadius:
    """What several changes reach together, each object once."""
    radii = list(radii)
    instances = _once(ref for radius in radii for ref in radius.instances)
    found = [inventory.instance(ref.account, ref.region or "", ref.id) for ref in instances]
    states = [instance.state for instance in found if instance is not None]
    known = len(states) == len(instances)
    return BlastRadius(
        instances,
        _once(ref for radius in radii for ref in radius.launch_templates),
        _once(ref for radius in radii for ref in radius.auto_scaling_groups),
        # Without a load the plans alone know how many run; what two of them reach then counts twice.
        states.count("running") if known else sum(radius.running for radius in radii),
        states.count("stopped") if known else sum(radius.stopped for radius in radii),
    )


def _planned(
    finding: Finding, inventory: Inventory, recipe: str | None, answers: Mapping[str, str]
) -> Planned | LeftOut:
    if finding.verdict == "unknown":
        return LeftOut(finding, f"It could not be judged: {finding.cause}.")
    try:
        plan = _build(recipe, finding, inventory, answers) if recipe else _best(finding, inventory, answers)
    except CannotPlan as refusal:
        return LeftOut(finding, str(refusal), recipe)
    if not plan.steps:
        return LeftOut(finding, "Nothing has to be sent for it.", plan.recipe)
    if plan.guessed:
        # Nobody looks at each of a hundred guesses.
        key = plan.guessed[0].replace("-", " ")
        return LeftOut(finding, f"Nothing says which {key} is the right one; fix it by itself.", plan.recipe)
    if plan.alone:
        return LeftOut(finding, plan.alone, plan.recipe)
    return Planned(finding, plan)


def _best(finding: Finding, inventory: Inventory, answers: Mapping[str, str]) -> Plan:
    """The plan of the first recipe that works; raises CannotPlan as the preferred one does."""
    first: CannotPlan | None = None
    for name in finding.fixes:
        if name not in RECIPES:
            continue
        try:
            return _build(name, finding, inventory, answers)
        except CannotPlan as refusal:
            first = first or refusal
    for offer in offers(finding, inventory):
        if offer.blocked is None and offer.recipe not in finding.fixes:
            return _build(offer.recipe, finding, inventory, answers)
    raise first or CannotPlan(f"iptui has no fix for {finding.rule}.")


def _build(recipe: str, finding: Finding, inventory: Inventory, answers: Mapping[str, str]) -> Plan:
    found = RECIPES.get(recipe)
    keys = {need.key for need in found.needs} if found else set()
    return build_plan(
        recipe, finding, inventory, {key: value for key, value in answers.items() if key in keys}
    )


class _Kept:
    """The plans of a batch so far, and what they write and rely on."""

    def __init__(self) -> None:
        self._plans: list[tuple[Plan, list[str]]] = []
        self._by_call: dict[bytes, set[int]] = {}
        self._written: dict[Thing, int] = {}
        self._relied_on: dict[Thing, int] = {}

    def take(self, plan: Plan) -> str | None:
        """Keep the plan, or count it to the one that makes its calls already; the reason where neither."""
        calls = signatures(plan)
        same = set.intersection(*(self._by_call.get(call, set()) for call in calls))
        if same:
            self._plans[min(same)][1].append(plan.finding)
            return None
        writes, uses = written(plan), relied_on(plan)
        met = [self._written[thing] for thing in writes | uses if thing in self._written]
        met += [self._relied_on[thing] for thing in writes if thing in self._relied_on]
        if met:
            other = self._plans[min(met)][0].title
            return f"It would meet another fix at the same object ({other}); look again after that."
        number = len(self._plans)
        self._plans.append((plan, [plan.finding]))
        for call in calls:
            self._by_call.setdefault(call, set()).add(number)
        self._written.update(dict.fromkeys(writes, number))
        self._relied_on.update(dict.fromkeys(uses, number))
        return None

    def items(self) -> list[Item]:
        return [Item(plan, tuple(findings)) for plan, findings in self._plans]


def _place(item: Item) -> tuple[str, str, str, str]:
    plan = item.plan
    return (plan.account, item.region or "", plan.subject.name.casefold(), plan.subject.id)


def _once(refs: Iterable[ObjectRef]) -> tuple[ObjectRef, ...]:
    found = {(ref.kind, ref.account, ref.region, ref.id): ref for ref in refs}
    return tuple(found.values())
