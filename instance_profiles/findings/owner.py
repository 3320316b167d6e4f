"""An owner: the tool or service that makes an object and keeps it as it wants it, and the words for it."""

from __future__ import annotations

import shlex
from typing import Literal

import msgspec

Certainty = Literal["tag", "field", "name"]
"""What proves it: a tag, a field that only AWS sets (reserved path, operator), or no more than a name."""


class Owner(msgspec.Struct, frozen=True):
    """Who owns an object, what proves it, and where a lasting change to it belongs.

    `id` is the same in every release, `tool` is for people. `evidence` names the tag, field or name.
    `where` completes "the lasting change belongs in", `drift` is one sentence on what comes of changing the
    object here. `command` shows or carries out the change at the owner; None where there is none to give.
    `address` is what the tool calls the object, where it can be told: the address of Terraform, the logical
    id of CloudFormation, which belongs to `stack`.
    """

    id: str
    tool: str
    certainty: Certainty
    evidence: str
    where: str
    drift: str
    command: str | None = None
    address: str | None = None
    stack: str | None = None


def line(owner: Owner) -> str:
    """The owner in one line: `CloudFormation, stack web, logical id Profile (tag aws:...)`."""
    if owner.certainty == "name":
        return f"{owner.tool}, by its name: {owner.where}"
    return f"{owner.tool}: {owner.where} ({owner.evidence})"


def belongs(owner: Owner, name: str) -> str:
    """One sentence on who owns an object, as sure as the evidence is."""
    if owner.certainty == "name":
        return f"By its name, {name} belongs to {owner.tool}."
    return f"{name} belongs to {owner.tool} ({owner.evidence})."


def warning(owner: Owner, name: str) -> str:
    """What a person must know before changing an owned object: owner, drift, where the change belongs."""
    command = f" There: {owner.command}" if owner.command else ""
    return f"{belongs(owner, name)} {owner.drift} The lasting change belongs in {owner.where}.{command}"


def shell(*words: str) -> str:
    """A command line that runs as it stands."""
    return shlex.join(words)
