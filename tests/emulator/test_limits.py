"""Token buckets: what is asked too fast is refused, and allowed again with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.limits import Limits

if TYPE_CHECKING:
    from tests.emulator.calling import Aws


def allowed(
    limits: Limits, operation: str, now: float, *, times: int, service: str = "ec2", region: str = "r"
) -> int:
    return sum(limits.allows("1", region, service, operation, now) for _ in range(times))


def test_a_bucket_gives_what_it_holds_and_refills_with_time():
    limits = Limits()
    assert allowed(limits, "RunInstances", 0.0, times=9) == 5
    assert allowed(limits, "RunInstances", 1.0, times=9) == 2
    assert allowed(limits, "RunInstances", 60.0, times=9) == 5


def test_each_api_and_region_of_ec2_has_its_own():
    limits = Limits()
    assert allowed(limits, "DescribeInstances", 0.0, times=200) == 100
    assert allowed(limits, "DescribeRegions", 0.0, times=200) == 100
    assert allowed(limits, "DescribeInstances", 0.0, times=200, region="other") == 100
    assert allowed(limits, "ReplaceIamInstanceProfileAssociation", 0.0, times=200) == 50


def test_iam_has_one_for_all_its_reads():
    limits = Limits()
    assert allowed(limits, "ListRoles", 0.0, times=60, service="iam") == 60
    assert allowed(limits, "GetRole", 0.0, times=60, service="iam") == 40


async def test_a_caller_that_is_too_fast_is_throttled_in_the_words_of_the_service(aws: Aws):
    aws.world.limits = Limits()
    for _ in range(10):
        await aws.refused("iam", "DeleteInstanceProfile", InstanceProfileName="none")
    assert (
        await aws.refused("iam", "DeleteInstanceProfile", InstanceProfileName="none")
    ).code == "Throttling"


def test_only_a_fleet_that_says_so_has_limits():
    fleet = 'regions = ["us-east-1"]\naccount = { id = "123456789012" }\n'
    assert build_world(fleet).limits is None
    assert build_world(f"limits = true\n{fleet}").limits is not None
