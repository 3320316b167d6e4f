"""Which associations are on their way, where only another look tells whether they are stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef

_DECIDED = ("association-stuck-associating", "association-stuck-disassociating")


def undecided(inventory: Inventory, findings: Iterable[Finding]) -> list[ObjectRef]:
    """The running instances with an association on its way that no finding has explained.

    A stopped instance is left out: its association stays `associating` until it starts.
    """
    explained = {finding.object.id for finding in findings if finding.rule in _DECIDED}
    refs: dict[ObjectRef, None] = {}
    for association in inventory.moving_associations():
        if association.association_id in explained:
            continue
        instance = inventory.instance(association.account, association.region, association.instance_id)
        if instance is not None and instance.state == "running":
            refs[instance.ref] = None
    return list(refs)
