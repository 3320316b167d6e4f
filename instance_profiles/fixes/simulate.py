"""What IAM's simulation says of the calls of a plan, in the words of its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, NotFound
from instance_profiles.denials import simulation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.simulation import Verdict

Limit = Literal["", "explicit", "organization", "boundary"]

_BY: dict[str | None, Limit] = {
    "service-control-policy": "organization",
    "permissions-boundary": "boundary",
}
_WHO = {"organization": ", by a service control policy", "boundary": ", by your permissions boundary"}


class Simulated(msgspec.Struct, frozen=True):
    """`allowed` None: it could not be told; `detail` says why, or who denies.

    `by` tells a denial that no further Allow lifts; empty where an Allow is all that is missing.
    """

    allowed: bool | None
    detail: str
    by: Limit = ""


async def principal_arn(account: AwsAccount) -> str | Simulated:
    """The user or role behind the caller, as simulation wants it; a Simulated that says why there is none.

    The ARN of a role session has lost the role's path, so that the role itself is asked for its ARN.
    """
    try:
        arn = str((await account.identity())["Arn"])
    except AwsError as error:
        return Simulated(None, str(error))
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    if kind == "user":
        return arn
    if kind != "assumed-role":
        return Simulated(None, f"not simulated: IAM cannot simulate {arn}")
    role = rest.partition("/")[0]
    try:
        reply = await account.call("iam", "GetRole", {"RoleName": role})
    except AwsError as error:
        return Simulated(None, f"not simulated: {error}")
    return str(reply["Role"]["Arn"])


async def simulate(
    account: AwsAccount, principal: str, action: str, resources: tuple[str, ...], context: Mapping[str, str]
) -> Simulated:
    """Whether the principal may do the action on all of the resources."""
    told = await simulate_each(account, principal, action, resources, context)
    by_strictness = (False, None, True)
    return min(told.values(), key=lambda one: by_strictness.index(one.allowed))


async def simulate_each(
    account: AwsAccount, principal: str, action: str, resources: tuple[str, ...], context: Mapping[str, str]
) -> dict[str, Simulated]:
    """Whether the principal may do the action, for each of the resources."""
    values = {key: (value,) for key, value in context.items()}
    try:
        told = await simulation.simulate(account, principal, (action,), resources, values)
    except Denied:
        why = "not simulated: iam:SimulatePrincipalPolicy is denied to you"
    except NotFound:
        why = f"not simulated: IAM does not know {principal}"
    except AwsError as error:
        why = f"not simulated: {error}"
    else:
        alone = len(resources) == 1
        return {resource: _said(told[action, resource], action, resource, alone) for resource in resources}
    return dict.fromkeys(resources, Simulated(None, why))


def _said(verdict: Verdict, action: str, resource: str, alone: bool) -> Simulated:
    decision = verdict.decision
    if decision.decision == "allow":
        return Simulated(True, "simulated")
    if decision.decision == "unknown":
        return Simulated(None, f"{decision.reason[:1].lower()}{decision.reason[1:].rstrip('.')}")
    otherwise: Limit = "explicit" if decision.effect == "explicit" else ""
    by = _BY.get(decision.decided_by, otherwise)
    where = "" if alone and resource == "*" else f" on {resource}"
    how = "explicitly denied" if decision.effect == "explicit" else "not allowed"
    who = _WHO.get(by, f", by {verdict.policies[0]}" if verdict.policies else "")
    return Simulated(False, f"{action} is {how}{where}{who}", by)
