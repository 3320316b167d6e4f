"""Before a deletion: what other services and spot fleets launch with, also where it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.resources import Fleet
from instance_profiles.fixes.service_use import NAME
from tests.fixes.cases import CASES
from tests.fixes.estate import REGION

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Plan
    from tests.fixes.bench import Bench

FLEETS = "no spot fleet names it"


def deletion(bench: Bench) -> Plan:
    return next(case for case in CASES if case.id == "delete-instance-profile").plan(bench)


async def test_a_service_that_is_not_offered_here_is_no_use(bench: Bench) -> None:
    checks = await bench.checks(deletion(bench))
    asked = {service for service, _, _ in bench.world.requests}
    assert {"batch", "eks", "elasticbeanstalk", "elasticmapreduce"} <= asked
    assert (checks[NAME].state, checks[FLEETS].state) == ("passed", "passed")


async def test_a_compute_environment_of_another_region_refuses(bench: Bench) -> None:
    plan = deletion(bench)
    named = {"name": "nightly-render", "instance_profile": "unused", "state": ""}
    bench.world.account.region("us-east-1").elsewhere["compute-environment"] = [named]
    bench.world.changed()
    check = (await bench.checks(plan))[NAME]
    assert check.state == "failed"
    assert "Batch compute environment nightly-render in us-east-1" in check.detail


async def test_what_may_not_be_looked_at_is_unknown_and_told(bench: Bench) -> None:
    plan = deletion(bench)
    bench.world.deny("batch:DescribeComputeEnvironments", "us-east-1")
    check = (await bench.checks(plan))[NAME]
    assert check.state == "unknown"
    assert "batch:DescribeComputeEnvironments in us-east-1" in check.detail
    assert plan.typed_name == "unused"


async def test_a_spot_fleet_that_names_it_refuses_and_one_that_may_not_be_read_is_unknown(
    bench: Bench,
) -> None:
    plan = deletion(bench)
    launch = {"LaunchSpecifications": [{"IamInstanceProfile": {"Name": "unused"}}]}
    fleet = Fleet("sfr-1", bench.world.clock.now(), "active", "spot-fleet", launch)
    bench.world.account.region(REGION).fleets[fleet.id] = fleet
    bench.world.changed()
    check = (await bench.checks(plan))[FLEETS]
    assert (check.state, REGION in check.detail) == ("failed", True)
    bench.world.deny("ec2:DescribeSpotFleetRequests", REGION)
    assert (await bench.checks(plan))[FLEETS].state == "unknown"
