"""Looking at what a recipe asks for before confirmation; each probe gives one check or a few."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.errors import AwsError, RefusedReadOnly
from instance_profiles.aws.regions import enabled_regions
from instance_profiles.findings.owner import belongs
from instance_profiles.findings.owner_tags import owner_by_tags
from instance_profiles.findings.references import means
from instance_profiles.fixes import granting, launching, probes, probing_roles, quotas
from instance_profiles.fixes.currents import NothingCurrent, settle
from instance_profiles.fixes.looking import LOOKS, looks_at
from instance_profiles.fixes.plan import Check, CheckState, Plan
from instance_profiles.fixes.probing_roles import counted_size
from instance_profiles.fixes.service_use import no_service_uses
from instance_profiles.fixes.usage import (
    configuration_users,
    fleet_users,
    instance_users,
    template_users,
)
from instance_profiles.inventory import read
from instance_profiles.policies import judge_ec2_trust

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from instance_profiles.aws.account import AwsAccount

    Users = Callable[[str], Awaitable[tuple[str, ...]]]

_AT_ONCE = 8
__all__ = ["CheckState", "look"]

FURTHER = (granting, launching, probing_roles, quotas)
"""Modules that look at further probes; importing them is what makes those known."""


async def look(probe: Any, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    """The checks of one probe; trouble with AWS makes them unknown."""
    name, looking = LOOKS[type(probe)]
    try:
        return await looking(probe, plan, account)
    except AwsError as error:
        return (Check(name, "unknown", str(error)),)


@looks_at(probes.RoleTrustsEc2, "the role trusts EC2")
async def _(probe: probes.RoleTrustsEc2, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = f"role {probe.role_name} trusts EC2"
    role = await read.read_role(account, probe.role_name)
    if role is None:
        return (Check(name, "failed", f"Role {probe.role_name} does not exist any more."),)
    judged = judge_ec2_trust(role.assume_role_policy_document, plan.partition)
    if judged.decision == "allow":
        return (Check(name, "passed", judged.reason),)
    if judged.decision == "unknown":
        return (Check(name, "unknown", judged.reason),)
    return (Check(name, "failed", f"{judged.reason} Repair its trust policy first, or choose another."),)


@looks_at(probes.NameFree, "the name is free")
async def _(probe: probes.NameFree, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    wanted = probe.name.casefold()
    async for page in account.pages("iam", "ListInstanceProfiles", {"MaxItems": 1000}):
        for one in page.get("InstanceProfiles", []):
            if str(one["InstanceProfileName"]).casefold() == wanted:
                taken = f"There is {one['Arn']} already; adopt it or choose another name."
                return (Check(f"the name {probe.name} is free", "failed", taken),)
    return (Check(f"the name {probe.name} is free", "passed", "looked for in any case"),)


@looks_at(probes.InstanceProfileQuotaLeft, "the account may have one more")
async def _(probe: probes.InstanceProfileQuotaLeft, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    summary = await read.read_account_summary(account)
    left = summary.instance_profiles < summary.instance_profiles_quota
    detail = f"{summary.instance_profiles} of {summary.instance_profiles_quota} instance profiles are in use"
    return (Check("the account may have one more", "passed" if left else "failed", detail),)


@looks_at(probes.TrustPolicyFits, "the trust policy fits the quota")
async def _(probe: probes.TrustPolicyFits, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    summary = await read.read_account_summary(account)
    size = counted_size(probe.document)
    quota = summary.assume_role_policy_size_quota
    state: CheckState = "passed" if size <= quota else "failed"
    return (Check("the trust policy fits the quota", state, f"{size} of {quota} characters"),)


@looks_at(probes.NotOwnedElsewhere, "nobody else manages it")
async def _(probe: probes.NotOwnedElsewhere, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = "nobody else manages it"
    found = await read.read_instance_profile(account, probe.name)
    owner = owner_by_tags(found.tags or {}) if found else None
    if owner is not None:
        detail = f"{belongs(owner, probe.name)} Delete it there instead: in {owner.where}."
        return (Check(name, "unknown", detail),)
    return (Check(name, "passed", "no tag of CloudFormation, Terraform, Karpenter or the like"),)


@looks_at(probes.DryRunPasses, "EC2 would accept the call")
async def _(probe: probes.DryRunPasses, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    call = plan.steps[probe.step].call
    name = f"EC2 would accept {call.operation}"
    try:
        parameters = await settle(call.parameters, account, {})
        answer = await account.dry_run(call.service, call.operation, parameters, region=call.region)
    except NothingCurrent as nothing:
        return (Check(name, "failed", str(nothing)),)
    except RefusedReadOnly:
        return (Check(name, "unknown", "not asked: iptui was started to read only"),)
    except AwsError as error:
        if error.http_status is None:
            return (Check(name, "unknown", str(error)),)
        return (Check(name, "failed", str(error)),)
    if answer.executed:
        return (Check(name, "failed", "This endpoint ignored the dry run and made the call; look at it."),)
    return (Check(name, "passed", "dry run"),)


@looks_at(probes.NothingUses, "nothing uses it in any region")
async def _(probe: probes.NothingUses, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    try:
        regions = await enabled_regions(account)
    except AwsError as error:
        detail = f"The enabled regions could not be listed: {error}"
        return (Check("nothing uses it in any region", "unknown", detail),)
    names_it = {probe.arn, probe.name}.__contains__ if probe.to_the_letter else partial(means, arn=probe.arn)
    kinds: tuple[tuple[str, Users], ...] = (
        ("no instance uses it", lambda r: instance_users(account, r, probe.arn, probe.instance_profile_id)),
        ("no launch template names it", lambda region: template_users(account, region, names_it)),
        ("no launch configuration names it", lambda region: configuration_users(account, region, names_it)),
        ("no spot fleet names it", lambda region: fleet_users(account, region, names_it)),
    )
    limit = asyncio.Semaphore(_AT_ONCE)
    return tuple(
        await asyncio.gather(
            *(_no_use(name, users, regions, limit) for name, users in kinds),
            no_service_uses(account, probe.name, regions),
        )
    )


async def _no_use(name: str, users: Users, regions: tuple[str, ...], limit: asyncio.Semaphore) -> Check:
    unread: list[str] = []
    found: list[str] = []

    async def one(region: str) -> None:
        async with limit:
            try:
                found.extend(f"{user} in {region}" for user in await users(region))
            except AwsError as error:
                unread.append(f"{region} ({error.code or type(error).__name__})")

    await asyncio.gather(*(one(region) for region in regions))
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        return Check(name, "failed", f"In use: {', '.join(sorted(found)[:3])}{more}.")
    if unread:
        detail = f"Not readable: {', '.join(sorted(unread))}. A use there would be overlooked."
        return Check(name, "unknown", detail)
    return Check(name, "passed", f"looked in all {len(regions)} enabled regions")
