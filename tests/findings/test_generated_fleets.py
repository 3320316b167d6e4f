"""Thousands of objects with faults among them: each is told and nothing else, in any order of arrival."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest

from instance_profiles.findings.catalogue import RULES
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.passing import look
from tests.findings.estate import NOW, Estate
from tests.findings.planters import PLANTERS, healthy, plant

if TYPE_CHECKING:
    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import ObjectRef

APPLICATIONS = 600
SEEDS = (1, 7)
OF_THE_WHOLE_ACCOUNT = frozenset(
    {
        "profile-quota-near",
        "profile-quota-exhausted",
        "caller-is-root",
        "caller-browse-partial",
        "env-shadows-profile",
        "instance-imdsv1-allowed",
        "instance-state-blocks-change",
        "instances-hidden",
    }
)
"""Rules of which an account or a region has one at most, not one an application."""

Told = tuple[str, "ObjectRef"]


class Planted:
    """A fleet and what was planted in it: rule and object."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.estate = Estate()
        self.sown: dict[str, list[str]] = {rule: [] for rule in PLANTERS}
        self.faults: set[Told] = set()
        rules = [*PLANTERS, *chance.choices(sorted(PLANTERS), k=40), *[None] * APPLICATIONS]
        chance.shuffle(rules)
        for number, rule in enumerate(rules):
            name = f"app{number}"
            if rule is None:
                healthy(self.estate, name)
            else:
                self.sown[rule].append(name)
                self.faults.add((rule, plant(self.estate, rule, name)))


@cache
def fleet(seed: int) -> Planted:
    return Planted(seed)


@cache
def entailed(seed: int, rule: str) -> frozenset[Told]:
    """What the faults of one kind lead to where nothing else is around."""
    alone = Estate()
    for name in fleet(seed).sown[rule]:
        plant(alone, rule, name)
    return frozenset(told(alone.findings()))


def told(findings: list[Finding] | tuple[Finding, ...]) -> set[Told]:
    assert {finding.verdict for finding in findings} <= {"present"}
    return {(finding.rule, finding.object) for finding in findings}


def test_each_rule_has_a_planter() -> None:
    assert RULES.keys() - OF_THE_WHOLE_ACCOUNT == PLANTERS.keys()


@pytest.mark.parametrize("rule", PLANTERS)
def test_what_is_planted_alone_is_told(rule: str) -> None:
    estate = Estate()
    planted = plant(estate, rule, "shop")
    assert (rule, planted) in told(estate.findings())


def test_healthy_applications_have_no_findings() -> None:
    estate = Estate()
    for number in range(20):
        healthy(estate, f"app{number}")
    assert estate.findings() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_planted_fault_is_told_and_no_other(seed: int) -> None:
    planted = fleet(seed)
    found = told(planted.estate.findings())
    assert planted.faults - found == set()
    assert found == set().union(*(entailed(seed, rule) for rule in PLANTERS))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_in_which_pages_arrive_makes_no_difference(seed: int) -> None:
    planted = fleet(seed)
    chance = random.Random(seed)
    inventory = Inventory(lambda: NOW)
    streams = [list(reversed(stream)) for stream in planted.estate.events()]
    turns = [stream for stream in streams for _ in stream]
    chance.shuffle(turns)
    for stream in turns:
        inventory.take(stream.pop())
    inventory.take_role_changes(planted.estate.role_changes)
    look(inventory, planted.estate.seen_at)
    assert evaluate(inventory, NOW) == tuple(planted.estate.findings())
