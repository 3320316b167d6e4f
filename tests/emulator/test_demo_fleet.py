"""The demo fleet: its size, that it is the same at every start, and that what is planted is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomli

from instance_profiles.emulator.demo_config import write_demo_aws_config
from instance_profiles.emulator.fleet import load_fleet
from instance_profiles.emulator.trust import ec2_may_assume

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World

EXPECTED = tomli.loads(Path(__file__).with_name("demo.expected.toml").read_text(encoding="utf-8"))
PRESENT = EXPECTED["present"]


@pytest.fixture(scope="module")
def demo() -> World:
    return load_fleet("demo")


def _instances(demo: World) -> dict[str, str]:
    """Region/name by id; names of scaling groups repeat."""
    return {
        instance.id: f"{region.name}/{instance.tags['Name']}"
        for region in demo.account.regions.values()
        for instance in region.instances.values()
    }


def test_it_is_a_company_of_some_size(demo: World):
    regions = demo.account.regions.values()
    assert len(demo.regions) == 4
    assert sum(len(region.instances) for region in regions) >= 60
    assert len(demo.account.instance_profiles) >= 30
    assert len(demo.account.roles) >= 40
    assert sum(len(region.launch_templates) for region in regions) >= 10
    assert sum(len(region.scaling_groups) for region in regions) >= 5
    assert sum(len(region.launch_configurations) for region in regions) == 2


def test_it_is_the_same_at_every_start(demo: World):
    again = load_fleet("demo")
    assert _instances(again) == _instances(demo)
    for region in demo.account.regions.values():
        same = again.account.region(region.name)
        assert list(same.associations) == list(region.associations)
        assert list(same.launch_templates) == list(region.launch_templates)
    for mine, other in (
        (demo.account.roles, again.account.roles),
        (demo.account.instance_profiles, again.account.instance_profiles),
    ):
        assert {key: value.id for key, value in mine.items()} == {k: v.id for k, v in other.items()}


def test_profiles_planted_without_role_and_orphaned(demo: World):
    profiles = demo.account.instance_profiles.values()
    assert [p.name for p in profiles if p.role is None] == PRESENT["profile-without-role"]
    used = {a.profile.arn for r in demo.account.regions.values() for a in r.associations.values()}
    named = {
        value.rpartition("/")[2]
        for region in demo.account.regions.values()
        for template in region.launch_templates.values()
        for version in template.versions.values()
        for value in version.data.get("IamInstanceProfile", {}).values()
    } | {
        configuration.instance_profile.rpartition("/")[2]
        for region in demo.account.regions.values()
        for configuration in region.launch_configurations.values()
    }
    unused = [p.name for p in profiles if p.arn not in used and p.name not in named]
    assert unused == PRESENT["profile-orphaned"]


def test_roles_planted_untrusted_and_without_permissions(demo: World):
    inside = [p.role for p in demo.account.instance_profiles.values() if p.role]
    untrusted = {role.name for role in inside if not ec2_may_assume(role, "aws")}
    rules = ("missing-ec2", "explicit-deny", "wrong-action", "wrong-partition-principal")
    assert untrusted == {
        *(name for rule in rules for name in PRESENT[f"role-trust-{rule}"]),
        *PRESENT["role-service-linked-in-profile"],
    }
    bare = [role.name for role in inside if not role.attached and not role.inline]
    assert bare == PRESENT["role-no-permissions"]


def test_instances_planted_without_profile_and_with_one_that_was_deleted(demo: World):
    names = _instances(demo)
    known = {(p.arn, p.id) for p in demo.account.instance_profiles.values()}
    arns = {p.arn for p in demo.account.instance_profiles.values()}
    found: dict[str, set[str]] = {"none": set(), "deleted": set(), "stale": set()}
    for region in demo.account.regions.values():
        for instance in region.instances.values():
            shown = instance.shown_profile
            if shown is None:
                found["none"].add(names[instance.id])
            elif (shown.arn, shown.id) not in known:
                found["stale" if shown.arn in arns else "deleted"].add(names[instance.id])
    assert found == {
        "none": set(PRESENT["instance-no-profile"]),
        "deleted": set(PRESENT["instance-profile-deleted"]),
        "stale": set(PRESENT["instance-profile-stale-id"]),
    }


def test_associations_planted(demo: World):
    names = _instances(demo)
    unusual, per_instance = set(), Counter[str]()
    for region in demo.account.regions.values():
        for association in region.associations.values():
            per_instance[names[association.instance_id] + association.instance_id] += 1
            if association.state != "associated":
                unusual.add(f"{region.name}/{association.id}")
    first_seen = EXPECTED["at-first-sight"]["association-in-transition"]
    assert unusual == {*PRESENT["association-stuck-associating"], *first_seen}
    crowded = [name for name, count in per_instance.items() if count > 1]
    assert [name.rpartition("i-")[0] for name in crowded] == PRESENT["association-multiple-active"]


def test_no_fault_of_a_chain_depends_on_the_persons_own_files(tmp_path: Path):
    variables = write_demo_aws_config(tmp_path)
    assert {Path(value).parent for value in variables.values()} == {tmp_path}
    text = Path(variables["AWS_CONFIG_FILE"]).read_text(encoding="utf-8")
    for rule, names in PRESENT.items():
        if rule.startswith("chain-"):
            assert all(f"[profile {name}]" in text for name in names)


def test_files_with_keys_are_for_their_owner_only(tmp_path: Path):
    for value in write_demo_aws_config(tmp_path / "new").values():
        assert Path(value).stat().st_mode & 0o077 == 0
