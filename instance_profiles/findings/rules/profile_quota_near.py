from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.quotas import QUOTAS_PAGE, REFUSALS, accounts
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import ACCOUNT_SUMMARY

if TYPE_CHECKING:
    from instance_profiles.findings.quotas import Account
    from instance_profiles.findings.view import View

NEAR_PERCENT = 80


@rule(
    id="profile-quota-near",
    order=130,
    kind="account",
    severity="warning",
    title="Quota of instance profiles or roles nearly used up",
    listings=(ACCOUNT_SUMMARY,),
    subjects=accounts,
    meaning=(
        "An account may hold a limited number of instance profiles and of roles (1,000 each by default, more "
        "on request). At the limit every tool that creates one fails: node groups, stacks, pipelines. Now "
        "is the time to clean up, or to ask for more."
    ),
    ways={
        "request-quota": "asks AWS for more, where deleting what nothing uses frees too few",
    },
    detection=(
        "GetAccountSummary: `InstanceProfiles` and `Roles` against their quotas; told from "
        f"{NEAR_PERCENT} %. A full one is `profile-quota-exhausted`."
    ),
    error_texts=REFUSALS,
    false_positives="None is known: IAM counts for itself and sends its own limit.",
    source=QUOTAS_PAGE,
)
def profile_quota_near(account: Account, view: View) -> Draft | None:
    near = [quota for quota in account.quotas() if NEAR_PERCENT <= quota.percent < 100]
    if not near:
        return None
    first = near[0]
    return Present(
        cause=f"{first.used:,} of {first.limit:,} {first.what} used",
        detail=sentences(
            *(quota.told for quota in near),
            f"{first.limit - first.used:,} more {first.what} can be created.",
            "Delete those that nothing uses, or ask for a higher quota in Service Quotas.",
        ),
    )
