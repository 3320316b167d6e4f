"""How each kind of object is drawn as one row: its name, the few facts that matter, its worst fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.below import below, worst_shown
from tui.store import mark_of, ref_key
from tui.troubled import Part, Troubled
from tui.words import ago, counted
from widgets.resource_tree import Row
from widgets.text import shorten_middle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        ObjectRef,
        Role,
    )
    from tui.below import Shown
    from tui.listings import Listing
    from tui.store import Mark, Store

SHORT_ID = 11
"""Cells of an instance id on a row: both ends, by which people tell ids apart."""


def group_row(store: Store, label: str, refs: Sequence[ObjectRef]) -> Row:
    """A heading: how many objects, and how many of them are in which trouble."""
    return Row(label=label, kind="group", total=len(refs), counts=store.object_counts(refs))


def marked_group_row(label: str, total: int, counts: Mapping[Mark, int]) -> Row:
    """The same for a long list, from how many are in which trouble."""
    return Row(label=label, kind="group", total=total, counts=counts)


def subgroup_row(store: Store, label: str, refs: Sequence[ObjectRef]) -> Row:
    """A quiet heading inside an object; it carries the worst state below it."""
    return Row(label=label, kind="field", value=f"{len(refs):,}", counts=store.object_counts(refs))


def troubled(store: Store, *parts: Part) -> Troubled:
    """The objects of these parts, each with its worst fault."""
    return Troubled(parts, lambda about: object_row(store, store.verdicts.of(about)[0].object))


def listed(marks: Mapping[Judged, Mark], listing: Listing, group: tuple[str, str, str | None]) -> Part:
    """Those of a long list that have a mark; `group` is the kind, account and region of all of it."""
    return Part(
        marks,
        lambda about: listing.order_of(about[3]),
        lambda: ((*group, name) for name in listing.names()),
    )


def unlisted(store: Store, marks: Mapping[Judged, Mark]) -> Part:
    """Those of a place without a list of its own that have a mark, by name."""

    def order_of(about: Judged) -> tuple[str, str]:
        ref = store.verdicts.of(about)[0].object
        return ref.name.casefold(), ref.id

    return Part(marks, order_of)


def troubled_of(store: Store, refs: Iterable[ObjectRef]) -> Troubled:
    """Those of several objects that something is wrong with."""
    marks = {ref_key(ref): mark_of(of[0]) for ref in refs if (of := store.findings_of(ref))}
    return troubled(store, unlisted(store, marks))


def field_row(label: str, value: str) -> Row:
    return Row(label=label, kind="field", value=value)


def object_row(store: Store, ref: ObjectRef, facts: str = "", *, lower: Iterable[Judged] = ()) -> Row:
    """An object with its own worst fault, or else with what is wrong below it, whichever is worse."""
    return _row(store, ref, facts, worst_shown(store.verdicts, ref_key(ref), lower))


def _row(store: Store, ref: ObjectRef, facts: str, shown: Shown | None) -> Row:
    muted = len(store.muted_of(ref))
    return Row(
        label=ref.name,
        kind="object",
        facts=" ".join(part for part in (facts, f"{muted} muted" if muted else "") if part),
        severity=mark_of(shown.finding) if shown else None,
        cause=_cause(shown, ref) if shown else "",
    )


def _cause(shown: Shown, ref: ObjectRef) -> str:
    finding = shown.finding
    if shown.number > 1:
        return f"{shown.number} × {finding.cause}"
    if shown.is_below and finding.object.kind != "association" and finding.object.name != ref.name:
        return f"{finding.object.name}: {finding.cause}"
    return finding.cause


def instance_row(store: Store, instance: Instance, *, region: bool = True) -> Row:
    facts = [shorten_middle(instance.instance_id, SHORT_ID)] if instance.name != instance.instance_id else []
    facts.append(instance.state)
    if region:
        facts.append(instance.region)
    return object_row(store, instance.ref, " ".join(facts), lower=below(store.inventory, instance))


def instance_profile_row(store: Store, profile: InstanceProfile) -> Row:
    number = len(store.inventory.instances_naming(profile))
    row = _row(store, profile.ref, "", store.profile_rows.shown(profile))
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


def troubled_instance_profiles(store: Store, account: str) -> Troubled:
    """The instance profiles whose rows have a sign, by name."""

    def draw(about: Judged) -> Row | None:
        profile = store.inventory.instance_profiles.get((account, about[3]))
        return instance_profile_row(store, profile) if profile is not None else None

    listing = store.listings.instance_profiles(account)
    part = listed(store.profile_rows.marks(account), listing, ("instance-profile", account, None))
    return Troubled([part], draw)


def instance_profiles_row(store: Store, account: str) -> Row:
    """The heading of the instance profiles; it counts each by the worst thing on its row."""
    total = len(store.inventory.instance_profiles.at(account))
    return marked_group_row("Instance profiles", total, store.profile_rows.tally(account))
