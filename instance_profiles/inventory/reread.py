"""Reading again what a change touched, a few calls per region, and putting it where the inventory has it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.inventory import read
from instance_profiles.inventory.load import read_local_config

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Kind, Object, ObjectRef, Role

    Reread = Callable[[AwsAccount, Inventory, str | None, list[ObjectRef]], Awaitable[set[ObjectRef]]]


async def reread(
    account: AwsAccount, inventory: Inventory, refs: Iterable[ObjectRef]
) -> frozenset[ObjectRef]:
    """Read the objects again; returns those that changed, appeared or are gone.

    An instance comes with its associations, an instance profile and a role alone. Callers and regions have
    nothing to read. What could be read is in the inventory even when this raises.

    Raises:
        AwsError: the first thing that could not be read.
    """
    together: dict[tuple[Kind, str | None], list[ObjectRef]] = defaultdict(list)
    for ref in refs:
        together[(ref.kind, ref.region)].append(ref)
    outcomes = await asyncio.gather(
        *(
            _BY_KIND[kind](account, inventory, region, some)
            for (kind, region), some in together.items()
            if kind in _BY_KIND
        ),
        return_exceptions=True,
    )
    changed: set[ObjectRef] = set()
    trouble: list[BaseException] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            trouble.append(outcome)
        else:
            changed |= outcome
    if trouble:
        # What is no trouble with AWS is a mistake of ours, and comes first.
        raise next((one for one in trouble if not isinstance(one, AwsError)), trouble[0])
    return frozenset(changed)


async def _instances(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    return await _instances_by_id(account, inventory, str(region), [ref.id for ref in refs])


async def _associations(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    """By the instances they belong to: an id that was replaced is not found any more."""
    known = [inventory.associations.get((ref.account, ref.region, ref.id)) for ref in refs]
    instance_ids = [association.instance_id for association in known if association is not None]
    return await _instances_by_id(account, inventory, str(region), instance_ids)


async def _instances_by_id(
    account: AwsAccount, inventory: Inventory, region: str, instance_ids: list[str]
) -> set[ObjectRef]:
    if not instance_ids:
        return set()
    owner = str((await account.identity())["Account"])
    instances, associations = await asyncio.gather(
        read.read_instances(account, region, instance_ids),
        read.read_associations_of(account, region, instance_ids),
    )
    known: list[Object | None] = [inventory.instance(owner, region, one) for one in instance_ids]
    known += [
        association
        for association in inventory.associations
        if (association.account, association.region) == (owner, region)
        and association.instance_id in instance_ids
    ]
    return _replace(inventory, known, (*instances, *associations))


async def _instance_profiles(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    async def one(ref: ObjectRef) -> set[ObjectRef]:
        found = await read.read_instance_profile(account, ref.name)
        known = {
            profile.instance_profile_id: profile
            for profile in (
                inventory.instance_profiles.get((ref.account, ref.id)),
                inventory.instance_profile_by_name(ref.account, ref.name),
            )
            if profile is not None
        }
        return _replace(inventory, known.values(), () if found is None else (found,))

    return set().union(*await asyncio.gather(*map(one, dict.fromkeys(refs))))


async def _roles(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    async def one(ref: ObjectRef) -> set[ObjectRef]:
        known = inventory.roles.get((ref.account, ref.id)) or inventory.role_by_name(ref.account, ref.name)
        found = await read.read_role(account, ref.name)
        if found is None:
            return _replace(inventory, (known,), ())
        return _replace(inventory, (known,), (_with_known_policies(found, known),))

    return set().union(*await asyncio.gather(*map(one, dict.fromkeys(refs))))


def _with_known_policies(found: Role, known: Role | None) -> Role:
    """GetRole sends no policies: those known of the same role stay."""
    if known is None or known.role_id != found.role_id:
        return found
    return msgspec.structs.replace(
        found, attached_policies=known.attached_policies, inline_policies=known.inline_policies
    )


async def _launch_templates(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    async def one(ref: ObjectRef) -> set[ObjectRef]:
        known = {
            version.version_number: version
            for version in inventory.launch_template_versions
            if (version.account, version.region, version.launch_template_id)
            == (ref.account, ref.region, ref.id)
        }
        found = await read.read_launch_template_versions(account, str(region), ref.id)
        counting = [
            version
            for version in found
            if version.default_version or version.latest_version or version.version_number in known
        ]
        return _replace(inventory, known.values(), counting)

    return set().union(*await asyncio.gather(*map(one, dict.fromkeys(refs))))


async def _auto_scaling_groups(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    known = [inventory.auto_scaling_groups.get((ref.account, ref.region, ref.id)) for ref in refs]
    found = await read.read_auto_scaling_groups(account, str(region), [ref.id for ref in refs])
    return _replace(inventory, known, found)


async def _launch_configurations(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    known = [inventory.launch_configurations.get((ref.account, ref.region, ref.id)) for ref in refs]
    found = await read.read_launch_configurations(account, str(region), [ref.id for ref in refs])
    return _replace(inventory, known, found)


async def _named_profiles(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    return set(inventory.take_local_config(await read_local_config()))


async def _account_summary(
    account: AwsAccount, inventory: Inventory, region: str | None, refs: list[ObjectRef]
) -> set[ObjectRef]:
    changed = inventory.put(await read.read_account_summary(account))
    return set(refs) if changed else set()


def _replace(inventory: Inventory, known: Iterable[Object | None], found: Iterable[Object]) -> set[ObjectRef]:
    """Put in what was found and take out what was known and is not found; returns what that changed."""
    found = tuple(found)
    changed = {inventory.concerned(item) for item in found if inventory.put(item)}
    still_there = {inventory.key_of(item) for item in found}
    for item in known:
        if item is not None and inventory.key_of(item) not in still_there and inventory.remove(item):
            changed.add(inventory.concerned(item))
    return changed


_BY_KIND: dict[Kind, Reread] = {
    "instance": _instances,
    "association": _associations,
    "instance-profile": _instance_profiles,
    "role": _roles,
    "launch-template": _launch_templates,
    "auto-scaling-group": _auto_scaling_groups,
    "launch-configuration": _launch_configurations,
    "named-profile": _named_profiles,
    "account": _account_summary,
}
