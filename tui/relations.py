"""What belongs to an object: whose trouble its row shows, and what its problems are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.below import below
from tui.store import MARKS, mark_of, ref_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object, ObjectRef
    from tui.store import Store


def object_of(inventory: Inventory, ref: ObjectRef) -> Object | None:
    """The object that a ref names, None where the inventory does not have it (any more)."""
    if ref.kind == "launch-template":
        versions = inventory.versions_with(ref.account, str(ref.region), ref.id)
        return next((v for v in versions if v.default_version), versions[0] if versions else None)
    regional = (ref.account, ref.region, ref.id)
    match ref.kind:
        case "instance-profile":
            return inventory.instance_profiles.get((ref.account, ref.id))
        case "role":
            return inventory.roles.get((ref.account, ref.id))
        case "instance":
            return inventory.instances.get(regional)
        case "association":
            return inventory.associations.get(regional)
        case "auto-scaling-group":
            return inventory.auto_scaling_groups.get(regional)
        case "launch-configuration":
            return inventory.launch_configurations.get(regional)
        case "account":
            return inventory.account_summaries.get(ref.account)
        case _:
            return None


def problems_of(store: Store, ref: ObjectRef | None) -> list[Finding]:
    """The findings of an object, then those of what is below it and those that name it; worst first.

    Of several findings of one rule below an object only the first is kept: they are one problem.
    """
    if ref is None:
        return []
    own = list(store.findings_of(ref))
    item = object_of(store.inventory, ref)
    lower: dict[str, Finding] = {}
    for about in below(store.inventory, item):
        for finding in store.verdicts.of(about):
            lower.setdefault(finding.rule, finding)
    known = {finding.rule for finding in own}
    return own + sorted(
        (finding for rule, finding in lower.items() if rule not in known),
        key=lambda finding: MARKS.index(mark_of(finding)),
    )


def muted_of(store: Store, ref: ObjectRef | None) -> list[Muted]:
    """What is muted of an object and of what is below it; of one rule the first."""
    if ref is None:
        return []
    found: dict[str, Muted] = {}
    for one in (ref_key(ref), *below(store.inventory, object_of(store.inventory, ref))):
        for muted in store.verdicts.muted_of(one):
            found.setdefault(muted.finding.rule, muted)
    return list(found.values())


def refs_touched(finding: Finding) -> Sequence[ObjectRef]:
    """What to read again once the finding was dealt with."""
    return (finding.object, *finding.related)
