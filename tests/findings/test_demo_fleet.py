"""The demo's company, read over HTTP as AWS would be: exactly what is planted is found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomli

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.emulator.clock import Clock
from instance_profiles.emulator.demo_config import write_demo_aws_config
from instance_profiles.emulator.fleet import load_fleet
from instance_profiles.emulator.server import serve
from instance_profiles.findings.catalogue import RULES
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.passing import look
from instance_profiles.inventory.reread import reread
from tests.aws.surroundings import isolate

if TYPE_CHECKING:
    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import ObjectRef

EXPECTED = tomli.loads((Path(__file__).parent.parent / "emulator/demo.expected.toml").read_text("utf-8"))
"""What is planted, written beside the emulator's tests by who planted it."""

SECONDS_BETWEEN_LOOKS = 10

STARTED = 1_790_000_000.0


class Scan:
    """A load, and further looks at what is on its way, ten seconds apart by the emulator's clock."""

    def __init__(
        self, fleet: str, folder: Path, monkeypatch: pytest.MonkeyPatch, started: float = STARTED
    ) -> None:
        for variable, path in write_demo_aws_config(folder).items():
            monkeypatch.setenv(variable, path)
        self.clock = Clock(started)
        self.world = load_fleet(fleet, self.clock)
        self.inventory = Inventory(self.clock.moment)

    async def run(self, looks: int = 2) -> tuple[Finding, ...]:
        async with serve(self.world) as url, AwsAccount(Connection(endpoint_url=url)) as account:
            async for event in load(account):
                self.inventory.take(event)
            for _ in range(looks):
                self.clock.advance(SECONDS_BETWEEN_LOOKS)
                await reread(account, self.inventory, self._on_their_way())
        return evaluate(self.inventory, self.clock.moment())

    async def run_twice(self, seconds: float) -> tuple[Finding, ...]:
        """Two loads, as a person who reloads after a while."""
        async with serve(self.world) as url, AwsAccount(Connection(endpoint_url=url)) as account:
            for wait in (0.0, seconds):
                self.clock.advance(wait)
                async for event in load(account):
                    self.inventory.take(event)
                look(self.inventory, self.clock.moment())
        return evaluate(self.inventory, self.clock.moment())

    def _on_their_way(self) -> list[ObjectRef]:
        return [a.ref for a in self.inventory.associations if a.state in ("associating", "disassociating")]


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    isolate(monkeypatch, tmp_path)


def names(findings: tuple[Finding, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in findings:
        region = f"{finding.object.region}/" if finding.object.region else ""
        found.setdefault(finding.rule, []).append(f"{region}{finding.object.name}")
    return {rule: sorted(objects) for rule, objects in found.items()}


def expected(*parts: str) -> dict[str, list[str]]:
    return {rule: sorted(objects) for part in parts for rule, objects in EXPECTED[part].items()}


@pytest.mark.parametrize(("looks", "then"), [(0, "at-first-sight"), (2, "after-15-seconds")])
async def test_exactly_what_is_planted_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int, then: str
) -> None:
    findings = await Scan("demo", tmp_path, monkeypatch).run(looks)
    assert {finding.verdict for finding in findings} == {"present"}
    assert names(findings) == expected("present", then)


async def test_what_lasts_for_more_than_two_minutes_is_found_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = names(await Scan("demo", tmp_path, monkeypatch).run_twice(130))
    lasting = expected("after-two-minutes")
    assert {rule: found.get(rule) for rule in lasting} == lasting


NOT_OF_A_FLEET = {
    "caller-browse-partial",  # missing rights
    "caller-is-root",
    "env-shadows-profile",
    "profile-role-changed-recently",  # the journal of this machine
}


def test_every_rule_is_planted_that_a_fleet_can_hold() -> None:
    assert (
        expected("present", "after-15-seconds", "after-two-minutes").keys() == RULES.keys() - NOT_OF_A_FLEET
    )


async def test_how_severe_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = await Scan("demo", tmp_path, monkeypatch).run()
    mild = {(f.severity, f.rule, f.object.name) for f in findings if f.severity != "error"}
    assert {entry for entry in mild if not entry[1].startswith("association-")} == {
        ("warning", "profile-without-role", "staging-import"),
        ("warning", "profile-orphaned", "legacy-jenkins"),
        ("warning", "profile-orphaned", "staging-import"),
        ("warning", "profile-quota-near", "123456789012"),
        ("info", "profile-orphaned", "AWSServiceRoleForAutoScaling"),
        ("warning", "role-trust-wrong-action", "video-transcoder"),
        ("warning", "role-trust-wrong-partition-principal", "cn-mirror"),
        ("warning", "role-trust-dead-principal", "backup-agent"),
        ("warning", "role-no-permissions", "log-shipper"),
        ("warning", "role-boundary-blocks", "document-scan"),
        ("warning", "role-sessions-revoked", "vendor-sync"),
        ("warning", "role-service-linked-in-profile", "AWSServiceRoleForAutoScaling"),
        ("warning", "role-admin-on-instance", "jenkins-controller"),
        ("info", "role-unused", "legacy-jenkins"),
        ("info", "role-self-assume-denied", "terraform-runner"),
        ("info", "profile-name-role-mismatch", "search-indexer"),
        ("info", "profile-name-role-mismatch", "search-indexer-next"),
        ("warning", "profile-reference-path-in-name", "warehouse-loader"),
        ("warning", "profile-not-visible-to-ec2", "checkout"),
        ("info", "profile-in-service-ownership", "karpenter-node"),
        ("info", "profile-shared-wide", "ec2-default"),
        ("info", "role-in-many-profiles", "search-idx"),
        ("info", "instance-no-profile", "bastion-eu"),
        ("info", "instance-no-profile", "legacy-build-host"),
        ("warning", "instance-imds-hop-limit", "fraud-scoring"),
        ("info", "instance-imdsv1-allowed", "us-east-1"),
        ("info", "instance-state-blocks-change", "us-west-2"),
        ("info", "instance-managed-by-service", "eu-central-1"),
        ("info", "instances-hidden", "123456789012"),
        ("warning", "instance-drift-from-launch-template", "web-eu-debug"),
        ("warning", "instance-ssm-unmanaged", "mail-relay"),
        ("warning", "lc-profile-missing", "legacy-reports-2018"),
    }
    assert {entry[:2] for entry in mild if entry[1].startswith("association-")} == {
        ("warning", "association-stuck-disassociating"),
        ("info", "association-in-transition"),
    }


async def test_ids_are_the_same_at_every_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await Scan("demo", tmp_path, monkeypatch).run()
    second = await Scan("demo", tmp_path, monkeypatch, started=STARTED + 1e6).run()
    assert [finding.id for finding in first] == [finding.id for finding in second]


async def test_one_denied_listing_leaves_no_instance_profile_called_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = await Scan("demo-partial", tmp_path, monkeypatch).run()
    orphaned = [finding for finding in findings if finding.rule == "profile-orphaned"]
    assert {finding.verdict for finding in orphaned} == {"unknown"}
    assert sorted(finding.object.name for finding in orphaned)[-2:] == ["legacy-jenkins", "staging-import"]
    [partial] = [finding for finding in findings if finding.rule == "caller-browse-partial"]
    assert (partial.object.id, partial.cause) == ("eu-central-1", "launch configurations denied")
    assert "service control policy" in partial.detail
