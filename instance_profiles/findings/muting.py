"""Muting: findings that somebody decided to live with, with the reason and the day it ends.

A mute comes from the settings or from a tag of the object. It never makes a finding go away: what is muted
is handed out beside the rest, with who muted it and why.
"""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.finding import Finding
from instance_profiles.findings.ownership import object_of
from instance_profiles.inventory.model import AutoScalingGroup, Instance, InstanceProfile, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef

IGNORE_TAG = "iptui:ignore"
_ALL = frozenset({"*", "all"})
"""IAM takes no asterisk in the value of a tag, so there is a word for it as well."""
_TAGGED = frozenset({"instance-profile", "role", "instance", "association", "auto-scaling-group"})


class Mute(msgspec.Struct, frozen=True):
    """One decision to live with findings: of a rule, of an object, or of a rule on an object.

    `object` is an id, a name or an ARN and may hold `*` and `?`; None stands for every one, as does a `rule`
    of None. `until` is the last day it holds, None for ever. `by` says where it was decided.
    """

    reason: str
    rule: str | None = None
    object: str | None = None
    until: date | None = None
    by: str = "the settings"

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is meant, the date aside."""
        if self.rule is not None and self.rule != finding.rule:
            return False
        if self.object is None:
            return self.rule is not None
        ref = finding.object
        return any(fnmatchcase(text, self.object) for text in (ref.id, ref.name, ref.arn) if text)

    def has_ended(self, today: date) -> bool:
        return self.until is not None and today > self.until


class Muted(msgspec.Struct, frozen=True):
    """A finding that is not shown, and why."""

    finding: Finding
    mute: Mute


class Sorted(msgspec.Struct, frozen=True):
    """Findings apart: those to show and those that are muted, each in the order they came in."""

    shown: tuple[Finding, ...] = ()
    muted: tuple[Muted, ...] = ()


def sort_out(findings: Iterable[Finding], mutes: Sequence[Mute], inventory: Inventory, today: date) -> Sorted:
    """Take apart what is muted; a tag of the object counts as a mute of its own.

    A mute whose last day has passed mutes nothing. Of several mutes the one that ends last is told.
    """
    findings = tuple(findings)
    holding = [mute for mute in mutes if not mute.has_ended(today)]
    if not holding and not any(ignored_rules(about, inventory) for about in {f.object for f in findings}):
        return Sorted(findings)
    tagged: dict[ObjectRef, frozenset[str]] = {}
    shown: list[Finding] = []
    muted: list[Muted] = []
    for finding in findings:
        found = [mute for mute in holding if mute.covers(finding)]
        if finding.object not in tagged:
            tagged[finding.object] = ignored_rules(finding.object, inventory)
        by_tag = _by_tag(finding, tagged[finding.object])
        if by_tag is not None:
            found.append(by_tag)
        if found:
            muted.append(Muted(finding, max(found, key=lambda mute: mute.until or date.max)))
        else:
            shown.append(finding)
    return Sorted(tuple(shown), tuple(muted))


def ended(mutes: Iterable[Mute], today: date) -> tuple[Mute, ...]:
    """The mutes whose last day has passed."""
    return tuple(mute for mute in mutes if mute.has_ended(today))


def in_words(mute: Mute) -> str:
    """Who, why and until when: `muted by the settings until 2026-12-31: accepted by the platform team`."""
    until = f" until {mute.until.isoformat()}" if mute.until else ""
    return f"muted by {mute.by}{until}: {mute.reason}"


def said_ended(mute: Mute) -> str:
    """One sentence on a mute that holds no more."""
    what = " on ".join(part for part in (mute.rule, mute.object) if part)
    day = mute.until.isoformat() if mute.until else ""
    return f"The mute of {what} ended on {day} ({mute.reason}); remove it or give it a new date."


def ignored_rules(ref: ObjectRef, inventory: Inventory) -> frozenset[str]:
    """The rule ids in the tag `iptui:ignore` of an object; for an association in that of its instance."""
    if ref.kind not in _TAGGED:
        return frozenset()
    match object_of(ref, inventory):
        case InstanceProfile() as profile:
            tags = inventory.tags_of(profile)
        case Role() | Instance() | AutoScalingGroup() as tagged:
            tags = tagged.tags
        case _:
            tags = None
    said = tags.get(IGNORE_TAG) if tags else None
    return frozenset(word for word in re.split(r"[\s,]+", said) if word) if said else frozenset()


def _by_tag(finding: Finding, ignored: frozenset[str]) -> Mute | None:
    if finding.rule not in ignored and not ignored & _ALL:
        return None
    rule = finding.rule if finding.rule in ignored else None
    value = "every rule" if rule is None else rule
    return Mute(f"{value} is to be ignored", rule, finding.object.id, None, f"the tag {IGNORE_TAG}")
