"""Statements 1 to 15 and 23 to 25: the states of an association over time, and idempotence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded

NAMES_RDS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


async def test_01_associate_replies_associating(aws: Recorded):
    for name, profile in [("INSTANCE", "PROFILE_A"), ("STOPPED", "PROFILE_EMPTY")]:
        assert (await aws.associate(name, profile))["State"] == "associating"


async def test_01_associate_replies_associating_with_denied_trust(aws: Recorded):
    assert (await aws.associate("INSTANCE", "PROFILE_DENIED"))["State"] == "associating"


async def test_02_associating_to_associated_takes_about_a_second(aws: Recorded):
    first = await aws.associate("INSTANCE", "PROFILE_A")
    aws.wait(0.45)
    assert await aws.states("INSTANCE") == ["associating"]
    aws.wait(0.75)
    assert await aws.states("INSTANCE") == ["associated"]
    aws.wait(66)
    assert [a["AssociationId"] for a in await aws.associations("INSTANCE")] == [first["AssociationId"]]
    assert await aws.states("INSTANCE") == ["associated"]


async def test_03_with_a_trust_policy_that_denies_ec2_it_stays_associating(aws: Recorded):
    await aws.associate("INSTANCE", "PROFILE_DENIED")
    for seconds in (0.02, 29, 47):
        aws.wait(seconds)
        assert await aws.states("INSTANCE") == ["associating"]


async def test_03_with_a_trust_policy_that_names_another_service_it_stays_associating(aws: Recorded):
    trust = json.dumps(NAMES_RDS)
    await aws("iam", "UpdateAssumeRolePolicy", RoleName="PROFILE_A", PolicyDocument=trust)
    await aws.associate("INSTANCE", "PROFILE_A")
    aws.wait(76)
    assert await aws.states("INSTANCE") == ["associating"]


async def test_04_replace_replies_a_new_id_and_both_are_listed_new_one_first(aws: Recorded):
    old = await aws.settled("INSTANCE", "PROFILE_A")
    new = await aws.replace(old, "PROFILE_B")
    assert new["AssociationId"] != old
    assert new["State"] == "associating"
    aws.wait(0.45)
    listed = await aws.associations("INSTANCE")
    assert [(a["AssociationId"], a["State"]) for a in listed] == [
        (new["AssociationId"], "associating"),
        (old, "disassociating"),
    ]
    aws.wait(90.2)
    left = await aws.associations("INSTANCE")
    assert [(a["AssociationId"], a["State"]) for a in left] == [(new["AssociationId"], "associated")]
    assert left[0]["IamInstanceProfile"]["Arn"] == aws.arn("PROFILE_B")


async def test_05_replace_with_the_profile_it_has_changes_nothing(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    again = await aws.replace(association, "PROFILE_A")
    assert (again["AssociationId"], again["State"]) == (association, "associated")
    assert await aws.states("INSTANCE") == ["associated"]


async def test_06_disassociate_replies_disassociating_with_the_same_id(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    reply = await aws.disassociate(association)
    assert (reply["AssociationId"], reply["State"]) == (association, "disassociating")


async def test_06_disassociate_also_ends_one_that_is_still_associating(aws: Recorded):
    healthy = await aws.associate("INSTANCE", "PROFILE_A")
    assert (await aws.disassociate(healthy["AssociationId"]))["State"] == "disassociating"
    aws.wait(10)
    stuck = await aws.associate("INSTANCE", "PROFILE_DENIED")
    aws.wait(76)
    assert (await aws.disassociate(stuck["AssociationId"]))["State"] == "disassociating"
    aws.wait(10)
    assert await aws.states("INSTANCE") == []


async def test_07_it_is_gone_from_describe_after_half_a_second(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.disassociate(association)
    aws.wait(0.19)
    assert await aws.states("INSTANCE") == ["disassociating"]
    aws.wait(0.39)
    assert await aws.states("INSTANCE") == []


async def test_08_after_disassociate_a_new_associate_works(aws: Recorded):
    first = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.disassociate(first)
    aws.wait(10)
    second = await aws.associate("INSTANCE", "PROFILE_A")
    assert second["AssociationId"] != first


async def test_09_associate_on_a_stopped_instance_replies_associating(aws: Recorded):
    assert (await aws.associate("STOPPED", "PROFILE_A"))["State"] == "associating"


async def test_10_disassociate_on_a_stopped_instance_is_done_at_once(aws: Recorded):
    association = await aws.associate("STOPPED", "PROFILE_A")
    assert (await aws.disassociate(association["AssociationId"]))["State"] == "disassociated"
    aws.wait(0.03)
    assert (await aws.associate("STOPPED", "PROFILE_EMPTY"))["State"] == "associating"


async def test_11_replace_on_a_stopped_instance_is_refused(aws: Recorded):
    association = (await aws.associate("STOPPED", "PROFILE_A"))["AssociationId"]
    aws.wait(0.03)
    refused = await aws.refused(
        "ec2", "ReplaceIamInstanceProfileAssociation", **aws.to(association, "PROFILE_B")
    )
    assert refused == (
        400,
        "IncorrectState",
        f"The association {association} is not the active association",
    )


async def test_11_replace_is_refused_on_one_that_was_stopped_after_it_was_associated(aws: Recorded):
    association = (await aws.associations("ATTACHED"))[0]["AssociationId"]
    await aws.change_state("StopInstances", "ATTACHED")
    aws.wait(30)
    refused = await aws.refused(
        "ec2", "ReplaceIamInstanceProfileAssociation", **aws.to(association, "PROFILE_B")
    )
    assert refused.code == "IncorrectState"
    assert refused.message == f"The association {association} is not the active association"


async def test_13_after_start_the_association_is_associated_at_the_first_look(aws: Recorded):
    await aws.associate("STOPPED", "PROFILE_EMPTY")
    aws.wait(20)
    await aws.change_state("StartInstances", "STOPPED")
    aws.wait(5.5)
    assert (await aws.described("STOPPED"))["State"]["Name"] == "running"
    assert await aws.states("STOPPED") == ["associated"]


async def test_14_a_terminated_instance_loses_its_profile_while_shutting_down(aws: Recorded):
    await aws.change_state("TerminateInstances", "ATTACHED")
    aws.wait(10.5)
    assert await aws.shown_profile("ATTACHED") == "PROFILE_A"
    aws.wait(5.3)
    described = await aws.described("ATTACHED")
    assert (described["State"]["Name"], described.get("IamInstanceProfile")) == ("shutting-down", None)
    aws.wait(5.2)
    described = await aws.described("ATTACHED")
    assert (described["State"]["Name"], described.get("IamInstanceProfile")) == ("terminated", None)
    assert await aws.associations("ATTACHED") == []


async def test_15_associate_on_a_terminated_instance_is_refused(aws: Recorded):
    await aws.change_state("TerminateInstances", "INSTANCE")
    aws.wait(30)
    assert await aws.refused_association("INSTANCE", "PROFILE_A") == (
        400,
        "IncorrectInstanceState",
        f"The instance '{aws.instance('INSTANCE')}' is not in the 'running' or 'stopped' states.",
    )


async def test_15_no_association_carries_a_timestamp_or_a_name(aws: Recorded):
    seen = [await aws.associate("INSTANCE", "PROFILE_A"), *await aws.associations("ATTACHED")]
    seen.append(await aws.disassociate(seen[0]["AssociationId"]))
    for association in seen:
        assert set(association) == {"AssociationId", "InstanceId", "IamInstanceProfile", "State"}
        assert set(association["IamInstanceProfile"]) == {"Arn", "Id"}


async def test_23_disassociate_again_while_it_lasts_succeeds_with_the_same_body(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    first = await aws.disassociate(association)
    aws.wait(0.02)
    assert await aws.disassociate(association) == first


async def test_23_disassociate_of_an_id_that_is_gone_is_not_found(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.replace(association, "PROFILE_B")
    aws.wait(174.5)
    refused = await aws.refused("ec2", "DisassociateIamInstanceProfile", AssociationId=association)
    assert refused.code == "InvalidAssociationID.NotFound"


async def test_24_associate_of_the_same_profile_again_is_refused(aws: Recorded):
    there_is_one = f"There is an existing association for instance {aws.instance('INSTANCE')}"
    await aws.associate("INSTANCE", "PROFILE_A")
    assert await aws.refused_association("INSTANCE", "PROFILE_A") == (400, "IncorrectState", there_is_one)
    aws.wait(10)
    assert await aws.refused_association("INSTANCE", "PROFILE_A") == (400, "IncorrectState", there_is_one)


async def test_25_terminate_of_a_terminated_instance_succeeds(aws: Recorded):
    await aws.change_state("TerminateInstances", "INSTANCE")
    aws.wait(30)
    reply = await aws.change_state("TerminateInstances", "INSTANCE")
    change = reply["TerminatingInstances"][0]
    assert (change["PreviousState"]["Code"], change["CurrentState"]["Code"]) == (48, 48)
