"""How each kind of object is drawn as one row: its name, the few facts that matter, its worst fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.relations import below
from tui.store import MARKS, mark_of
from tui.views.node import Member
from tui.words import ago, counted
from widgets.resource_tree import Row
from widgets.text import shorten_middle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        ObjectRef,
        Role,
    )
    from tui.store import Store

SHORT_ID = 11
"""Cells of an instance id on a row: both ends, by which people tell ids apart."""


def group_row(store: Store, label: str, refs: Sequence[ObjectRef]) -> Row:
    """A heading: how many objects, and how many of them are in which trouble."""
    return Row(label=label, kind="group", total=len(refs), counts=store.object_counts(refs))


def subgroup_row(store: Store, label: str, refs: Sequence[ObjectRef]) -> Row:
    """A quiet heading inside an object; it carries the worst state below it."""
    return Row(label=label, kind="field", value=f"{len(refs):,}", counts=store.object_counts(refs))


def troubled(store: Store, refs: Sequence[ObjectRef]) -> Sequence[Member]:
    """Those of several objects that something is wrong with."""
    return [Member(ref, object_row(store, ref)) for ref in refs if store.findings_of(ref)]


def field_row(label: str, value: str) -> Row:
    return Row(label=label, kind="field", value=value)


def object_row(
    store: Store, ref: ObjectRef, facts: str = "", *, label: str = "", lower: Iterable[ObjectRef] = ()
) -> Row:
    """An object with its own worst fault, or else with what is wrong below it, whichever is worse."""
    own = store.findings_of(ref)
    shown, cause = (own[0], own[0].cause) if own else (None, "")
    worst = _worst_below(store, lower)
    if worst is not None and (shown is None or _rank(worst[0]) < _rank(shown)):
        shown, number = worst
        cause = shown.cause if number == 1 else f"{number} × {shown.cause}"
        if number == 1 and shown.object.kind != "association" and shown.object.name != ref.name:
            cause = f"{shown.object.name}: {cause}"
    muted = len(store.muted_of(ref))
    return Row(
        label=label or ref.name,
        kind="object",
        facts=" ".join(part for part in (facts, f"{muted} muted" if muted else "") if part),
        severity=mark_of(shown) if shown else None,
        cause=cause,
    )


def _rank(finding: Finding) -> int:
    return MARKS.index(mark_of(finding))


def _worst_below(store: Store, refs: Iterable[ObjectRef]) -> tuple[Finding, int] | None:
    """The worst finding of several objects and how many of them have it.

    A note stays where it is, so that what is healthy looks it; only that an association moves is worth a row.
    """
    found = [
        findings[0]
        for ref in refs
        if (findings := store.findings_of(ref))
        and (mark_of(findings[0]) != "info" or ref.kind == "association")
    ]
    if not found:
        return None
    worst = min(found, key=_rank)
    alike = sum(1 for finding in found if finding.rule == worst.rule and mark_of(finding) == mark_of(worst))
    return worst, alike


def instance_row(store: Store, instance: Instance, *, region: bool = True) -> Row:
    facts = [shorten_middle(instance.instance_id, SHORT_ID)] if instance.name != instance.instance_id else []
    facts.append(instance.state)
    if region:
        facts.append(instance.region)
    return object_row(store, instance.ref, " ".join(facts), lower=below(store.inventory, instance))


def instance_profile_row(store: Store, profile: InstanceProfile) -> Row:
    number = len(store.inventory.instances_naming(profile))
    row = object_row(store, profile.ref, lower=below(store.inventory, profile))
    # The cause of a fault says more than the number, and both seldom fit; a note must not hide it.
    if not number or (row.cause and row.severity != "info"):
        return row
    return replace(row, facts=" ".join(part for part in (counted(number, "instance"), row.facts) if part))


def role_row(store: Store, role: Role) -> Row:
    facts = ""
    if role.last_used is not None:
        used = role.last_used.last_used_date
        facts = f"used {ago(store.clock(), used)}" if used else "never used"
    return object_row(store, role.ref, facts)


def template_row(store: Store, version: LaunchTemplateVersion) -> Row:
    words = [f"v{version.version_number}"]
    words += ["default"] if version.default_version else []
    words += ["latest"] if version.latest_version else []
    words.append(version.region)
    return object_row(store, version.ref, " ".join(words))


def scaling_group_row(store: Store, group: AutoScalingGroup) -> Row:
    facts = f"scaling group · {counted(len(group.instances), 'instance')} · {group.region}"
    return object_row(store, group.ref, facts)


def association_row(store: Store, association: Association) -> Row:
    facts = f"{association.state} → {association.iam_instance_profile.name}"
    return object_row(store, association.ref, facts)


def instance_profile_members(store: Store, profiles: Sequence[InstanceProfile]) -> Sequence[Member]:
    return [Member(profile.ref, instance_profile_row(store, profile)) for profile in profiles]


def instance_profiles_row(store: Store, profiles: Sequence[InstanceProfile]) -> Row:
    """The heading of the instance profiles; it counts each by the worst thing on its row."""
    drawn = [instance_profile_row(store, profile).severity for profile in profiles]
    counts = {mark: drawn.count(mark) for mark in MARKS if mark in drawn}
    return Row(label="Instance profiles", kind="group", total=len(profiles), counts=counts)


def urgency(row: Row) -> int:
    """Errors stand first, then warnings; what is only worth knowing stays in its place by name."""
    return {"error": 0, "warning": 1}.get(row.severity or "", 2)
