from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import scope_ref
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.model import AccountSummary, ObjectRef
from instance_profiles.inventory.sources import ACCOUNT_SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View

NEAR_PERCENT = 80


class _Account(msgspec.Struct, frozen=True):
    summary: AccountSummary

    @property
    def ref(self) -> ObjectRef:
        return scope_ref(self.summary.account, None)


def _accounts(view: View) -> Iterable[_Account]:
    return (_Account(summary) for summary in view.inventory.account_summaries.values())


@rule(
    id="profile-quota-near",
    order=130,
    kind="account",
    severity="warning",
    title="Quota of instance profiles or roles nearly used up",
    listings=(ACCOUNT_SUMMARY,),
    subjects=_accounts,
    meaning=(
        "An account may hold a limited number of instance profiles and of roles (1,000 each by default, more "
        "on request). At the limit every tool that creates one fails: node groups, stacks, pipelines. It "
        "is a "
        f"warning from {NEAR_PERCENT} % and an error once it is full."
    ),
    detection="GetAccountSummary: `InstanceProfiles` and `Roles` against their quotas.",
    ways={
        "request-quota": "asks AWS for more, where deleting what nothing uses frees too few",
    },
    error_texts=(
        "Cannot exceed quota for InstanceProfilesPerAccount: 1000",
        "Cannot exceed quota for RolesPerAccount: 1000",
    ),
    false_positives="None is known: IAM counts for itself and sends its own limit.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)
def profile_quota_near(account: _Account, view: View) -> Draft | None:
    summary = account.summary
    quotas = [
        ("instance profiles", summary.instance_profiles, summary.instance_profiles_quota),
        ("roles", summary.roles, summary.roles_quota),
    ]
    near = [
        (what, used, quota)
        for what, used, quota in quotas
        if quota > 0 and used * 100 >= NEAR_PERCENT * quota
    ]
    if not near:
        return None
    near.sort(key=lambda entry: entry[1] / entry[2], reverse=True)
    what, used, quota = near[0]
    full = used >= quota
    return Present(
        cause=f"{used:,} of {quota:,} {what} used",
        detail=sentences(
            " ".join(
                f"The account holds {used:,} {what}; its quota is {quota:,} ({used * 100 // quota} %)."
                for what, used, quota in near
            ),
            f"No further {what} can be created." if full else f"{quota - used:,} more {what} can be created.",
            "Delete those that nothing uses, or ask for a higher quota in Service Quotas.",
        ),
        severity="error" if full else "warning",
    )
