"""A rule: the facts about one kind of fault, and the function that looks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import msgspec

from instance_profiles.findings.finding import Severity
from instance_profiles.findings.page import Seen, page
from instance_profiles.findings.view import View
from instance_profiles.inventory.model import Kind, ObjectRef


class Subject(Protocol):
    """What a rule looks at: any object that can be named."""

    @property
    def ref(self) -> ObjectRef: ...


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """The fault is there. `severity` and `fixes` stand in for the rule's own where the case differs."""

    cause: str
    detail: str
    related: tuple[ObjectRef, ...] = ()
    severity: Severity | None = None
    fixes: tuple[str, ...] | None = None


class Unsure(msgspec.Struct, frozen=True, kw_only=True):
    """The fault can be neither told nor excluded; `cause` says what could not be read or judged."""

    cause: str
    detail: str
    related: tuple[ObjectRef, ...] = ()


Draft = Present | Unsure
"""What a check says about one subject; None is the third answer: no fault, or not enough read to tell yet."""

S = TypeVar("S", bound=Subject)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of fault.

    `listings` bring the subjects: where one of them was refused or broke off, the rule is unknown for the
    whole account or region. `needs` are all sources that the verdict rests on, listings among them.
    `ways` are the recipes that put it right, best first, each with the reason in one line.
    `order` is the place in the catalogue, hundreds for the chapter.
    """

    id: str
    order: int
    kind: Kind
    severity: Severity
    title: str
    listings: tuple[str, ...]
    needs: tuple[str, ...]
    subjects: Callable[[View], Iterable[Any]]
    check: Callable[[Any, View], Draft | None]
    ways: dict[str, str]
    meaning: str
    detection: str
    error_texts: tuple[str, ...]
    false_positives: str
    source: str

    @property
    def fixes(self) -> tuple[str, ...]:
        """The names of the recipes, best first."""
        return tuple(self.ways)

    @property
    def seen(self) -> Seen:
        """A rule looks at what was listed; what only an error shows is a topic."""
        return "listings"

    def page(self) -> str:
        """The page about this rule, Markdown."""
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
            steps=(),
            ways=self.ways,
            false_positives=self.false_positives,
            source=self.source,
        )


def rule(
    *,
    id: str,  # noqa: A002 - the name that rules are known by everywhere
    order: int,
    kind: Kind,
    severity: Severity,
    title: str,
    listings: tuple[str, ...],
    subjects: Callable[[View], Iterable[S]],
    meaning: str,
    detection: str,
    false_positives: str,
    source: str,
    needs: tuple[str, ...] = (),
    ways: dict[str, str] | None = None,
    error_texts: tuple[str, ...] = (),
) -> Callable[[Callable[[S, View], Draft | None]], Rule]:
    """Make a rule of a check; `needs` are given without the listings."""

    def decorate(check: Callable[[S, View], Draft | None]) -> Rule:
        return Rule(
            id=id,
            order=order,
            kind=kind,
            severity=severity,
            title=title,
            listings=listings,
            needs=(*listings, *needs),
            subjects=subjects,
            check=check,
            ways=ways or {},
            meaning=meaning,
            detection=detection,
            error_texts=error_texts,
            false_positives=false_positives,
            source=source,
        )

    return decorate
