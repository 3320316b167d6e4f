"""An error message with its meaning: what the text says, joined with what the catalogue knows of it.

The command and the screen show the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.denials.advice import Advice, advice
from instance_profiles.denials.reading import ReadError, read
from instance_profiles.findings.catalogue import CATALOGUE
from instance_profiles.inventory.chains import SESSION_LIMIT, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.model import NamedProfile

_CHAIN = "chain-duration-over-1h"


class Explained(msgspec.Struct, frozen=True):
    """One error and what to make of it."""

    error: ReadError
    title: str
    advice: Advice


class Explanation(msgspec.Struct, frozen=True):
    """Everything that a text says. `unrecognised` are lines that speak of trouble and that nobody knows."""

    errors: tuple[Explained, ...]
    unrecognised: tuple[str, ...]


def explain(text: str, named_profiles: Sequence[NamedProfile] = ()) -> Explanation:
    """Explain a message, a log or a record; no call is made."""
    reading = read(text)
    errors = tuple(explain_error(error, named_profiles) for error in reading.errors)
    return Explanation(errors, reading.unrecognised)


def readable(message: str) -> str:
    """A message without its encoded part and the address of the console, which tell people nothing here."""
    return message.partition(" Encoded authorization failure message")[0].partition(" Go to https://")[0]


def explain_error(error: ReadError, named_profiles: Sequence[NamedProfile] = ()) -> Explained:
    """One error that was read, or that is known better by now."""
    entry = CATALOGUE.get(error.rule or "")
    title = entry.title if entry else "An error of AWS"
    own = advice(error)
    if own is not None:
        return Explained(error, title, own)
    if entry is None:
        return Explained(error, title, Advice("The text is known, but not more of it.", ()))
    steps = getattr(entry, "steps", ()) or tuple(
        f"{reason[:1].upper()}{reason[1:]} (recipe {recipe})." for recipe, reason in entry.ways.items()
    )
    chains = _long_chains(named_profiles) if error.rule == _CHAIN else ()
    return Explained(error, title, Advice(entry.meaning, (*chains, *steps), entry.fixes))


def as_json(
    explanation: Explanation, evidence: Sequence[list[dict[str, Any]]] | None = None
) -> dict[str, Any]:
    """The shape of `iptui explain --format json`; `evidence` holds the answers of AWS for each error."""
    errors = [_error_json(one) for one in explanation.errors]
    for error, answers in zip(errors, evidence or (), strict=False):
        error["evidence"] = answers
    return {
        "schema": "iptui.explanation/1",
        "errors": errors,
        "unrecognised": list(explanation.unrecognised),
    }


def _error_json(one: Explained) -> dict[str, Any]:
    error = one.error
    return {
        "code": error.code,
        "message": error.message,
        "count": error.count,
        "principal": error.principal,
        "action": error.action,
        "resource": error.resource,
        "denied_by": error.denied_by,
        "effect": error.effect,
        "policy": error.policy,
        "rule": error.rule,
        "meaning": one.advice.meaning,
        "next_steps": list(one.advice.next_steps),
        "fixes": list(one.advice.fixes),
    }


def _long_chains(named_profiles: Sequence[NamedProfile]) -> tuple[str, ...]:
    """The named profiles of this machine that ask a chained role for more than AWS gives; no call is made."""
    known = {one.name: one for one in named_profiles}
    told: dict[str, str] = {}
    for one in named_profiles:
        chain = walk(known, one.name)
        way = " -> ".join(hop.named_profile for hop in chain.hops)
        for hop in chain.hops:
            seconds = hop.duration_seconds or 0
            if hop.chained != "no" and seconds > SESSION_LIMIT:
                told.setdefault(
                    hop.named_profile,
                    f"Named profile {hop.named_profile} asks for {seconds} seconds in the chain {way}: "
                    f"`aws configure set duration_seconds {SESSION_LIMIT} --profile {hop.named_profile}`.",
                )
    return tuple(told.values())
