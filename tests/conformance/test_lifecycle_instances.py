"""Statements 16 to 22: DescribeInstances beside the associations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded


async def test_16_it_shows_the_profile_while_the_association_is_stuck(aws: Recorded):
    await aws.associate("INSTANCE", "PROFILE_DENIED")
    aws.wait(0.2)
    assert await aws.shown_profile("INSTANCE") == "PROFILE_DENIED"
    assert await aws.states("INSTANCE") == ["associating"]


async def test_17_during_replace_it_shows_the_old_profile(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.replace(association, "PROFILE_B")
    for seconds in (0.2, 0.5):
        aws.wait(seconds)
        assert await aws.shown_profile("INSTANCE") == "PROFILE_A"
    aws.wait(5)
    assert await aws.shown_profile("INSTANCE") == "PROFILE_B"


async def test_18_after_disassociate_it_shows_the_profile_a_moment_longer(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.disassociate(association)
    aws.wait(0.4)
    assert await aws.shown_profile("INSTANCE") == "PROFILE_A"
    aws.wait(0.2)
    assert "IamInstanceProfile" not in await aws.described("INSTANCE")


async def test_19_on_a_stopped_instance_the_attached_profile_shows(aws: Recorded):
    await aws.associate("STOPPED", "PROFILE_A")
    aws.wait(1)
    described = await aws.described("STOPPED")
    assert described["State"]["Name"] == "stopped"
    assert described["IamInstanceProfile"]["Arn"] == aws.arn("PROFILE_A")


@pytest.mark.parametrize(
    ("operation", "name", "before", "after"),
    [
        ("StopInstances", "INSTANCE", "running", "stopping"),
        ("StartInstances", "STOPPED", "stopped", "pending"),
        ("TerminateInstances", "INSTANCE", "running", "shutting-down"),
    ],
)
async def test_20_the_first_read_shows_the_state_before_the_call(
    aws: Recorded, operation: str, name: str, before: str, after: str
):
    reply = await aws.change_state(operation, name)
    [changes] = [value for key, value in reply.items() if key.endswith("Instances")]
    assert changes[0]["CurrentState"]["Name"] == after
    aws.wait(0.03)
    assert (await aws.described(name))["State"]["Name"] == before
    aws.wait(0.2)
    assert (await aws.described(name))["State"]["Name"] == after


async def test_21_metadata_options_are_pending_in_every_state_but_running_and_stopped(aws: Recorded):
    async def seen(name: str) -> tuple[str, str]:
        described = await aws.described(name)
        return described["State"]["Name"], described["MetadataOptions"]["State"]

    assert await seen("INSTANCE") == ("running", "applied")
    await aws.change_state("StopInstances", "INSTANCE")
    aws.wait(1)
    assert await seen("INSTANCE") == ("stopping", "pending")
    aws.wait(30)
    assert await seen("INSTANCE") == ("stopped", "applied")
    await aws.change_state("StartInstances", "INSTANCE")
    aws.wait(1)
    assert await seen("INSTANCE") == ("pending", "pending")
    aws.wait(5)
    assert await seen("INSTANCE") == ("running", "applied")
    await aws.change_state("TerminateInstances", "INSTANCE")
    aws.wait(1)
    assert await seen("INSTANCE") == ("shutting-down", "pending")
    aws.wait(60)
    assert await seen("INSTANCE") == ("terminated", "pending")


async def test_22_launch_time_is_renewed_by_start(aws: Recorded):
    before = (await aws.described("STOPPED"))["LaunchTime"]
    await aws.change_state("StartInstances", "STOPPED")
    aws.wait(6)
    after = (await aws.described("STOPPED"))["LaunchTime"]
    assert after > before
    assert (aws.world.clock.moment() - after).total_seconds() < 7


@pytest.mark.parametrize(
    ("operation", "name", "seconds", "state"),
    [
        ("StopInstances", "INSTANCE", 26.1, "stopped"),
        ("StartInstances", "STOPPED", 5.2, "running"),
        ("TerminateInstances", "INSTANCE", 21.0, "terminated"),
    ],
)
async def test_22_changes_of_state_take_as_long_as_recorded(
    aws: Recorded, operation: str, name: str, seconds: float, state: str
):
    await aws.change_state(operation, name)
    aws.wait(seconds - 5.1)  # The recording looked every five seconds.
    assert (await aws.described(name))["State"]["Name"] != state
    aws.wait(5.1)
    assert (await aws.described(name))["State"]["Name"] == state


async def test_22_a_launched_instance_runs_after_five_seconds(aws: Recorded):
    reply = await aws("ec2", "RunInstances", ImageId="ami-12345678", MinCount=1, MaxCount=1)
    [launched] = reply["Instances"]
    assert launched["State"]["Name"] == "pending"
    aws.wait(5.2)
    described = await aws("ec2", "DescribeInstances", InstanceIds=[launched["InstanceId"]])
    assert described["Reservations"][0]["Instances"][0]["State"]["Name"] == "running"


async def test_46_ec2_keeps_trying_with_doubling_gaps(aws: Recorded):
    trust = aws.world.account.roles["profile_a"].trust
    await aws.associate("INSTANCE", "PROFILE_DENIED")
    aws.wait(1 + 3 + 6 + 1)  # The first try and two more have failed; the next comes after 11 seconds.
    assert await aws.states("INSTANCE") == ["associating"]
    await aws("iam", "UpdateAssumeRolePolicy", RoleName="PROFILE_DENIED", PolicyDocument=trust)
    aws.wait(5)
    assert await aws.states("INSTANCE") == ["associating"]
    aws.wait(6)
    assert await aws.states("INSTANCE") == ["associated"]


async def test_44_48_removing_the_role_changes_neither_association_nor_instance(aws: Recorded):
    await aws(
        "iam",
        "RemoveRoleFromInstanceProfile",
        InstanceProfileName="PROFILE_A",
        RoleName="PROFILE_A",
    )
    aws.wait(81.7)
    assert await aws.states("ATTACHED") == ["associated"]
    assert await aws.shown_profile("ATTACHED") == "PROFILE_A"
