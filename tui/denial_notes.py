"""A group of denials in words: why, how often, when and where, and what it was about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.denials.who import who
from tui.explanation import readable
from tui.words import KIND_WORDS, ago
from widgets.note import Block, Fault, Heading, Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from instance_profiles.denials.trail.groups import DenialGroup


def cause_of(group: DenialGroup) -> str:
    """`no Allow, identity policy`: how it was denied, and by which kind of policy."""
    by = f", {group.denied_by.replace('-', ' ')}" if group.denied_by else ""
    if group.effect is None:
        return "the message gives no reason"
    return f"{'a Deny' if group.effect == 'explicit' else 'no Allow'}{by}"


def story_of(group: DenialGroup, now: datetime) -> Iterator[Block]:
    """All that is known of a group, as a note."""
    yield Heading(group.action, cause_of(group), group.principal)
    times = f"denied {group.count} times" if group.count > 1 else "denied once"
    yield Fault("error", f"{times}, last {ago(now, group.last)}")
    facts = [f"who  {who(group.principal or None).words}"]
    facts += [f"policy  {group.policy}"] if group.policy else []
    facts += [f"first  {group.first:%Y-%m-%d %H:%M} UTC"] if group.count > 1 else []
    facts += [f"last  {group.last:%Y-%m-%d %H:%M} UTC"]
    facts += [f"region  {', '.join(group.regions) or 'not told'}"]
    yield Section("When and where", tuple(facts))
    if group.concerned:
        names = tuple(f"{KIND_WORDS[one.kind]}  {one.name}" for one in group.concerned)
        yield Section("What it was about", names)
    yield Section("What it said", (readable(group.said),))
