"""How each kind of object is drawn as one row: its name, the few facts that matter, its worst fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.below import below, worst_shown
from tui.store import in_order, mark_of, ref_key
from tui.troubled import Troubled
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


def troubled(store: Store, *parts: Mapping[Judged, Mark]) -> Troubled:
    """The objects with these marks, by name."""

    def ref_of(about: Judged) -> ObjectRef:
        return store.verdicts.of(about)[0].object

    return Troubled(
        parts,
        lambda about: ((ref := ref_of(about)).name.casefold(), ref.id),
        lambda about: object_row(store, ref_of(about)),
    )


def troubled_of(store: Store, refs: Iterable[ObjectRef]) -> Troubled:
    """Those of several objects that something is wrong with."""
    return troubled(store, {ref_key(ref): mark_of(of[0]) for ref in refs if (of := store.findings_of(ref))})


def field_row(label: str, value: str) -> Row:
    return Row(label=label, kind="field", value=value)


def object_row(
    store: Store, ref: ObjectRef, facts: str = "", *, label: str = "", lower: Iterable[Judged] = ()
) -> Row:
    """An object with its own worst fault, or else with what is wrong below it, whichever is worse."""
    shown, number, is_below = worst_shown(store.verdicts, ref_key(ref), lower)
    cause = shown.cause if shown else ""
    if shown is not None and is_below:
        cause = cause if number == 1 else f"{number} × {cause}"
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


def troubled_instance_profiles(store: Store, account: str) -> Troubled:
    """The instance profiles whose rows have a sign, by name."""

    get = store.inventory.instance_profiles.get
    found = {about: one for about in store.profile_marks(account) if (one := get((account, about[3])))}
    return Troubled(
        ({about: store.profile_marks(account)[about] for about in found},),
        lambda about: (found[about].instance_profile_name.casefold(), found[about].instance_profile_id),
        lambda about: instance_profile_row(store, found[about]),
    )


def instance_profiles_row(store: Store, account: str) -> Row:
    """The heading of the instance profiles; it counts each by the worst thing on its row."""
    total = len(store.inventory.instance_profiles.at(account))
    return marked_group_row("Instance profiles", total, in_order(store.profile_marks(account).values()))
