"""Pacing: token buckets by region and operation, with a clock of the test's own."""

from __future__ import annotations

import pytest

from instance_profiles.aws.pacing import Pace, Rate, TokenBucket, rate_of
from instance_profiles.aws.waiting import OWN_PACE, telling


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_full_bucket_lets_its_capacity_through_at_once():
    bucket = TokenBucket(Rate(3, 2), Clock())
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]


def test_a_bucket_refills_with_time_and_never_above_its_capacity():
    clock = Clock()
    bucket = TokenBucket(Rate(2, 1), clock)
    bucket.take()
    bucket.take()
    clock.now = 1.0
    assert bucket.take() == 0
    clock.now = 1000.0
    assert [bucket.take() for _ in range(3)] == [0, 0, 1.0]


async def test_each_region_and_operation_has_a_bucket_of_its_own():
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    for _ in range(5):
        await pace.wait("ec2", "RunInstances", "eu-west-1")
    await pace.wait("ec2", "RunInstances", "us-east-1")
    await pace.wait("ec2", "DescribeInstances", "eu-west-1")
    assert clock.slept == []
    await pace.wait("ec2", "RunInstances", "eu-west-1")
    assert clock.slept == [0.5]


async def test_iam_reads_share_one_bucket_because_its_limits_hold_for_the_account():
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    for operation in ("ListRoles", "GetRole") * 10:
        await pace.wait("iam", operation, None)
    assert clock.slept == []
    await pace.wait("iam", "GetInstanceProfile", None)
    assert clock.slept == [pytest.approx(0.1)]
    await pace.wait("iam", "DeleteRole", None)
    assert len(clock.slept) == 1


@pytest.mark.parametrize(
    ("service", "operation", "rate"),
    [
        ("ec2", "DescribeInstances", Rate(100, 20)),
        ("ec2", "DescribeIamInstanceProfileAssociations", Rate(100, 20)),
        ("ec2", "AssociateIamInstanceProfile", Rate(100, 5)),
        ("ec2", "DisassociateIamInstanceProfile", Rate(100, 5)),
        ("ec2", "ReplaceIamInstanceProfileAssociation", Rate(50, 5)),
        ("ec2", "ModifyInstanceMetadataOptions", Rate(100, 5)),
        ("ec2", "RunInstances", Rate(5, 2)),
    ],
)
def test_the_documented_rates_of_ec2(service, operation, rate):
    assert rate_of(service, operation) == rate


async def test_sessions_of_one_account_share_its_buckets():
    clock, buckets = Clock(), {}
    first, second, other = (Pace(clock, clock.sleep, buckets) for _ in range(3))
    first.account = second.account = "111122223333"
    other.account = "444455556666"
    for pace in (first, second, first, second, first, other):
        await pace.wait("ec2", "RunInstances", "eu-west-1")
    assert clock.slept == []
    await second.wait("ec2", "RunInstances", "eu-west-1")
    assert clock.slept == [0.5]


async def test_who_has_to_wait_for_long_is_told():
    clock, told = Clock(), []
    pace = Pace(clock, clock.sleep)
    with telling(told.append):
        for _ in range(6):
            await pace.wait("ec2", "RunInstances", "eu-west-1")
        assert told == []
        clock.now -= 0.5
        await pace.wait("ec2", "RunInstances", "eu-west-1")
    assert told == [OWN_PACE]
    clock.now -= 10
    await pace.wait("ec2", "RunInstances", "eu-west-1")
    assert told == [OWN_PACE]
