"""Asking AWS, or the local config file, whether a condition holds right now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes import conditions as c
from instance_profiles.fixes import config_edit, config_text, holds_roles, holds_scaling, quotas, users
from instance_profiles.fixes.held import Held, compare
from instance_profiles.fixes.usage import instance_users
from instance_profiles.inventory import read
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.model import Association

__all__ = ["Held", "all_hold", "holds"]

FURTHER = (holds_roles, holds_scaling, quotas, users)
"""Modules that compare further conditions; importing them is what makes those known."""
_LEAVING = ("disassociating", "disassociated")


async def holds(condition: c.AnyCondition, account: AwsAccount) -> Held:
    """Read what the condition is about and compare; trouble with AWS is an answer too (`ok` None)."""
    try:
        return await compare(condition, account)
    except AwsError as error:
        return Held(None, str(error))


async def all_hold(conditions: Iterable[c.AnyCondition], account: AwsAccount) -> Held:
    """The first condition that does not hold, or else the first that could not be read, or else yes."""
    unknown: Held | None = None
    images = []
    for condition in conditions:
        held = await holds(condition, account)
        if held.ok is False:
            return held
        if held.ok is None and unknown is None and not isinstance(condition, c.InstanceProfileUnused):
            unknown = held
        images.append(held.image)
    return unknown or Held(True, "", [image for image in images if image is not None])


# -- IAM ---------------------------------------------------------------------------------------------------


@compare.register(c.InstanceProfileHolds)
async def _(condition: c.InstanceProfileHolds, account: AwsAccount) -> Held:
    found = await read.read_instance_profile(account, condition.name)
    if found is None:
        return Held(False, f"Instance profile {condition.name} does not exist.")
    image = msgspec.to_builtins(found)
    if condition.instance_profile_id not in (None, found.instance_profile_id):
        return Held(False, f"Instance profile {condition.name} was deleted and made again meanwhile.", image)
    holding = f"role {found.role.role_name}" if found.role else "no role"
    held_id = found.role.role_id if found.role else None
    return Held(held_id == condition.role_id, f"Instance profile {condition.name} holds {holding}.", image)


@compare.register(c.InstanceProfileGone)
async def _(condition: c.InstanceProfileGone, account: AwsAccount) -> Held:
    found = await read.read_instance_profile(account, condition.name)
    if found is None:
        return Held(True, f"There is no instance profile {condition.name}.")
    return Held(False, f"Instance profile {condition.name} exists.", msgspec.to_builtins(found))


@compare.register(c.InstanceProfileUnused)
async def _(condition: c.InstanceProfileUnused, account: AwsAccount) -> Held:
    answers = await asyncio.gather(
        *(
            instance_users(account, region, condition.arn, condition.instance_profile_id)
            for region in condition.regions
        ),
        return_exceptions=True,
    )
    unread: list[str] = []
    for region, answer in zip(condition.regions, answers, strict=True):
        if isinstance(answer, AwsError):
            unread.append(region)
        elif isinstance(answer, BaseException):
            raise answer
        elif answer:
            return Held(False, f"{condition.name} is in use by {answer[0]} in {region}.")
    if unread:
        return Held(None, f"Not readable: {', '.join(unread)}.")
    return Held(True, f"Nothing uses {condition.name} in {len(condition.regions)} regions.")


@compare.register(c.RoleUnchanged)
async def _(condition: c.RoleUnchanged, account: AwsAccount) -> Held:
    found = await read.read_role(account, condition.name)
    if found is None:
        return Held(False, f"Role {condition.name} does not exist any more.")
    if found.role_id != condition.role_id:
        return Held(False, f"Role {condition.name} was deleted and made again meanwhile.")
    return Held(True, f"Role {condition.name} is the same.", {"role": found.arn, "role_id": found.role_id})


@compare.register(c.TrustPolicyIs)
async def _(condition: c.TrustPolicyIs, account: AwsAccount) -> Held:
    found = await read.read_role(account, condition.role_name)
    if found is None:
        return Held(False, f"Role {condition.role_name} does not exist any more.")
    image = {"role": found.arn, "trust_policy": found.assume_role_policy_document}
    if found.role_id != condition.role_id:
        return Held(False, f"Role {condition.role_name} was deleted and made again meanwhile.", image)
    same = same_document(found.assume_role_policy_document, condition.document)
    as_planned = "is as expected" if same else "is another one than expected"
    return Held(same, f"The trust policy of {condition.role_name} {as_planned}.", image)


# -- instances and associations ------------------------------------------------------------------------------


@compare.register(c.InstanceIn)
async def _(condition: c.InstanceIn, account: AwsAccount) -> Held:
    found = await read.read_instance(account, condition.region, condition.instance_id)
    if found is None:
        return Held(False, f"{condition.instance_id} does not exist any more.")
    return Held(found.state in condition.states, f"{condition.instance_id} is {found.state}.")


@compare.register(c.InstanceShows)
async def _(condition: c.InstanceShows, account: AwsAccount) -> Held:
    found = await read.read_instance(account, condition.region, condition.instance_id)
    if found is None:
        return Held(False, f"{condition.instance_id} does not exist any more.")
    shown = found.iam_instance_profile
    if shown is None:
        return Held(False, f"DescribeInstances shows no instance profile on {condition.instance_id}.")
    same = shown.arn == condition.instance_profile_arn and condition.instance_profile_id in (None, shown.id)
    return Held(
        same,
        f"DescribeInstances shows {shown.name} ({shown.id}) on {condition.instance_id}.",
        msgspec.to_builtins(shown),
    )


@compare.register(c.MetadataOptionsAre)
async def _(condition: c.MetadataOptionsAre, account: AwsAccount) -> Held:
    found = await read.read_instance(account, condition.region, condition.instance_id)
    options = found.metadata_options if found else None
    if options is None:
        return Held(False, f"{condition.instance_id} has no metadata options.")
    as_set = (options.http_endpoint, options.http_tokens, options.http_put_response_hop_limit)
    same = as_set == (
        condition.http_endpoint,
        condition.http_tokens,
        condition.http_put_response_hop_limit,
    )
    applied = not condition.applied or options.state == "applied"
    return Held(
        same and applied,
        f"The metadata service of {condition.instance_id} is {options.http_endpoint}, tokens "
        f"{options.http_tokens}, hop limit {options.http_put_response_hop_limit} ({options.state}).",
        msgspec.to_builtins(options),
    )


@compare.register(c.AssociationIs)
async def _(condition: c.AssociationIs, account: AwsAccount) -> Held:
    found = await read.read_associations(account, condition.region, condition.instance_id)
    image = msgspec.to_builtins(found)
    if len(found) != 1:
        return Held(False, f"{condition.instance_id} has {_listed(found)}.", image)
    (one,) = found
    same = (
        one.state in condition.states
        and condition.association_id in (None, one.association_id)
        and _points(one, condition.instance_profile_arn, condition.instance_profile_id)
    )
    return Held(same, f"{condition.instance_id} has {_listed(found)}.", image)


@compare.register(c.AssociationListed)
async def _(condition: c.AssociationListed, account: AwsAccount) -> Held:
    found = await read.read_associations(account, condition.region, condition.instance_id)
    there = any(
        one.association_id == condition.association_id and one.state in condition.states for one in found
    )
    return Held(there, f"{condition.instance_id} has {_listed(found)}.", msgspec.to_builtins(found))


@compare.register(c.AssociationGone)
async def _(condition: c.AssociationGone, account: AwsAccount) -> Held:
    found = await read.read_associations(account, condition.region, condition.instance_id)
    there = any(
        one.association_id == condition.association_id
        and not (condition.or_leaving and one.state in _LEAVING)
        for one in found
    )
    return Held(not there, f"{condition.instance_id} has {_listed(found)}.", msgspec.to_builtins(found))


@compare.register(c.AssociationMade)
async def _(condition: c.AssociationMade, account: AwsAccount) -> Held:
    found = await read.read_associations(account, condition.region, condition.instance_id)
    made = any(
        one.state not in _LEAVING
        and _points(one, condition.instance_profile_arn, condition.instance_profile_id)
        for one in found
    )
    return Held(made, f"{condition.instance_id} has {_listed(found)}.", msgspec.to_builtins(found))


@compare.register(c.NoAssociation)
async def _(condition: c.NoAssociation, account: AwsAccount) -> Held:
    found = await read.read_associations(account, condition.region, condition.instance_id)
    return Held(not found, f"{condition.instance_id} has {_listed(found)}.", msgspec.to_builtins(found))


# -- the local AWS config ------------------------------------------------------------------------------------


@compare.register(c.ConfigFileIs)
async def _(condition: c.ConfigFileIs, account: AwsAccount) -> Held:
    try:
        text = await asyncio.to_thread(config_edit.read, condition.path)
    except config_edit.EditFailed as failed:
        return Held(None, str(failed))
    same = config_edit.digest(text) == condition.digest
    return Held(same, f"{condition.path} {'is unchanged' if same else 'was changed meanwhile'}.")


@compare.register(c.NamedProfileSets)
async def _(condition: c.NamedProfileSets, account: AwsAccount) -> Held:
    try:
        text = await asyncio.to_thread(config_edit.read, condition.path)
    except config_edit.EditFailed as failed:
        return Held(None, str(failed))
    value = config_text.value_of(text, condition.named_profile, condition.key)
    return Held(
        value == condition.value,
        f"Named profile {condition.named_profile} sets {condition.key} to {value or 'nothing'}.",
        {"key": condition.key, "value": value},
    )


# -- details -------------------------------------------------------------------------------------------------


def _points(association: Association, arn: str, instance_profile_id: str | None) -> bool:
    ref = association.iam_instance_profile
    return ref.arn == arn and instance_profile_id in (None, ref.id)


def _listed(found: tuple[Association, ...]) -> str:
    if not found:
        return "no association"
    return " and ".join(
        f"{one.association_id} to {one.iam_instance_profile.name} ({one.state})" for one in found
    )
