"""The quotas of IAM in Service Quotas, and the increases that were asked for, read live.

Service Quotas keeps the quotas of IAM in one region of each partition. Its codes are looked up by the name
of the quota, because no document promises them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import NotFound

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

SERVICE: Final = "iam"
OPEN: Final = ("PENDING", "CASE_OPENED")
GRANTED: Final = "APPROVED"


class Quota(msgspec.Struct, frozen=True):
    """One quota as it is applied to the account now."""

    name: str
    code: str
    value: float
    adjustable: bool


class QuotaRequest(msgspec.Struct, frozen=True):
    """An increase that somebody asked for; `status` as AWS writes it."""

    desired: float
    status: str
    created: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


async def read_quota(account: AwsAccount, region: str, name: str) -> Quota | None:
    """The quota of this name, None where Service Quotas lists none (servicequotas:ListServiceQuotas)."""
    wanted = {"ServiceCode": SERVICE, "MaxResults": 100}
    try:
        async for page in account.pages("service-quotas", "ListServiceQuotas", wanted, region=region):
            for one in page.get("Quotas", []):
                if one.get("QuotaName") == name and one.get("Value") is not None:
                    return _quota(one)
    except NotFound:
        return None
    return None


async def requests_for(account: AwsAccount, region: str, code: str) -> tuple[QuotaRequest, ...]:
    """What was asked for, the latest first (servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota)."""
    operation = "ListRequestedServiceQuotaChangeHistoryByQuota"
    wanted = {"ServiceCode": SERVICE, "QuotaCode": code, "MaxResults": 100}
    found: list[QuotaRequest] = []
    try:
        async for page in account.pages("service-quotas", operation, wanted, region=region):
            found += [
                QuotaRequest(float(one["DesiredValue"]), str(one["Status"]), one.get("Created"))
                for one in page.get("RequestedQuotas", [])
            ]
    except NotFound:
        return ()
    return tuple(sorted(found, key=lambda one: one.created.timestamp() if one.created else 0, reverse=True))


def _quota(one: dict[str, Any]) -> Quota:
    return Quota(
        str(one["QuotaName"]), str(one["QuotaCode"]), float(one["Value"]), bool(one.get("Adjustable"))
    )
