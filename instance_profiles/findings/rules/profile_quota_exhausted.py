from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.quotas import QUOTAS_PAGE, REFUSALS, accounts
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, sentences
from instance_profiles.inventory.sources import ACCOUNT_SUMMARY

if TYPE_CHECKING:
    from instance_profiles.findings.quotas import Account
    from instance_profiles.findings.view import View


@rule(
    id="profile-quota-exhausted",
    order=132,
    kind="account",
    severity="error",
    title="Quota of instance profiles or roles used up",
    listings=(ACCOUNT_SUMMARY,),
    subjects=accounts,
    ways={
        "request-quota": "asks AWS for more, where deleting what nothing uses frees too few",
    },
    meaning=(
        "No further instance profile, or no further role, can be created in the account. What runs goes on; "
        "node groups, stacks and pipelines that create one fail."
    ),
    detection="GetAccountSummary: `InstanceProfiles` or `Roles` is as high as its quota, or higher.",
    error_texts=REFUSALS,
    false_positives=(
        "None is known: IAM counts for itself and sends its own limit. What was deleted seconds ago may "
        "still be counted."
    ),
    source=QUOTAS_PAGE,
)
def profile_quota_exhausted(account: Account, view: View) -> Draft | None:
    full = [quota for quota in account.quotas() if quota.used >= quota.limit]
    if not full:
        return None
    return Present(
        cause=f"all {full[0].limit:,} {full[0].what} used",
        detail=sentences(
            *(quota.told for quota in full),
            f"No further {listed(quota.what for quota in full)} can be created.",
            "Delete those that nothing uses (they are told as unused), or ask for a higher quota in Service "
            "Quotas.",
        ),
    )
