"""The checks before confirmation: reading, simulating and modelled dry runs, nothing that changes a thing.

The injected dry runs of association calls are not among them: where a place did not honour them, they would
be the real call. They come after confirmation, as the first step of applying.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import probing
from instance_profiles.fixes.calls import LOCAL
from instance_profiles.fixes.conditions import InstanceProfileUnused
from instance_profiles.fixes.holds import all_hold, holds
from instance_profiles.fixes.plan import Check, Permission
from instance_profiles.fixes.simulate import Simulated, principal_arn, simulate
from instance_profiles.fixes.wording import claim

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.plan import Plan, Step
    from instance_profiles.inventory.inventory import Inventory

_AT_ONCE = 8
_GRANT = "grant-caller"
_GRANTABLE = f"The recipe {_GRANT} writes the policy for it."
_STATES: dict[bool | None, probing.CheckState] = {True: "passed", False: "failed", None: "unknown"}


async def preflight(plan: Plan, account: AwsAccount, inventory: Inventory) -> AsyncIterator[Check]:
    """The checks of a plan, one by one in a fixed order, while later ones are under way already.

    A failed check refuses the fix; an unknown one is a warning. Never raises for trouble with AWS.
    """
    if account.connection.read_only and plan.steps:
        detail = "iptui was started to read only; start it without --read-only to apply this."
        yield Check("read-only", "failed", detail)
    limit = asyncio.Semaphore(_AT_ONCE)

    async def limited(look: Callable[[], Awaitable[tuple[Check, ...]]]) -> tuple[Check, ...]:
        async with limit:
            return await look()

    caller = asyncio.ensure_future(_caller(plan, account))
    tasks = [asyncio.ensure_future(limited(look)) for look in _looks(plan, account, caller)]
    try:
        for task in tasks:
            for check in await task:
                yield check
    finally:
        for running in (caller, *tasks):
            running.cancel()


def looks(plan: Plan, account: AwsAccount) -> Iterable[Callable[[], Awaitable[tuple[Check, ...]]]]:
    """What a plan has looked at besides its permissions: the world as it was planned for, and the probes."""
    yield from _world_looks(plan, account)
    for probe in plan.probes:
        yield partial(probing.look, probe, plan, account)


def needs(plan: Plan) -> tuple[Permission, ...]:
    """The permissions that the calls to AWS need, each once."""
    found = (need for step in plan.steps if step.call.service != LOCAL for need in step.call.permissions)
    return tuple(
        {(need.action, need.resource, tuple(sorted(need.context.items()))): need for need in found}.values()
    )


def with_checks(plan: Plan, checks: Iterable[Check]) -> Plan:
    """The plan with the results of its checks."""
    return msgspec.structs.replace(plan, checks=tuple(checks))


def _looks(
    plan: Plan, account: AwsAccount, caller: asyncio.Future[str | Simulated]
) -> Iterable[Callable[[], Awaitable[tuple[Check, ...]]]]:
    yield from looks(plan, account)
    for (action, context), resources in _grouped(plan.steps).items():
        yield partial(_permission, plan, account, caller, action, resources, dict(context))


async def _caller(plan: Plan, account: AwsAccount) -> str | Simulated:
    if not _grouped(plan.steps):
        return Simulated(None, "no call goes to AWS")
    return await principal_arn(account)


def _world_looks(plan: Plan, account: AwsAccount) -> Iterable[Callable[[], Awaitable[tuple[Check, ...]]]]:
    """What the first step of each group builds on; several groups show as one check each."""
    firsts: dict[str, Step] = {}
    for step in plan.steps:
        firsts.setdefault(step.group, step)
    made = _made_by(plan)
    for group, step in firsts.items():
        # Who uses it is a probe of its own, which names what could not be read.
        now = tuple(
            condition
            for condition in step.before
            if condition not in made and not isinstance(condition, InstanceProfileUnused)
        )
        if len(firsts) > 2:
            yield partial(_group_as_planned, account, group, now)
        else:
            yield from (partial(_as_planned, account, condition) for condition in now)


def _made_by(plan: Plan) -> frozenset[AnyCondition]:
    """What only comes to hold by the plan itself: an instance profile that it makes or fills."""
    return frozenset(condition for step in plan.steps for condition in step.after)


async def _as_planned(account: AwsAccount, condition: AnyCondition) -> tuple[Check, ...]:
    held = await holds(condition, account)
    return (Check(claim(condition), _STATES[held.ok], held.sentence),)


async def _group_as_planned(
    account: AwsAccount, group: str, conditions: tuple[AnyCondition, ...]
) -> tuple[Check, ...]:
    held = await all_hold(conditions, account)
    return (Check(f"{group or 'everything'} is as planned", _STATES[held.ok], held.sentence),)


def _grouped(
    steps: tuple[Step, ...],
) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], tuple[str, ...]]:
    """The resources by action and context: one simulation asks for all of them."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for step in steps:
        needs: tuple[Permission, ...] = () if step.call.service == LOCAL else step.call.permissions
        for need in needs:
            resources = found.setdefault((need.action, tuple(sorted(need.context.items()))), [])
            if need.resource not in resources:
                resources.append(need.resource)
    return {key: tuple(resources) for key, resources in found.items()}


async def _permission(
    plan: Plan,
    account: AwsAccount,
    caller: asyncio.Future[str | Simulated],
    action: str,
    resources: tuple[str, ...],
    context: Mapping[str, str],
) -> tuple[Check, ...]:
    principal = await asyncio.shield(caller)
    name = f"you may {action}" + (f" on {len(resources)} objects" if len(resources) > 1 else "")
    if isinstance(principal, Simulated):
        return (Check(name, "unknown", principal.detail),)
    told = await simulate(account, principal, action, resources, context)
    # Only a missing Allow can be given, and nobody gives themselves the right to give.
    if told.allowed is not False or told.by or plan.recipe == _GRANT:
        return (Check(name, _STATES[told.allowed], told.detail),)
    lacks = tuple(Permission(action, resource, dict(context)) for resource in resources)
    return (Check(name, "failed", f"{told.detail}. {_GRANTABLE}", lacks),)
