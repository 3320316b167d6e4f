"""The catalogue is complete, in order, and each rule can be read about."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from instance_profiles.findings import rules
from instance_profiles.findings.catalogue import RULES, dependents
from instance_profiles.findings.rule import Rule
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES, SOURCES

EXPECTED = [
    "profile-without-role",
    "profile-orphaned",
    "profile-quota-near",
    "profile-name-role-mismatch",
    "role-trust-missing-ec2",
    "role-trust-explicit-deny",
    "role-no-permissions",
    "instance-no-profile",
    "instance-profile-deleted",
    "instance-profile-stale-id",
    "instance-profile-empty",
    "instance-role-untrusted",
    "instance-imds-disabled",
    "association-in-transition",
    "association-stuck-associating",
    "association-stuck-disassociating",
    "association-multiple-active",
    "lt-profile-missing",
    "lt-profile-empty",
    "caller-browse-partial",
    "chain-duration-over-1h",
    "chain-loop",
    "chain-source-missing",
    "chain-both-sources",
    "chain-no-source",
    "chain-bad-credential-source",
    "chain-source-no-credentials",
]


def test_the_rules_and_their_order() -> None:
    assert list(RULES) == EXPECTED


def test_a_file_is_named_for_its_rule() -> None:
    for module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        found = [
            value.id
            for value in vars(importlib.import_module(module.name)).values()
            if isinstance(value, Rule)
        ]
        name = module.name.rpartition(".")[2].replace("_", "-")
        assert found == [name] or name == "chains"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_each_rule_has_a_page_with_everything_on_it(rule: Rule) -> None:
    page = rule.page()
    for part in (rule.id, rule.title, rule.meaning, rule.detection, rule.false_positives, rule.source):
        assert part in page
    for text in (*rule.error_texts, *rule.fixes, *rule.ways.values(), *rule.needs):
        assert text in page
    assert rule.source.startswith("https://")
    assert set(rule.needs) <= set(SOURCES)
    assert set(rule.listings) <= set(rule.needs)
    assert "  " not in page


def test_what_rests_on_a_source() -> None:
    assert "profile-without-role" in dependents()[INSTANCE_PROFILES]
    assert "profile-orphaned" in dependents()[INSTANCES]
    assert "chain-loop" not in dependents()[INSTANCES]
