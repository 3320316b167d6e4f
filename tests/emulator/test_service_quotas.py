"""Service Quotas: the quotas of IAM in their one region, and requests for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

IAM = {"ServiceCode": "iam"}


async def test_the_quotas_are_those_that_iam_counts_by(aws: Aws):
    reply = await aws("service-quotas", "ListServiceQuotas", region="us-east-1", **IAM)
    found = {one["QuotaName"]: one for one in reply["Quotas"]}
    assert found["Instance profiles per account"]["Value"] == 5
    assert all(one["Adjustable"] for one in found.values())


async def test_they_are_in_no_other_region(aws: Aws):
    refused = await aws.refused("service-quotas", "ListServiceQuotas", region="eu-west-1", **IAM)
    assert refused.code == "NoSuchResourceException"


async def test_a_request_is_listed_and_stands_alone(aws: Aws):
    wanted = {**IAM, "QuotaCode": "L-6E65F664"}
    ask = {"region": "us-east-1", **wanted, "DesiredValue": 2000.0}
    made = (await aws("service-quotas", "RequestServiceQuotaIncrease", **ask))["RequestedQuota"]
    assert (made["Status"], made["DesiredValue"]) == ("PENDING", 2000)
    history = "ListRequestedServiceQuotaChangeHistoryByQuota"
    (listed,) = (await aws("service-quotas", history, region="us-east-1", **wanted))["RequestedQuotas"]
    assert (listed["Id"], listed["Created"]) == (made["Id"], made["Created"])
    refused = await aws.refused("service-quotas", "RequestServiceQuotaIncrease", **ask)
    assert refused.code == "ResourceAlreadyExistsException"
