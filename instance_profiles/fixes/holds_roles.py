"""Comparing what conditions say of roles, their policies, and the tags of instance profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.fixes import conditions as c
from instance_profiles.fixes import role_reading
from instance_profiles.fixes.held import Held, compare
from instance_profiles.inventory import read
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

LONGEST_BY_DEFAULT = 3600
"""Seconds: what a role allows where nobody set anything else."""


@compare.register(c.RoleExists)
async def _(condition: c.RoleExists, account: AwsAccount) -> Held:
    found = await role_reading.role_detail(account, condition.name)
    if found is None:
        return Held(False, f"Role {condition.name} does not exist.")
    return Held(True, f"Role {condition.name} exists.", {"role_id": found["RoleId"]})


@compare.register(c.RoleGone)
async def _(condition: c.RoleGone, account: AwsAccount) -> Held:
    found = await role_reading.role_detail(account, condition.name)
    if found is None:
        return Held(True, f"There is no role {condition.name}.")
    return Held(False, f"Role {condition.name} exists.", {"role_id": found["RoleId"]})


@compare.register(c.RolePolicyAttached)
async def _(condition: c.RolePolicyAttached, account: AwsAccount) -> Held:
    missing = await _not_the_role(account, condition.role_name, condition.role_id)
    if missing is not None:
        return missing
    attached = await role_reading.attached_policies(account, condition.role_name) or ()
    there = condition.policy_arn in attached
    name = condition.policy_arn.rpartition("/")[2]
    return Held(
        there == condition.attached,
        f"{name} is {'' if there else 'not '}attached to {condition.role_name}.",
        {"attached_policies": list(attached)},
    )


@compare.register(c.RolePolicyIs)
async def _(condition: c.RolePolicyIs, account: AwsAccount) -> Held:
    missing = await _not_the_role(account, condition.role_name, condition.role_id)
    if missing is not None:
        return missing
    found = await role_reading.inline_policy(account, condition.role_name, condition.policy_name)
    return _same_policy(condition.document, found, condition.policy_name, condition.role_name)


@compare.register(c.RolePoliciesAre)
async def _(condition: c.RolePoliciesAre, account: AwsAccount) -> Held:
    missing = await _not_the_role(account, condition.role_name, condition.role_id)
    if missing is not None:
        return missing
    attached = await role_reading.attached_policies(account, condition.role_name) or ()
    inline = await role_reading.inline_policy_names(account, condition.role_name) or ()
    same = set(attached) == set(condition.attached) and set(inline) == set(condition.inline)
    return Held(
        same,
        f"{condition.role_name} has {'the same' if same else 'other'} policies"
        f"{'' if same else ' than when the plan was made'}.",
        {"attached_policies": list(attached), "inline_policies": list(inline)},
    )


@compare.register(c.BoundaryIs)
async def _(condition: c.BoundaryIs, account: AwsAccount) -> Held:
    found = await role_reading.role_detail(account, condition.role_name)
    missing = _another_role(found, condition.role_name, condition.role_id)
    if missing is not None or found is None:
        return missing or Held(False, f"Role {condition.role_name} does not exist any more.")
    boundary = (found.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return Held(
        boundary == condition.policy_arn,
        f"The permissions boundary of {condition.role_name} is {boundary or 'not set'}.",
        {"permissions_boundary": boundary},
    )


@compare.register(c.PolicyVersionIs)
async def _(condition: c.PolicyVersionIs, account: AwsAccount) -> Held:
    name = condition.policy_arn.rpartition("/")[2]
    found = await role_reading.default_policy_version(account, condition.policy_arn)
    if found is None:
        return Held(False, f"Policy {name} does not exist any more.")
    same = condition.version_id in (None, found.version_id) and same_document(
        found.document, condition.document
    )
    image = {"version_id": found.version_id, "document": found.document}
    as_expected = "as expected" if same else "another one than expected"
    return Held(same, f"The default version of policy {name} is {found.version_id}, {as_expected}.", image)


@compare.register(c.PolicyHasVersion)
async def _(condition: c.PolicyHasVersion, account: AwsAccount) -> Held:
    name = condition.policy_arn.rpartition("/")[2]
    found = await role_reading.version_saying(account, condition.policy_arn, condition.document)
    shown = (
        f"version {found} of policy {name} says that" if found else f"No version of policy {name} says that"
    )
    return Held(
        (found is not None) == condition.there, f"{shown[0].upper()}{shown[1:]}.", {"version_id": found}
    )


@compare.register(c.SessionDurationIs)
async def _(condition: c.SessionDurationIs, account: AwsAccount) -> Held:
    found = await role_reading.role_detail(account, condition.role_name)
    missing = _another_role(found, condition.role_name, condition.role_id)
    if missing is not None or found is None:
        return missing or Held(False, f"Role {condition.role_name} does not exist any more.")
    seconds = int(found.get("MaxSessionDuration") or LONGEST_BY_DEFAULT)
    return Held(
        seconds == condition.seconds,
        f"{condition.role_name} allows sessions of {seconds} seconds.",
        {"max_session_duration": seconds},
    )


@compare.register(c.InstanceProfileTagged)
async def _(condition: c.InstanceProfileTagged, account: AwsAccount) -> Held:
    found = await read.read_instance_profile(account, condition.name)
    if found is None:
        return Held(False, f"Instance profile {condition.name} does not exist.")
    if found.instance_profile_id != condition.instance_profile_id:
        return Held(False, f"Instance profile {condition.name} was deleted and made again meanwhile.")
    value = (found.tags or {}).get(condition.key)
    shown = "no tag" if value is None else f"the tag {value or '(empty)'} under"
    return Held(
        value == condition.value, f"{condition.name} has {shown} {condition.key}.", {"tags": found.tags}
    )


@compare.register(c.InstanceProfileContains)
async def _(condition: c.InstanceProfileContains, account: AwsAccount) -> Held:
    found = await read.read_instance_profile(account, condition.name)
    if found is None:
        return Held(False, f"Instance profile {condition.name} does not exist.")
    inside = found.role.role_name if found.role else None
    return Held(
        inside == condition.role_name,
        f"Instance profile {condition.name} holds {f'role {inside}' if inside else 'no role'}.",
        {"role": inside},
    )


# -- details -------------------------------------------------------------------------------------------------


async def _not_the_role(account: AwsAccount, name: str, role_id: str | None) -> Held | None:
    """Why the role is not the one that is meant, None where it is."""
    return _another_role(await role_reading.role_detail(account, name), name, role_id)


def _another_role(found: dict[str, Any] | None, name: str, role_id: str | None) -> Held | None:
    if found is None:
        return Held(False, f"Role {name} does not exist any more.")
    if role_id not in (None, found["RoleId"]):
        return Held(False, f"Role {name} was deleted and made again meanwhile.")
    return None


def _same_policy(wanted: str | None, found: str | None, policy_name: str, role_name: str) -> Held:
    image = {"policy_name": policy_name, "policy_document": found}
    if found is None:
        return Held(wanted is None, f"{role_name} has no inline policy {policy_name}.", image)
    same = wanted is not None and same_document(found, wanted)
    as_expected = "is as expected" if same else "is another one than expected"
    return Held(same, f"The inline policy {policy_name} of {role_name} {as_expected}.", image)
