"""Looking, before a caller is given a permission, whether that permission is what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from instance_profiles.fixes import probes
from instance_profiles.fixes.looking import looks_at
from instance_profiles.fixes.plan import Check
from instance_profiles.fixes.simulate import simulate

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Plan

LACKS: Final = "an Allow is what is missing"
APPLICABLE: Final = "it can be attached from here"
_ELSEWHERE: Final = {
    "explicit": "No Allow helps against a Deny; find it and change it.",
    "organization": "No Allow helps here; hand it to the administrators of the organization.",
    "boundary": "No Allow helps here; whoever owns the permissions boundary must widen it.",
}


@looks_at(probes.LacksPermission, LACKS)
async def _(probe: probes.LacksPermission, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    told = [
        await simulate(account, probe.principal_arn, action, (resource,), context)
        for action, resource, context in probe.wanted
    ]
    if all(one.allowed for one in told):
        actions = " and ".join(dict.fromkeys(action for action, _, _ in probe.wanted))
        detail = (
            f"IAM says that {actions} is allowed already. What denies it is no policy of the caller: a "
            "session, endpoint or resource control policy."
        )
        return (Check(LACKS, "failed", detail),)
    for one in told:
        if one.by in _ELSEWHERE:
            return (Check(LACKS, "failed", f"{one.detail}. {_ELSEWHERE[one.by]}"),)
    unknown = [one.detail for one in told if one.allowed is None]
    if unknown:
        return (Check(LACKS, "unknown", unknown[0]),)
    lacking = [one.detail for one in told if not one.allowed]
    more = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
    return (Check(LACKS, "passed", f"{lacking[0]}{more}"),)


@looks_at(probes.HandOver, APPLICABLE)
async def _(probe: probes.HandOver, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    return (Check(APPLICABLE, "failed", f"{probe.reason} Hand over the text above."),)
