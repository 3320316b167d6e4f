"""A company with the same faults many times over, in two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.clock import Clock
from instance_profiles.emulator.fleet import build_world
from instance_profiles.findings.evaluate import evaluate
from tests.fixes.estate import ACCOUNT, REGION, START

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.batch_outcome import BatchOutcome, ItemProgress
    from instance_profiles.fixes.several import Batch
    from tests.fixes.bench import Bench

ORPHANS = ("old-1", "old-2", "old-3", "old-4")
CRAWLERS = ("crawl-a", "crawl-b", "crawl-c")
DARK = ("dark-1", "dark-2", "dark-3", "dark-4", "dark-5", "dark-6")

FLEET: dict[str, Any] = {
    "regions": [REGION, "us-east-1"],
    "default_region": REGION,
    "account": {"id": ACCOUNT, "alias": "acme-test"},
    "timing": {"retry_longest": 6.0},
    "callers": [{"who": "user/kim", "access_key": "AKIAIOSFODNN7EXAMPLE"}],
    "roles": [
        {"name": "web", "instance_profile": True, "used_hours": 1.0, "inline": {"logs": ["logs:Put*"]}},
        *({"name": name, "inline": {"logs": ["logs:Put*"]}} for name in CRAWLERS),
    ],
    "instance_profiles": [
        *({"name": name} for name in CRAWLERS),
        *({"name": name, "role": "web", "path": "/old/", "tags": {"team": name}} for name in ORPHANS),
    ],
    "instances": [
        *({"region": REGION, "name": name, "instance_profile": name} for name in CRAWLERS),
        *(
            {
                "region": REGION if number < 3 else "us-east-1",
                "name": name,
                "instance_profile": "web",
                "metadata": {"HttpEndpoint": "disabled"},
            }
            for number, name in enumerate(DARK)
        ),
    ],
}


def make_crowd() -> World:
    return build_world(FLEET, Clock(START))


def findings_of(bench: Bench, *rules: str) -> list[Finding]:
    """What the rules find now, in the order in which people see it."""
    return [found for found in evaluate(bench.inventory, bench.journal.now()) if found.rule in rules]


class Watched:
    """What was told while a batch ran."""

    def __init__(self) -> None:
        self.news: list[ItemProgress] = []

    def __call__(self, news: ItemProgress) -> None:
        self.news.append(news)

    def begun(self) -> list[int]:
        return [one.item for one in self.news if one.state == "begun" and one.progress is None]


def ended(batch: Batch, outcome: BatchOutcome) -> dict[str, str | None]:
    """How each fix ended, by the name of its object."""
    return {
        item.plan.subject.name: told.result if told else None
        for item, told in zip(batch.items, outcome.outcomes, strict=True)
    }
