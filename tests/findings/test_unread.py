"""What could not be read is unknown: of the demo's company one listing after the other is denied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

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
from instance_profiles.inventory.model import Batch
from instance_profiles.inventory.passing import look
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    CALLER_IDENTITY,
    REGIONS,
    SCALING_ACTIVITIES,
    SOURCES,
)
from tests.aws.surroundings import isolate

if TYPE_CHECKING:
    from pathlib import Path

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import LoadEvent

ON_EVIDENCE = {
    AUTO_SCALING_GROUPS: ("profile-not-visible-to-ec2",),
    SCALING_ACTIVITIES: ("profile-not-visible-to-ec2",),
}
"""Rules that tell of what somebody else met with, and would otherwise have to doubt everything."""
_EVENTS: list[LoadEvent] = []
STARTED = 1_790_000_000.0
LOOKED_AT = Clock(STARTED + 200)


@pytest.fixture
async def events(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[LoadEvent]:
    """What a load of the demo brings, read over HTTP once."""
    if not _EVENTS:
        isolate(monkeypatch, tmp_path)
        for variable, path in write_demo_aws_config(tmp_path).items():
            monkeypatch.setenv(variable, path)
        world = load_fleet("demo", Clock(STARTED))
        async with serve(world) as url, AwsAccount(Connection(endpoint_url=url)) as account:
            _EVENTS.extend([event async for event in load(account)])
    return _EVENTS


def judged(events: list[LoadEvent]) -> tuple[Finding, ...]:
    """As somebody who looks after more than three minutes at what was on its way at first."""
    inventory = Inventory(Clock(STARTED).moment)
    for event in events:
        inventory.take(event)
    look(inventory, Clock(STARTED).moment())
    return evaluate(inventory, LOOKED_AT.moment())


def denied(events: list[LoadEvent], source: str) -> list[LoadEvent]:
    """The same, had the source been denied in every region."""

    def one(event: LoadEvent) -> LoadEvent:
        if not isinstance(event, Batch) or event.coverage.source != source:
            return event
        coverage = msgspec.structs.replace(event.coverage, state="denied", cause="Not authorized.")
        return Batch(coverage, ())

    return [one(event) for event in events]


def _is_doubt_of(finding: Finding, doubt: Finding) -> bool:
    """Whether an unknown is about the object of a finding, or about the region or account it is in."""
    if doubt.rule != finding.rule or doubt.object.account != finding.object.account:
        return False
    if doubt.object.kind not in ("account", "region"):
        return doubt.object == finding.object
    return (
        None in (doubt.object.region, finding.object.region) or doubt.object.region == finding.object.region
    )


@pytest.mark.parametrize("source", [s for s in SOURCES if s not in (CALLER_IDENTITY, REGIONS)])
def test_nothing_that_rests_on_it_looks_clean(events: list[LoadEvent], source: str) -> None:
    whole, part = judged(events), judged(denied(events, source))
    still = {finding.id for finding in part if finding.verdict == "present"}
    unknown = [finding for finding in part if finding.verdict == "unknown"]
    lost = [
        f"{finding.rule} {finding.object.name}"
        for finding in whole
        if finding.id not in still and not any(_is_doubt_of(finding, doubt) for doubt in unknown)
    ]
    assert [told for told in lost if told.partition(" ")[0] not in ON_EVIDENCE.get(source, ())] == []
    assert {finding.rule for finding in unknown} <= {
        rule.id for rule in RULES.values() if source in rule.needs
    }


@pytest.mark.parametrize("source", [s for s in SOURCES if s not in (CALLER_IDENTITY, REGIONS)])
def test_no_fault_is_made_up_because_of_it(events: list[LoadEvent], source: str) -> None:
    whole, part = judged(events), judged(denied(events, source))
    faults = {finding.id for finding in whole}
    made_up = {
        f"{finding.rule} {finding.object.name}"
        for finding in part
        if finding.verdict == "present"
        and finding.id not in faults
        and finding.rule != "caller-browse-partial"
    }
    assert made_up == set()
