"""Section 5 of the domain catalogue: the error of each entry that names one, word by word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded

RUN = {"ImageId": "ami-12345678", "MinCount": 1, "MaxCount": 1}
ROLE = "arn:aws:iam::123456789012:role/"


async def test_profile_already_exists_whatever_the_case(aws: Recorded):
    for name in ("PROFILE_A", "profile_a"):
        refused = await aws.refused("iam", "CreateInstanceProfile", InstanceProfileName=name)
        assert refused == (409, "EntityAlreadyExists", f"Instance Profile {name} already exists.")


async def test_profile_made_again_has_another_id(aws: Recorded):
    first = await aws("iam", "GetInstanceProfile", InstanceProfileName="PROFILE_EMPTY")
    await aws("iam", "DeleteInstanceProfile", InstanceProfileName="PROFILE_EMPTY")
    second = await aws("iam", "CreateInstanceProfile", InstanceProfileName="PROFILE_EMPTY")
    before, after = first["InstanceProfile"], second["InstanceProfile"]
    assert before["Arn"] == after["Arn"]
    assert before["InstanceProfileId"] != after["InstanceProfileId"]
    assert after["InstanceProfileId"].startswith("AIPA")


async def test_profile_quota_exhausted(aws: Recorded):
    aws.world.account.quotas.instance_profiles = 4
    refused = await aws.refused("iam", "CreateInstanceProfile", InstanceProfileName="one-more")
    assert refused == (409, "LimitExceeded", "Cannot exceed quota for InstanceProfilesPerAccount: 4")


async def test_profile_reference_path_in_name(aws: Recorded):
    in_iam = await aws.refused("iam", "GetInstanceProfile", InstanceProfileName="app/PROFILE_A")
    assert (in_iam.status, in_iam.code) == (400, "ValidationError")
    assert in_iam.message.endswith(
        "at 'instanceProfileName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]+"
    )
    in_ec2 = await aws.refused("ec2", "RunInstances", **RUN, IamInstanceProfile={"Name": "app/PROFILE_A"})
    assert in_ec2.message.endswith("Invalid IAM Instance Profile name")


async def test_profile_deleted_while_instances_use_it(aws: Recorded):
    """IAM lets it go; the instance keeps pointing to an id that is no more, also when it is made again."""
    await aws("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="PROFILE_A", RoleName="PROFILE_A")
    await aws("iam", "DeleteInstanceProfile", InstanceProfileName="PROFILE_A")
    created = await aws("iam", "CreateInstanceProfile", InstanceProfileName="PROFILE_A")
    shown = (await aws.described("ATTACHED"))["IamInstanceProfile"]
    assert shown["Arn"] == created["InstanceProfile"]["Arn"]
    assert shown["Id"] != created["InstanceProfile"]["InstanceProfileId"]


async def test_role_service_linked_cannot_be_changed(aws: Recorded):
    aws.world.account.roles["profile_b"].path = "/aws-service-role/ec2.amazonaws.com/"
    refused = await aws.refused("iam", "UpdateRole", RoleName="PROFILE_B", MaxSessionDuration=7200)
    assert refused == (
        400,
        "UnmodifiableEntity",
        (
            "Cannot perform the operation on the protected role 'PROFILE_B' - "
            "this role is only modifiable by AWS"
        ),
    )


async def test_role_delete_blocked(aws: Recorded):
    own = {"RoleName": "LAUNCHER"}
    await aws("iam", "PutRolePolicy", **own, PolicyName="inline", PolicyDocument="{}")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    await aws("iam", "AttachRolePolicy", **own, PolicyArn=arn)
    attached = await aws.refused("iam", "DeleteRole", **own)
    assert attached == (409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
    await aws("iam", "DetachRolePolicy", **own, PolicyArn=arn)
    inline = await aws.refused("iam", "DeleteRole", **own)
    assert inline == (409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
    await aws("iam", "DeleteRolePolicy", **own, PolicyName="inline")
    await aws("iam", "DeleteRole", **own)
    assert (await aws.refused("iam", "GetRole", **own)).code == "NoSuchEntity"


@pytest.mark.parametrize("state", ["pending", "stopping", "shutting-down", "terminated"])
async def test_instance_state_blocks_change(aws: Recorded, state: Any):
    aws.world.account.region("us-east-1").instances[aws.instance("INSTANCE")].state = state
    refused = await aws.refused_association("INSTANCE", "PROFILE_A")
    assert refused.code == "IncorrectInstanceState"


async def test_association_already_exists_also_while_the_old_one_goes(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.disassociate(association)
    refused = await aws.refused_association("INSTANCE", "PROFILE_A")
    there_is_one = f"There is an existing association for instance {aws.instance('INSTANCE')}"
    assert refused == (400, "IncorrectState", there_is_one)


@pytest.mark.parametrize("profile", ["PROFILE_A", "PROFILE_DENIED"])
async def test_association_in_transition_cannot_be_replaced(aws: Recorded, profile: str):
    association = (await aws.associate("INSTANCE", profile))["AssociationId"]
    refused = await aws.refused(
        "ec2", "ReplaceIamInstanceProfileAssociation", **aws.to(association, "PROFILE_B")
    )
    assert refused.message == f"The association {association} is not the active association"


async def test_lt_profile_missing_is_never_checked_but_at_launch(aws: Recorded):
    data = {"ImageId": "ami-12345678", "IamInstanceProfile": {"Name": "absent"}}
    made = await aws("ec2", "CreateLaunchTemplate", LaunchTemplateName="lt", LaunchTemplateData=data)
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}
    run = {"LaunchTemplate": template, "MinCount": 1, "MaxCount": 1}
    for dry_run in (True, False):
        refused = await aws.refused("ec2", "RunInstances", **run, DryRun=dry_run)
        assert refused == (
            400,
            "InvalidParameterValue",
            (
                "Value (absent) for parameter iamInstanceProfile.name is invalid. "
                "Invalid IAM Instance Profile name"
            ),
        )


async def test_passrole_denied_when_a_role_is_added(aws: Recorded):
    aws.world.deny("iam:PassRole")
    refused = await aws.refused(
        "iam", "AddRoleToInstanceProfile", InstanceProfileName="PROFILE_EMPTY", RoleName="PROFILE_A"
    )
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert f"is not authorized to perform: iam:PassRole on resource: {ROLE}PROFILE_A" in refused.message


async def test_passrole_denied_at_launch(aws: Recorded):
    aws.world.deny("iam:PassRole")
    refused = await aws.refused("ec2", "RunInstances", **RUN, IamInstanceProfile={"Name": "PROFILE_A"})
    assert refused.code == "UnauthorizedOperation"
    assert f"iam:PassRole on resource: {ROLE}PROFILE_A" in refused.message
    refused = await aws.refused("ec2", "RunInstances", **RUN, DryRun=True)
    assert refused.code == "DryRunOperation"


@pytest.mark.parametrize(
    ("effect", "by", "clause"),
    [
        (
            "implicit",
            "identity-based policy",
            "because no identity-based policy allows the iam:ListRoles action",
        ),
        (
            "explicit",
            "identity-based policy",
            "with an explicit deny in an identity-based policy",
        ),
        (
            "implicit",
            "permissions boundary",
            "because no permissions boundary allows the iam:ListRoles action",
        ),
        ("explicit", "permissions boundary", "with an explicit deny in a permissions boundary"),
        ("explicit", "resource control policy", "with an explicit deny in a resource control policy"),
    ],
)
async def test_caller_denied_by_each_kind_of_policy(aws: Recorded, effect: Any, by: str, clause: str):
    aws.world.deny("iam:ListRoles", effect=effect, by=by)
    refused = await aws.refused("iam", "ListRoles")
    assert f"iam:ListRoles on resource: arn:aws:iam::123456789012:role/ {clause}. Go to" in refused.message


async def test_chain_duration_over_1h(aws: Recorded):
    """The caller of the recording is a role's session; the role itself would allow 12 hours."""
    role = aws.world.account.roles["launcher"]
    role.max_session_duration = 43200
    wanted = {"RoleArn": role.arn, "RoleSessionName": "chained"}
    refused = await aws.refused("sts", "AssumeRole", **wanted, DurationSeconds=3601)
    assert refused == (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    reply = await aws("sts", "AssumeRole", **wanted, DurationSeconds=3600)
    assert reply["AssumedRoleUser"]["Arn"].endswith(":assumed-role/LAUNCHER/chained")


async def test_duration_over_the_maximum_of_the_role(aws: Recorded):
    aws.world.caller.chained = False
    refused = await aws.refused(
        "sts",
        "AssumeRole",
        RoleArn=aws.world.account.roles["launcher"].arn,
        RoleSessionName="long",
        DurationSeconds=7200,
    )
    assert refused == (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )


async def test_role_trust_denies_the_caller(aws: Recorded):
    arn = aws.world.account.roles["profile_a"].arn
    refused = await aws.refused("sts", "AssumeRole", RoleArn=arn, RoleSessionName="app")
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert refused.message.endswith(f"is not authorized to perform: sts:AssumeRole on resource: {arn}")


async def test_malformed_trust_policy(aws: Recorded):
    for document in ("{", json.dumps({"Version": "2012-10-17"})):
        refused = await aws.refused(
            "iam", "UpdateAssumeRolePolicy", RoleName="PROFILE_A", PolicyDocument=document
        )
        assert (refused.status, refused.code) == (400, "MalformedPolicyDocument")


async def test_trust_policy_larger_than_its_quota(aws: Recorded):
    statement = {"Effect": "Allow", "Principal": {"AWS": ["1" * 12] * 200}, "Action": "sts:AssumeRole"}
    refused = await aws.refused(
        "iam",
        "UpdateAssumeRolePolicy",
        RoleName="PROFILE_A",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    assert refused == (409, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
