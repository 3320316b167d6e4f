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
    told = await simulate(account, probe.principal_arn, probe.action, (probe.resource,), dict(probe.context))
    if told.allowed:
        detail = (
            f"IAM says that {probe.action} is allowed already. What denies it is no policy of the caller: a "
            "session, endpoint or resource control policy."
        )
        return (Check(LACKS, "failed", detail),)
    if told.allowed is None:
        return (Check(LACKS, "unknown", told.detail),)
    if told.by in _ELSEWHERE:
        return (Check(LACKS, "failed", f"{told.detail}. {_ELSEWHERE[told.by]}"),)
    return (Check(LACKS, "passed", told.detail),)


@looks_at(probes.HandOver, APPLICABLE)
async def _(probe: probes.HandOver, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    return (Check(APPLICABLE, "failed", f"{probe.reason} Hand over the text above."),)
