"""The catalogue is complete, in order, and each rule can be read about."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

from instance_profiles.findings import rules
from instance_profiles.findings.catalogue import CATALOGUE, RULES, TOPICS, dependents
from instance_profiles.findings.rule import Rule
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES, SOURCES

if TYPE_CHECKING:
    from instance_profiles.findings.topic import Topic

EXPECTED = [
    "profile-without-role",
    "profile-orphaned",
    "profile-quota-near",
    "profile-quota-exhausted",
    "profile-name-role-mismatch",
    "profile-reference-path-in-name",
    "profile-not-visible-to-ec2",
    "profile-in-service-ownership",
    "profile-shared-wide",
    "role-in-many-profiles",
    "profile-role-changed-recently",
    "role-trust-missing-ec2",
    "role-trust-explicit-deny",
    "role-trust-condition",
    "role-trust-wrong-action",
    "role-trust-wrong-partition-principal",
    "role-trust-dead-principal",
    "role-boundary-blocks",
    "role-sessions-revoked",
    "role-quarantined",
    "role-service-linked-in-profile",
    "role-no-permissions",
    "role-unused",
    "role-admin-on-instance",
    "role-self-assume-denied",
    "instance-no-profile",
    "instance-profile-deleted",
    "instance-profile-stale-id",
    "instance-profile-empty",
    "instance-role-untrusted",
    "instance-imds-disabled",
    "instance-imds-hop-limit",
    "instance-imdsv1-allowed",
    "instance-imds-pending",
    "instance-state-blocks-change",
    "instance-managed-by-service",
    "instances-hidden",
    "instance-drift-from-launch-template",
    "instance-ssm-unmanaged",
    "association-in-transition",
    "association-stuck-associating",
    "association-stuck-disassociating",
    "association-multiple-active",
    "association-projection-mismatch",
    "association-orphan",
    "lt-profile-missing",
    "lt-profile-empty",
    "lt-profile-other-account",
    "lc-profile-missing",
    "asg-launch-failing-profile",
    "spot-fleet-profile-missing",
    "ec2-fleet-profile-missing",
    "caller-is-root",
    "caller-browse-partial",
    "chain-duration-over-1h",
    "duration-over-role-max",
    "duration-invalid",
    "chain-loop",
    "chain-source-missing",
    "chain-both-sources",
    "chain-no-source",
    "chain-bad-credential-source",
    "chain-source-no-credentials",
    "env-shadows-profile",
]


EXPECTED_TOPICS = [
    "profile-delete-blocked-by-role",
    "profile-already-exists",
    "profile-role-slot-full",
    "role-unmodifiable",
    "role-delete-blocked",
    "association-replace-on-stopped",
    "association-id-stale",
    "association-already-exists",
    "service-reference-broken",
    "caller-no-identity-allow",
    "caller-identity-explicit-deny",
    "caller-permissions-boundary",
    "caller-session-policy",
    "caller-scp",
    "caller-rcp",
    "caller-vpce-policy",
    "caller-resource-policy",
    "caller-role-trust",
    "caller-plain-denied",
    "caller-passrole-denied",
    "caller-associate-condition",
    "caller-launch-denied",
    "caller-encoded-message",
    "caller-admin-or-root-denied",
    "caller-getsessiontoken-no-mfa",
    "caller-mfa-required",
    "caller-credentials-missing",
    "caller-credentials-expired",
    "caller-credentials-invalid",
    "caller-region-disabled",
    "caller-throttled",
    "self-profile-imds-role-untrusted",
]


def test_the_rules_and_their_order() -> None:
    assert list(RULES) == EXPECTED


def test_the_topics_and_their_order() -> None:
    assert list(TOPICS) == EXPECTED_TOPICS


def test_rules_and_topics_stand_in_one_order() -> None:
    assert CATALOGUE.keys() == RULES.keys() | TOPICS.keys()
    assert [entry.order for entry in CATALOGUE.values()] == sorted(e.order for e in CATALOGUE.values())


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_only_recipes_that_exist_are_named(entry: Rule | Topic) -> None:
    assert set(entry.fixes) <= RECIPES.keys()


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


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())
def test_each_topic_has_a_page_with_everything_on_it(topic: Topic) -> None:
    page = topic.page()
    for part in (topic.id, topic.title, topic.meaning, topic.detection, topic.false_positives, topic.source):
        assert part in page
    for text in (*topic.error_texts, *topic.fixes, *topic.ways.values(), *topic.steps, *topic.needs):
        assert text in page
    assert topic.steps
    assert topic.error_texts
    assert topic.source.startswith("https://")
    assert ("No listing shows it" in page) == (topic.seen == "error")
    assert "  " not in page


def test_what_rests_on_a_source() -> None:
    assert "profile-without-role" in dependents()[INSTANCE_PROFILES]
    assert "profile-orphaned" in dependents()[INSTANCES]
    assert "chain-loop" not in dependents()[INSTANCES]
