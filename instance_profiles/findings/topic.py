"""A topic: a fault that no state shows, only the error of a call or a closer look."""

from __future__ import annotations

import msgspec

from instance_profiles.findings.finding import Severity
from instance_profiles.findings.page import Seen, page
from instance_profiles.inventory.model import Kind


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """The facts about one such fault, in the words of a rule; nothing looks for it in the inventory.

    `detection` is what tells it from its neighbours in an error. `steps` are what a person does, best first;
    `ways` the recipes that help, with their reasons. `needs` are the sources that a closer look reads.
    `order` is the place in the catalogue, among the rules.
    """

    id: str
    order: int
    kind: Kind
    severity: Severity
    title: str
    meaning: str
    detection: str
    error_texts: tuple[str, ...]
    source: str
    steps: tuple[str, ...] = ()
    ways: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    seen: Seen = "error"
    false_positives: str = (
        "None is known: it is told only where the error says so. What was pasted is read as it stands."
    )

    @property
    def fixes(self) -> tuple[str, ...]:
        """The names of the recipes, best first."""
        return tuple(self.ways)

    def page(self) -> str:
        """The page about this topic, Markdown."""
        return page(
            id=self.id,
            title=self.title,
            kind=self.kind,
            severity=self.severity,
            seen=self.seen,
            needs=self.needs,
            meaning=self.meaning,
            detection=self.detection,
            error_texts=self.error_texts,
            steps=self.steps,
            ways=self.ways,
            false_positives=self.false_positives,
            source=self.source,
        )
