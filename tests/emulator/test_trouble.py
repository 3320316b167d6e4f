"""Trouble on request: what a test may ask of the world, seen from the SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

INSTANCES = ("ec2", "DescribeInstances")


async def test_a_denial_in_one_region(aws: Aws):
    aws.world.deny("ec2:DescribeInstances", region="eu-west-1")
    refused = await aws.refused(*INSTANCES, region="eu-west-1")
    assert refused == (
        403,
        "UnauthorizedOperation",
        (
            "You are not authorized to perform this operation. "
            "User: arn:aws:iam::123456789012:user/ops-oncall is not authorized to perform: "
            "ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action"
        ),
    )
    assert "Reservations" in await aws(*INSTANCES, region="us-east-1")


async def test_a_denial_after_the_page_was_kept(aws: Aws):
    await aws(*INSTANCES)
    aws.world.deny("ec2:*")
    assert (await aws.refused(*INSTANCES)).code == "UnauthorizedOperation"
    aws.world.allow("ec2:*")
    assert "Reservations" in await aws(*INSTANCES)


async def test_caller_identity_cannot_be_denied(aws: Aws):
    aws.world.deny("*")
    assert (await aws("sts", "GetCallerIdentity"))["Account"] == "123456789012"


async def test_an_explicit_denial_of_auto_scaling(aws: Aws):
    aws.world.deny("autoscaling:*", effect="explicit", by="service control policy")
    refused = await aws.refused("autoscaling", "DescribeLaunchConfigurations")
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert refused.message.endswith(
        "autoscaling:DescribeLaunchConfigurations with an explicit deny in a service control policy"
    )


async def test_a_throttle_refuses_so_many_times(aws: Aws):
    aws.world.throttle("DescribeInstances", times=2)
    for _ in range(2):
        refused = await aws.refused(*INSTANCES)
        assert (refused.status, refused.code) == (503, "RequestLimitExceeded")
    assert "Reservations" in await aws(*INSTANCES)
    aws.world.throttle("iam:ListRoles")
    assert (await aws.refused("iam", "ListRoles")).code == "Throttling"


async def test_a_region_that_never_answers_does_not_hold_up_another(aws: Aws):
    aws.world.hang("eu-west-1")
    silent = asyncio.create_task(aws(*INSTANCES, region="eu-west-1"))
    assert "Reservations" in await aws(*INSTANCES, region="us-east-1")
    assert not silent.done()
    silent.cancel()
    with pytest.raises(asyncio.CancelledError):
        await silent


async def test_a_delayed_answer_comes(aws: Aws):
    aws.world.delay(0.01, operation="DescribeInstances")
    assert "Reservations" in await aws(*INSTANCES)


async def test_a_web_page_instead_of_an_answer(aws: Aws):
    """It reads as XML, so that the SDK by itself takes it for an answer with nothing in it."""
    aws.world.html("ec2:DescribeInstances")
    assert "Reservations" not in await aws(*INSTANCES)
    aws.world.recover()
    assert "Reservations" in await aws(*INSTANCES)


async def test_a_page_is_compressed_for_whoever_asks(aws: Aws):
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={aws.world.caller.access_key}"
        "/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
    }
    form = {"Action": "ListRoles", "Version": "2010-05-08"}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        plain = await session.post(aws.url, data=form, headers={**headers, "Accept-Encoding": "identity"})
        packed = await session.post(aws.url, data=form, headers={**headers, "Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(await packed.read()) < len(await plain.read())
