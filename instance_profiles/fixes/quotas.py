"""Looking at quotas and at what was asked for: the probe before a request, and the condition around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.offered import why_not_offered
from instance_profiles.fixes import conditions as c
from instance_profiles.fixes import probes
from instance_profiles.fixes.held import Held, compare
from instance_profiles.fixes.looking import looks_at
from instance_profiles.fixes.plan import Check
from instance_profiles.fixes.quota_reading import GRANTED, read_quota, requests_for

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Plan
    from instance_profiles.fixes.quota_reading import QuotaRequest

NAME: Final = "AWS raises this quota on request"


@looks_at(probes.QuotaAdjustable, NAME)
async def _(probe: probes.QuotaAdjustable, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    try:
        quota = await read_quota(account, probe.region, probe.quota_name)
    except AwsError as error:
        lacking = await why_not_offered(account, error, crash_counts=True)
        if lacking is None:
            raise
        return (Check(NAME, "failed", f"{lacking} Ask AWS Support for it instead."),)
    if quota is None:
        detail = f"Service Quotas lists no quota called {probe.quota_name}; ask AWS Support for it instead."
        return (Check(NAME, "failed", detail),)
    if not quota.adjustable:
        return (Check(NAME, "failed", f"{probe.quota_name} cannot be raised; delete what nothing uses."),)
    return (Check(NAME, "passed", f"{quota.code}, {quota.value:,.0f} now"),)


@compare.register(c.QuotaRequested)
async def _(condition: c.QuotaRequested, account: AwsAccount) -> Held:
    quota = await read_quota(account, condition.region, condition.quota_name)
    if quota is None:
        return Held(None, f"Service Quotas lists no quota called {condition.quota_name}.")
    made = await requests_for(account, condition.region, quota.code)
    image = {"value": quota.value, "requests": [msgspec.to_builtins(one) for one in made]}
    if condition.made:
        return _asked_for(condition, quota.value, made, image)
    waiting = next((one for one in made if one.is_open), None)
    if waiting is not None:
        since = f" since {waiting.created:%Y-%m-%d}" if waiting.created else ""
        sentence = f"A request for {waiting.desired:,.0f} is open{since}; wait for its answer."
        return Held(False, sentence, image)
    enough = quota.value >= condition.desired
    return Held(not enough, f"{condition.quota_name} is {quota.value:,.0f} now.", image)


def _asked_for(
    condition: c.QuotaRequested, value: float, made: tuple[QuotaRequest, ...], image: object
) -> Held:
    wish = f"{condition.desired:,.0f}"
    if value >= condition.desired:
        return Held(True, f"{condition.quota_name} is {value:,.0f} now.", image)
    for one in made:
        if one.desired == condition.desired and (one.is_open or one.status == GRANTED):
            return Held(True, f"The request for {wish} is {one.status.lower().replace('_', ' ')}.", image)
    return Held(False, f"No request for {wish} is listed.", image)
