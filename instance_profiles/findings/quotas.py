"""How much of the quotas of IAM an account has used, for the rules that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import scope_ref
from instance_profiles.inventory.model import AccountSummary, ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View

QUOTAS_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
REFUSALS = (
    "Cannot exceed quota for InstanceProfilesPerAccount: 1000",
    "Cannot exceed quota for RolesPerAccount: 1000",
)


class Quota(msgspec.Struct, frozen=True):
    """One quota: what it counts, how many there are, how many there may be."""

    what: str
    used: int
    limit: int

    @property
    def percent(self) -> int:
        return self.used * 100 // self.limit

    @property
    def told(self) -> str:
        return (
            f"The account holds {self.used:,} {self.what}; its quota is {self.limit:,} ({self.percent:,} %)."
        )


class Account(msgspec.Struct, frozen=True):
    """An account whose counts were read; the subject of rules about quotas."""

    summary: AccountSummary

    @property
    def ref(self) -> ObjectRef:
        return scope_ref(self.summary.account, None)

    def quotas(self) -> tuple[Quota, ...]:
        """Those with a limit, the fullest first."""
        summary = self.summary
        both = (
            Quota("instance profiles", summary.instance_profiles, summary.instance_profiles_quota),
            Quota("roles", summary.roles, summary.roles_quota),
        )
        limited = [quota for quota in both if quota.limit > 0]
        return tuple(sorted(limited, key=lambda quota: quota.used / quota.limit, reverse=True))


def accounts(view: View) -> Iterable[Account]:
    return (Account(summary) for summary in view.account_summaries)
