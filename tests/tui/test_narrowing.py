"""What contains something wanted is kept, found along the joins as by asking each object what it contains."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.large_inventory import NOW
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    AutoScalingInstance,
    ContainedRole,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    Role,
)
from tui import narrowing
from tui.listings import template_name
from tui.narrowing import Narrowing

ACCOUNTS = ("111111111111", "222222222222")
REGIONS = ("eu-west-1", "us-east-1")
SHARES = (0.0, 0.05, 0.5, 0.95, 1.0)
"""How many of a list are wanted: none, few, half, nearly all, all."""


def fleet_of(random: Random) -> Inventory:
    inventory = Inventory(lambda: NOW)
    for account in ACCOUNTS:
        fill(inventory, account, random)
    return inventory


def fill(inventory: Inventory, account: str, random: Random) -> None:
    """An account of some objects: some instance profiles were made anew, some instances are not listed."""
    roles = [f"AROA-{account}-{number}" for number in range(4)]
    for one in roles[1:]:
        inventory.put(Role(account, one, one, f"arn:{one}", "/", NOW, "{}"))
    references = []
    for number in range(random.choice((6, 20))):
        name = f"profile-{number}"
        ref = InstanceProfileRef(f"arn:aws:iam::{account}:instance-profile/{name}", f"AIPA-{account}-{name}")
        inside = random.choice([*roles, None])
        holds = ContainedRole(inside, inside, f"arn:{inside}", "/", NOW, "{}") if inside else None
        inventory.put(InstanceProfile(account, ref.id, name, ref.arn, "/", NOW, holds))
        references += [ref, InstanceProfileRef(ref.arn, f"{ref.id}-before")]
    for region in REGIONS:
        names = [f"i-{account}-{region}-{number}" for number in range(8)]
        for name in names[1:]:
            ref = random.choice([*references, None])
            inventory.put(Instance(account, region, name, f"arn:{name}", "running", "t3.nano", "a", NOW, ref))
        for number in range(5):
            name = f"iip-{account}-{region}-{number}"
            user, ref = random.choice(names), random.choice(references)
            inventory.put(Association(account, region, name, user, ref, "associated"))
        templates = [f"lt-{account}-{region}-{number}" for number in range(random.choice((1, 3)))]
        for number, template in enumerate(templates * 2):
            first = number < len(templates)
            named = random.choice(references).arn if random.random() < 0.5 else None
            if named and random.random() < 0.3:
                named = named.replace(account, random.choice(ACCOUNTS))  # nothing keeps people from that
            called = None if named else f"profile-{random.randrange(7)}"
            inventory.put(LaunchTemplateVersion(account, region, template, template, number, first, not first,
                                                NOW, named, called))  # fmt: skip
        for number in range(2):
            members = tuple(AutoScalingInstance(one, "InService") for one in random.sample(names, 2))
            template = LaunchTemplateSpecification(random.choice(templates), None,
                                                   random.choice(["$Latest", "$Default"]))  # fmt: skip
            name = f"group-{number}"
            inventory.put(AutoScalingGroup(account, region, name, f"arn:{name}", 2, (template,),
                                           instances=members))  # fmt: skip
            inventory.put(LaunchConfiguration(account, region, f"lc-{number}", f"arn:lc-{number}",
                                              random.choice(["profile-3", references[0].arn])))  # fmt: skip


def some_of(inventory: Inventory, random: Random) -> dict[tuple[str, str, str | None], set[str]]:
    """What is wanted: some of each list."""
    lists: dict[tuple[str, str, str | None], set[str]] = {}
    for table in (inventory.instances, inventory.associations, inventory.roles, inventory.instance_profiles,
                  inventory.launch_template_versions, inventory.auto_scaling_groups,
                  inventory.launch_configurations):  # fmt: skip
        for one in table:
            lists.setdefault((one.ref.kind, one.ref.account, one.ref.region), set()).add(one.ref.id)
    shares = {group: random.choice(SHARES) for group in lists}
    kept = {
        group: {name for name in sorted(names) if random.random() < shares[group]}
        for group, names in lists.items()
    }
    return {group: names for group, names in kept.items() if names}


class Asked:
    """Each object is asked what it has, holds, runs or launches; the plain way, and the slow one."""

    def __init__(self, inventory: Inventory, wanted: dict[tuple[str, str, str | None], set[str]]) -> None:
        self.inventory = inventory
        self.wanted = wanted
        groups = [group for group in inventory.auto_scaling_groups if self.wants(group)]
        self.members = {member.instance_id for group in groups for member in group.instances}
        self.launched = [
            version
            for group in groups
            for specification in group.launch_templates
            if (version := inventory.resolve(group.account, group.region, specification))
        ]
        associations = [one for one in inventory.associations if self.wants(one)]
        self.holders = {one.instance_id for one in associations} | self.members
        users = [one for one in inventory.instances if self.wants(one) or one.instance_id in self.holders]
        refs = [one.iam_instance_profile for one in (*users, *associations) if one.iam_instance_profile]
        self.used = {text for ref in refs for text in (ref.id, ref.arn)}

    def wants(self, item) -> bool:
        return item.ref.id in self.wanted.get((item.ref.kind, item.ref.account, item.ref.region), ())

    def wants_role(self, profile: InstanceProfile) -> bool:
        names = self.wanted.get(("role", profile.account, None), ())
        return profile.role is not None and profile.role.role_id in names

    def instance(self, one: Instance) -> bool:
        profile = self.inventory.instance_profile_of(one)
        has = profile is not None and (self.wants(profile) or self.wants_role(profile))
        return self.wants(one) or one.instance_id in self.holders or has

    def profile(self, one: InstanceProfile) -> bool:
        launchers = [
            *(version for version in self.inventory.launch_template_versions if self.wants(version)),
            *(configuration for configuration in self.inventory.launch_configurations
              if self.wants(configuration)),
            *self.launched,
        ]  # fmt: skip
        is_named = any(self.inventory.instance_profile_named_by(launcher) == one for launcher in launchers)
        is_used = bool(self.used & {one.instance_profile_id, one.arn})
        return self.wants(one) or self.wants_role(one) or is_named or is_used

    def role(self, one: Role) -> bool:
        return self.wants(one) or any(map(self.profile, self.inventory.instance_profiles_of(one)))

    def template(self, one: LaunchTemplateVersion) -> bool:
        named = self.inventory.instance_profile_named_by(one)
        launches = any(version.launch_template_id == one.launch_template_id for version in self.launched)
        return self.wants(one) or launches or (named is not None and self.wants(named))


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_all_that_contains_what_is_wanted_is_kept_and_nothing_else(random: Random) -> None:
    inventory = fleet_of(random)
    wanted = some_of(inventory, random)
    kept = Narrowing(inventory, wanted)
    for _ in kept.prepare():
        pass
    asked = Asked(inventory, wanted)
    for one in inventory.instances:
        assert (one.instance_id in kept.kept("instance", one.account, one.region)) == asked.instance(one), one
    for profile in inventory.instance_profiles:
        is_kept = profile.instance_profile_id in kept.kept("instance-profile", profile.account)
        assert is_kept == asked.profile(profile), profile
    for role in inventory.roles:
        assert (role.role_id in kept.kept("role", role.account)) == asked.role(role), role
    templates = {
        (version.account, template_name(version.region, version.launch_template_id))
        for version in inventory.launch_template_versions
        if asked.template(version)
    }
    assert {(one, name) for one in ACCOUNTS for name in kept.kept("launch-template", one)} == templates


def test_where_all_are_wanted_nothing_is_followed_or_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of what a common letter costs would be sets of a hundred thousand ids."""
    inventory = fleet_of(Random(1))
    lists = {
        ("instance", one, region): frozenset(inventory.instances.by_id(one, region))
        for one in ACCOUNTS
        for region in REGIONS
    }
    lists |= {
        ("instance-profile", one, None): frozenset(inventory.instance_profiles.by_id(one)) for one in ACCOUNTS
    }
    kept = Narrowing(inventory, lists)
    monkeypatch.setattr(inventory, "instances_of", lambda _: pytest.fail("an instance profile was followed"))
    monkeypatch.setattr(Narrowing, "_from_instances", lambda *_: pytest.fail("an instance was followed"))
    for _ in kept.prepare():
        pass
    for group, names in lists.items():
        assert kept.own(*group) is names
        assert kept.kept(*group) is names


def test_following_goes_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "_STEP", 2)
    inventory = fleet_of(Random(1))
    names = {one.association_id for one in inventory.associations.at(ACCOUNTS[0], REGIONS[0])}
    kept = Narrowing(inventory, {("association", ACCOUNTS[0], REGIONS[0]): names})
    few = Narrowing(inventory, {("association", ACCOUNTS[0], REGIONS[0]): set(sorted(names)[:1])})
    assert sum(1 for _ in kept.prepare()) - sum(1 for _ in few.prepare()) >= len(names) // 2 - 1
