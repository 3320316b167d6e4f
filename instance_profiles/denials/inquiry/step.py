"""The steps of an inquiry as whoever watches sees them, and what they bring to light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from instance_profiles.denials.reading import ReadError
from instance_profiles.denials.sentence import DeniedBy, Effect
from instance_profiles.denials.trail.event import TrailEvent

StepName = Literal[
    "authorization-details",
    "decoded-message",
    "simulation",
    "documents",
    "denied-call",
    "changes",
    "lake",
    "athena",
]
State = Literal["asking", "answered", "skipped", "offered", "denied", "failed"]
"""offered: it could be asked, but AWS bills it, so that somebody has to want it."""


class Ruling(msgspec.Struct, frozen=True):
    """Who decided, as far as one step could tell.

    `policy` is the ARN of a managed policy or the words for another one, `statement` the deciding one where
    it is known, or what is known of it; `attached_to` are the ARNs or names of its holders.
    """

    decision: Literal["allow", "deny", "unknown"]
    effect: Effect | None = None
    denied_by: DeniedBy | None = None
    policy: str | None = None
    statement: Mapping[str, Any] | None = None
    attached_to: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A policy as JSON text, with the statement that decides, or that nearly does; `note` says which."""

    title: str
    text: str
    policy: str | None = None
    statement: Mapping[str, Any] | None = None
    note: str = ""


class Step(msgspec.Struct, frozen=True):
    """One question to AWS. `words` tell how far it is, what was learnt, or why it was not asked.

    The same step comes again and again while it is being asked; the last time it is in its final state.
    """

    name: StepName
    title: str
    call: str
    state: State
    words: str = ""
    ruling: Ruling | None = None
    facts: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    events: tuple[TrailEvent, ...] = ()
    error: ReadError | None = None
    """The error with what is known of it after this step."""
