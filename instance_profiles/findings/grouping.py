"""Instances that are alike in what rules ask for: what holds for one of them is asked once for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from instance_profiles.inventory.traits import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Association, Instance, InstanceProfileRef, MetadataOptions
    from instance_profiles.inventory.table import Table

R = TypeVar("R", "Instance", "Association")

Attached = tuple["InstanceProfileRef", list["Instance"]]
"""What instances are attached to, and these; never none."""


def attached_of_all(inventory: Inventory) -> tuple[list[Attached], list[Instance]]:
    """As `by_attachment`, of all instances: the inventory has them by what they are attached to."""
    found: list[Attached] = []
    for some in inventory.attached_instances():
        ref = some[0].iam_instance_profile
        if ref is not None and ref.id:
            alive = [one for one in some if one.state not in GONE]
            found += [(ref, alive)] if alive else ()
        else:
            found += by_attachment(some)[0]
    bare = [one for one in inventory.instances if one.iam_instance_profile is None and one.state not in GONE]
    return found, bare


def by_attachment(instances: Iterable[Instance]) -> tuple[list[Attached], list[Instance]]:
    """Those that are not gone, by what they are attached to; and those that are attached to nothing."""
    found: dict[str, Attached] = {}
    bare: list[Instance] = []
    for instance in instances:
        if instance.state in GONE:
            continue
        ref = instance.iam_instance_profile
        if ref is None:
            bare.append(instance)
            continue
        # Ids are unique over all accounts. Who answers without them still sends the ARN.
        some = found.get(ref.id or ref.arn)
        if some is None:
            found[ref.id or ref.arn] = (ref, [instance])
        else:
            some[1].append(instance)
    return list(found.values()), bare


def unusual_metadata(instances: Iterable[Instance]) -> list[tuple[Instance, MetadataOptions]]:
    """Instances whose metadata service is off, just being changed, or out of reach of containers."""
    found = []
    for instance in instances:
        options = instance.metadata_options
        if options is not None and (
            options.http_endpoint != "enabled"
            or options.http_put_response_hop_limit == 1
            or options.state == "pending"
        ):
            found.append((instance, options))
    return found


def by_region(table: Table[R], some: Iterable[R] | None) -> Iterable[tuple[str, str, Iterable[R]]]:
    """Objects of a table by account and region: some of them, or with None all."""
    if some is None:
        places = ((str(account), str(region)) for account, region in table.places())
        return [(account, region, table.at(account, region)) for account, region in places]
    found: dict[tuple[str, str], list[R]] = {}
    for one in some:
        found.setdefault((one.account, one.region), []).append(one)
    return [(account, region, together) for (account, region), together in found.items()]


def is_attached(instance: Instance) -> bool:
    """Whether an instance has an instance profile and is not gone."""
    return instance.iam_instance_profile is not None and instance.state not in GONE
