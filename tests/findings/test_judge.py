"""Judging what a change reaches comes to the same as judging everything anew, whatever changes."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from benchmarks.large_inventory import LargeInventory
from instance_profiles.findings.evaluate import evaluate, place_of
from instance_profiles.findings.judge import PART, Judge
from instance_profiles.findings.reach import SOME
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import (
    AccountSummary,
    AttachedPolicy,
    Batch,
    Coverage,
    LocalConfig,
    ManagedPolicy,
    RoleDuration,
)
from instance_profiles.inventory.passing import look, look_at
from instance_profiles.inventory.sources import ASSOCIATIONS, GLOBAL_SOURCES, REGIONAL_SOURCES
from tests.findings.estate import ACCOUNT, NOW, Estate
from tests.findings.planters import PLANTERS, healthy, plant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import LoadEvent, Object
    from instance_profiles.inventory.passing import InRegion, Passing

SEEDS = range(3)
ANYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
IDENTITY = {
    "account", "region", "arn", "instance_id", "association_id", "instance_profile_id", "role_id", "fleet_id",
    "launch_template_id", "version_number", "auto_scaling_group_name", "launch_configuration_name", "kind",
    "activity_id", "instances",
}  # fmt: skip
"""Fields that make an object another one, and the members of a group, for no instance is in two; all others
may change."""


class Twins:
    """Two inventories with the same content: one judged by changes, the other as a whole."""

    def __init__(self) -> None:
        self.now = NOW
        self.changing, self.whole = Inventory(lambda: self.now), Inventory(lambda: self.now)
        self.judge = Judge(self.changing)

    @property
    def both(self) -> tuple[Inventory, Inventory]:
        return self.changing, self.whole

    def take(self, event: LoadEvent) -> None:
        for inventory in self.both:
            inventory.take(event)

    def put(self, item: Object) -> None:
        for inventory in self.both:
            inventory.put(item)

    def remove(self, item: Object) -> None:
        for inventory in self.both:
            inventory.remove(item)

    def judged(self) -> tuple[Finding, ...]:
        """What the one judged by changes says now."""
        assert self.judge.work(self.now)
        found = [one for of_object in self.judge.findings.values() for one in of_object.values()]
        return tuple(sorted([*self.judge.unlisted.values(), *found], key=place_of))

    def evaluated(self) -> tuple[Finding, ...]:
        look(self.whole, self.now)
        return evaluate(self.whole, self.now)


def troubled_estate(chance: random.Random) -> Estate:
    """One of every fault that can be planted, among healthy applications."""
    estate = Estate()
    rules: list[str | None] = [*PLANTERS, *[None] * 15]
    chance.shuffle(rules)
    for number, rule in enumerate(rules):
        if rule is None:
            healthy(estate, f"app{number}")
        else:
            plant(estate, rule, f"app{number}")
    return estate


def arrival(estate: Estate, chance: random.Random) -> list[LoadEvent]:
    """The events of a load, the listings in any order to one another."""
    streams = [list(reversed(stream)) for stream in estate.events()]
    turns = [stream for stream in streams for _ in stream]
    chance.shuffle(turns)
    return [stream.pop() for stream in turns]


def objects_of(inventory: Inventory) -> list[Object]:
    tables = (
        inventory.instance_profiles, inventory.roles, inventory.instances, inventory.associations,
        inventory.launch_template_versions, inventory.auto_scaling_groups, inventory.launch_configurations,
        inventory.managed_policies, inventory.resource_tags, inventory.scaling_activities, inventory.fleets,
        inventory.metadata_defaults, inventory.managed_nodes,
    )  # fmt: skip
    return list(itertools.chain.from_iterable(tables))


def crossed(item: Object, chance: random.Random, everything: list[Object]) -> Object:
    """The object with some value that another one of its kind has."""
    other = chance.choice([one for one in everything if type(one) is type(item)])
    fields = [name for name in item.__struct_fields__ if name not in IDENTITY]
    if not fields:
        return item
    name = chance.choice(fields)
    return msgspec.structs.replace(item, **{name: getattr(other, name)})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_load_judged_on_the_way_ends_as_one_judged_at_its_end(seed: int) -> None:
    chance = random.Random(seed)
    estate = troubled_estate(chance)
    twins = Twins()
    parts = itertools.cycle((True, False))
    for number, event in enumerate(arrival(estate, chance)):
        twins.take(event)
        if number % 40 == 0:
            twins.judge.work(twins.now, lambda: next(parts))
        if number % 250 == 0:
            assert twins.judged() == twins.evaluated()
            twins.now += timedelta(seconds=chance.choice((1, 20, 90)))
    for inventory in twins.both:
        inventory.take_role_changes(estate.role_changes)
    assert twins.judged() == twins.evaluated()
    assert {finding.rule for finding in twins.judged()} >= {"profile-without-role", "role-trust-missing-ec2"}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_change_of_any_object_is_told_as_by_judging_everything(seed: int) -> None:
    chance = random.Random(seed)
    twins = Twins()
    for event in arrival(troubled_estate(chance), chance):
        twins.take(event)
    everything = objects_of(twins.whole)
    for step in range(60):
        for _ in range(chance.choice((1, 1, 3))):
            item = chance.choice(everything)
            match chance.randrange(4):
                case 0:
                    twins.remove(item)
                case 1:
                    twins.put(item)
                case _:
                    twins.put(crossed(item, chance, everything))
        assert twins.judged() == twins.evaluated(), step
        twins.now += timedelta(seconds=chance.choice((0, 0, 5, 100, 90_000)))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_read_no_more_is_unknown_as_by_judging_everything(seed: int) -> None:
    chance = random.Random(seed)
    estate = troubled_estate(chance)
    twins = Twins()
    for event in arrival(estate, chance):
        twins.take(event)
    for step in range(40):
        source = chance.choice((*GLOBAL_SOURCES, *REGIONAL_SOURCES))
        region = None if source in GLOBAL_SOURCES else chance.choice(estate.asked)
        state = chance.choice(("loading", "denied", "failed", "disabled"))
        twins.take(Batch(Coverage(ACCOUNT, region, source, state, chance.choice((None, "Refused.")))))
        if step % 9 == 0:
            kept = tuple(one for one in estate.named_profiles if chance.random() < 0.7)
            twins.take(LocalConfig(kept, Coverage("", None, "local:aws-config", "complete")))
            twins.put(RoleDuration(ACCOUNT, chance.choice(list(twins.whole.roles)).arn, 3600))
            twins.put(AccountSummary(ACCOUNT, chance.randrange(1200), 1000, 5, 1000, 2048))
        assert twins.judged() == twins.evaluated(), step


def test_a_change_of_one_object_costs_what_it_reaches_and_not_what_there_is() -> None:
    def checks(applications: int, **change: object) -> int:
        estate = Estate()
        for number in range(applications):
            healthy(estate, f"app{number}")
        inventory = estate.inventory()
        judge = Judge(inventory)
        judge.work(NOW)
        before = judge.evaluations
        item = next(iter(inventory.instances))
        inventory.put(msgspec.structs.replace(item, **change))
        judge.work(NOW)
        return judge.evaluations - before

    assert 0 < checks(100, launch_time=NOW) == checks(10, launch_time=NOW) < 60


def test_that_an_instance_stops_does_not_judge_an_instance_profile_that_thousands_hold() -> None:
    inventory = Inventory(lambda: NOW)
    for event in LargeInventory(instances=200, profiles=1, faults=0).events():
        inventory.take(event)
    judge = Judge(inventory)
    judge.work(NOW)
    judge.take_profiles()
    item = next(one for one in inventory.instances if one.state == "running")
    inventory.put(msgspec.structs.replace(item, state="stopping"))
    judge.work(NOW)
    assert judge.take_profiles() == set()
    inventory.put(msgspec.structs.replace(item, state="terminated"))
    judge.work(NOW)
    assert len(judge.take_profiles()) == 1


@pytest.mark.parametrize("changed", ["role", "policy"])
def test_what_a_change_reaches_is_found_in_small_steps(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All instances may have the same role, and all roles the same policy."""
    twins = Twins()
    for event in LargeInventory(instances=3_000, profiles=1, faults=0).events():
        twins.take(event)
    [role] = twins.changing.roles
    policy = ManagedPolicy(role.account, f"arn:aws:iam::{role.account}:policy/all", "all", ANYTHING)
    role = msgspec.structs.replace(role, attached_policies=(AttachedPolicy("all", policy.arn),))
    twins.put(policy)
    twins.put(role)
    twins.judged()
    reached: list[int] = []

    def counted(inventory: Inventory, now: datetime, *keys: Collection[InRegion]) -> set[Passing]:
        reached.append(sum(map(len, keys)))
        return look_at(inventory, now, *keys)

    monkeypatch.setattr("instance_profiles.findings.judge.look_at", counted)
    if changed == "role":
        twins.put(msgspec.structs.replace(role, permissions_boundary_arn=policy.arn))
    else:
        twins.put(msgspec.structs.replace(policy, document=ANYTHING.replace('"*"', '"s3:*"', 1)))
    assert twins.judged() == twins.evaluated()
    assert sum(reached) >= len(twins.changing.instances)
    assert max(reached) <= PART + 2 * SOME


def test_a_large_inventory_judged_in_turns_with_its_pages_ends_as_one_judged_at_its_end() -> None:
    twins = Twins()
    for number, event in enumerate(LargeInventory(instances=3_000, profiles=400, faults=8).events()):
        twins.take(event)
        if number % 3 == 0:
            parts = iter([True] * 5)
            twins.judge.work(twins.now, lambda parts=parts: next(parts, False))
    assert len(twins.judged()) > 500
    assert twins.judged() == twins.evaluated()


def test_no_step_grows_with_the_inventory() -> None:
    def most_in_a_step(instances: int) -> int:
        """Checks between two looks at the clock, while all is judged that is there."""
        inventory = Inventory(lambda: NOW)
        for event in LargeInventory(instances, instances // 10).events():
            inventory.take(event)
        judge = Judge(inventory)
        seen = [0]
        judge.work(NOW, lambda: not seen.append(judge.evaluations))
        return max(after - before for before, after in itertools.pairwise(seen))

    small, large = most_in_a_step(2_000), most_in_a_step(8_000)
    assert 0 < large < small + 50 < 500


def test_a_listing_read_to_its_end_judges_only_what_waited_for_it() -> None:
    estate = Estate()
    for number in range(50):
        healthy(estate, f"app{number}")
    bare = plant(estate, "instance-no-profile", "bare")
    twins = Twins()
    for stream in estate.events():
        for event in stream:
            twins.take(event)
    assert bare in {one.object for one in twins.judged()}
    before = twins.judge.evaluations
    known = tuple(twins.whole.associations.at(ACCOUNT, bare.region))
    assert known
    for state, objects in (("loading", ()), ("loading", known), ("complete", ())):
        twins.take(Batch(Coverage(ACCOUNT, bare.region, ASSOCIATIONS, state), objects))
        assert (bare in {one.object for one in twins.judged()}) == (state == "complete")
        assert twins.judged() == twins.evaluated()
    assert 0 < twins.judge.evaluations - before < 30


def test_time_alone_judges_only_what_rests_on_it() -> None:
    estate = Estate()
    for number in range(50):
        healthy(estate, f"app{number}")
    moving = plant(estate, "association-stuck-associating", "slow")
    twins = Twins()
    for stream in estate.events():
        for event in stream:
            twins.take(event)
    twins.judged()
    before = twins.judge.evaluations
    twins.now += timedelta(minutes=5)
    assert moving in {one.object for one in twins.judged()}
    assert twins.judge.evaluations - before < 30


def test_nothing_is_left_to_do_after_nothing_changed() -> None:
    estate = Estate()
    healthy(estate, "shop")
    judge = Judge(estate.inventory())
    assert judge.work(NOW)
    judge.take_touched()
    before = judge.evaluations
    assert judge.work(NOW)
    assert (judge.evaluations, judge.take_touched()) == (before, set())
