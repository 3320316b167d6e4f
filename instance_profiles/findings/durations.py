"""How long the sessions are that a named profile asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.chains import Hop
    from instance_profiles.inventory.model import NamedProfile

SHORTEST, LONGEST = 900, 43200
"""Seconds: what STS takes as DurationSeconds of AssumeRole."""


def named_profiles(view: View) -> Iterable[NamedProfile]:
    return view.named_profiles


def asking_hop(named_profile: NamedProfile, view: View) -> Hop | None:
    """The call that the named profile's own duration_seconds goes into; None where it assumes no role."""
    hops = view.chain(named_profile).hops
    return hops[0] if hops else None


def is_capped_by_chaining(hop: Hop) -> bool:
    """Whether the hour of role chaining is the limit that counts, for certain."""
    return hop.chained == "yes"


def told_elsewhere(hop: Hop) -> bool:
    """Whether another rule tells already that the wish is too long."""
    return is_capped_by_chaining(hop) or (hop.duration_seconds or 0) > LONGEST


def hours(seconds: int) -> str:
    """`12 h`, `1.5 h`, or the seconds where hours would be no round number."""
    return f"{seconds / 3600:.3g} h" if seconds % 360 == 0 else f"{seconds:,} s"
