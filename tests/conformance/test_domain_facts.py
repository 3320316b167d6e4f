"""Sections 1 and 12 of the domain catalogue: the facts that shape the design, and the ready-made replies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded


async def test_fact_1_not_active_and_not_found_are_different_errors(aws: Recorded):
    association = (await aws.associate("STOPPED", "PROFILE_A"))["AssociationId"]
    replace = "ReplaceIamInstanceProfileAssociation"
    assert (await aws.refused("ec2", replace, **aws.to(association, "PROFILE_B"))).code == "IncorrectState"
    await aws.disassociate(association)
    gone = await aws.refused("ec2", replace, **aws.to(association, "PROFILE_B"))
    assert gone.code == "InvalidAssociationID.NotFound"


async def test_fact_2_a_repaired_trust_policy_ends_the_wait(aws: Recorded):
    healthy = aws.world.account.roles["profile_a"].trust
    await aws.associate("INSTANCE", "PROFILE_DENIED")
    aws.wait(30)
    assert await aws.states("INSTANCE") == ["associating"]
    await aws("iam", "UpdateAssumeRolePolicy", RoleName="PROFILE_DENIED", PolicyDocument=healthy)
    aws.wait(60)
    assert await aws.states("INSTANCE") == ["associated"]


async def test_fact_4_a_profile_without_role_attaches_but_cannot_launch(aws: Recorded):
    await aws.settled("INSTANCE", "PROFILE_EMPTY")
    refused = await aws.refused(
        "ec2",
        "RunInstances",
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        IamInstanceProfile={"Name": "PROFILE_EMPTY"},
    )
    assert refused == (
        400,
        "InvalidParameterValue",
        f'IAM Instance Profile "{aws.arn("PROFILE_EMPTY")}" has no associated IAM Roles',
    )


async def test_fact_5_during_replace_an_instance_has_two_associations(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.replace(association, "PROFILE_B")
    assert await aws.states("INSTANCE") == ["associating", "disassociating"]


async def test_fact_7_and_8_a_dry_run_tells_when_ec2_sees_a_new_profile(aws: Recorded):
    await aws("iam", "CreateInstanceProfile", InstanceProfileName="fresh")
    assert (await aws("iam", "GetInstanceProfile", InstanceProfileName="fresh"))["InstanceProfile"]
    by_name = {"InstanceId": aws.instance("INSTANCE"), "IamInstanceProfile": {"Name": "fresh"}}
    for parameters, word in ((by_name, "name"), (aws.attach("INSTANCE", "fresh"), "ARN")):
        unseen = await aws.refused("ec2", "AssociateIamInstanceProfile", dry_run=True, **parameters)
        assert unseen.code == "InvalidParameterValue"
        assert unseen.message.endswith(f"is invalid. Invalid IAM Instance Profile {word}")
    aws.wait(10)
    assert (await aws.refused_association("INSTANCE", "fresh", dry_run=True)).code == "DryRunOperation"


async def test_fact_10_denials_of_iam_lead_to_the_authorization_details(aws: Recorded):
    aws.world.deny("iam:GetInstanceProfile")
    refused = await aws.refused("iam", "GetInstanceProfile", InstanceProfileName="PROFILE_A")
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert refused.message.startswith(
        "User: arn:aws:sts::123456789012:assumed-role/LAUNCHER/probe is not authorized to perform: "
        "iam:GetInstanceProfile on resource: instance profile PROFILE_A because no identity-based policy "
        "allows the iam:GetInstanceProfile action. "
        "Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/"
    )
    address, _, authorization_id = refused.message.rpartition(
        " for complete details, or call the GetRequestAuthorizationDetails API "
        "with the following authorization id: "
    )
    assert address.endswith(f"/authorization-details/{authorization_id}")


async def test_fact_11_an_explicit_deny_carries_the_arn_of_its_policy(aws: Recorded):
    policy = "arn:aws:organizations::111122223333:policy/o-a1b2c3/service_control_policy/p-1234"
    aws.world.deny("iam:ListRoles", effect="explicit", by="service control policy", policy=policy)
    refused = await aws.refused("iam", "ListRoles")
    assert (
        "iam:ListRoles on resource: arn:aws:iam::123456789012:role/ with an explicit deny "
        f"in a service control policy: {policy}. Go to "
    ) in refused.message


async def test_fact_12_simulation_gives_one_result_per_action(aws: Recorded):
    source = aws.world.account.roles["profile_a"].arn
    roles = [aws.world.account.roles[name].arn for name in ("profile_a", "profile_b")]
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    aws.world.account.roles["profile_a"].inline["all"] = json.dumps({"Statement": [everything]})
    aws.world.deny("iam:PassRole", resource=roles[1])
    reply = await aws(
        "iam",
        "SimulatePrincipalPolicy",
        PolicySourceArn=source,
        ActionNames=["iam:PassRole", "iam:GetRole"],
        ResourceArns=roles,
    )
    passed, got = reply["EvaluationResults"]
    assert [passed["EvalActionName"], got["EvalActionName"]] == ["iam:PassRole", "iam:GetRole"]
    assert (passed["EvalDecision"], got["EvalDecision"]) == ("implicitDeny", "allowed")
    decisions = [each["EvalResourceDecision"] for each in passed["ResourceSpecificResults"]]
    assert decisions == ["allowed", "implicitDeny"]


async def test_section_12_associate_replies_four_members(aws: Recorded):
    reply = await aws.associate("INSTANCE", "PROFILE_A")
    profile = aws.world.account.instance_profiles["profile_a"]
    assert reply == {
        "AssociationId": reply["AssociationId"],
        "InstanceId": aws.instance("INSTANCE"),
        "IamInstanceProfile": {"Arn": profile.arn, "Id": profile.id},
        "State": "associating",
    }
    assert len(reply["AssociationId"]) == len("iip-assoc-") + 17


async def test_section_12_metadata_defaults(aws: Recorded):
    reply = await aws("ec2", "GetInstanceMetadataDefaults")
    assert reply["AccountLevel"] == {"ManagedBy": "account"}


@pytest.mark.parametrize("name", ["INSTANCE", "STOPPED"])
async def test_section_12_an_instance_without_profile_has_no_key_for_it(aws: Recorded, name: str):
    assert "IamInstanceProfile" not in await aws.described(name)
