"""Statements 26 and 49 to 53: IAM's idempotence, and the shapes of its answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
        ],
    }
)
SLOT_FULL = (409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
PROFILE_A_ROLE_B = {"InstanceProfileName": "PROFILE_A", "RoleName": "PROFILE_B"}


@pytest.mark.parametrize("role", ["PROFILE_A", "PROFILE_B"])
async def test_26_add_role_to_a_profile_that_has_one(aws: Recorded, role: str):
    refused = await aws.refused(
        "iam", "AddRoleToInstanceProfile", InstanceProfileName="PROFILE_A", RoleName=role
    )
    assert refused == SLOT_FULL


async def test_26_remove_role_again_or_of_another_role(aws: Recorded):
    other = await aws.refused("iam", "RemoveRoleFromInstanceProfile", **PROFILE_A_ROLE_B)
    assert (other.status, other.code) == (404, "NoSuchEntity")
    own = {"InstanceProfileName": "PROFILE_A", "RoleName": "PROFILE_A"}
    await aws("iam", "RemoveRoleFromInstanceProfile", **own)
    again = await aws.refused("iam", "RemoveRoleFromInstanceProfile", **own)
    assert (again.status, again.code) == (404, "NoSuchEntity")


async def test_26_a_filled_profile_and_a_role_in_a_profile_cannot_be_deleted(aws: Recorded):
    in_profile = (
        409,
        "DeleteConflict",
        "Cannot delete entity, must remove roles from instance profile first.",
    )
    assert await aws.refused("iam", "DeleteInstanceProfile", InstanceProfileName="PROFILE_A") == in_profile
    assert await aws.refused("iam", "DeleteRole", RoleName="PROFILE_A") == in_profile


async def test_49_a_new_profile_has_an_empty_list_of_roles_and_tags_only_if_given(aws: Recorded):
    plain = await aws("iam", "CreateInstanceProfile", InstanceProfileName="plain")
    assert plain["InstanceProfile"]["Roles"] == []
    assert "Tags" not in plain["InstanceProfile"]
    tags = [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}]
    tagged = await aws("iam", "CreateInstanceProfile", InstanceProfileName="tagged", Tags=tags)
    assert tagged["InstanceProfile"]["Tags"] == tags


async def test_49_tags_are_in_get_but_not_in_the_listings(aws: Recorded):
    tags = [{"Key": "team", "Value": "b"}]
    await aws("iam", "TagInstanceProfile", InstanceProfileName="PROFILE_A", Tags=tags)
    got = await aws("iam", "GetInstanceProfile", InstanceProfileName="PROFILE_A")
    assert got["InstanceProfile"]["Tags"] == tags
    listed = await aws("iam", "ListInstanceProfiles")
    for_role = await aws("iam", "ListInstanceProfilesForRole", RoleName="PROFILE_A")
    for profile in [*listed["InstanceProfiles"], *for_role["InstanceProfiles"]]:
        assert "Tags" not in profile


async def test_50_a_role_inside_a_profile_has_six_members(aws: Recorded):
    got = await aws("iam", "GetInstanceProfile", InstanceProfileName="PROFILE_A")
    listed = await aws("iam", "ListInstanceProfilesForRole", RoleName="PROFILE_A")
    for profile in (got["InstanceProfile"], listed["InstanceProfiles"][0]):
        assert set(profile["Roles"][0]) == {
            "Path",
            "RoleName",
            "RoleId",
            "Arn",
            "CreateDate",
            "AssumeRolePolicyDocument",
        }


async def test_51_which_operation_shows_what_of_a_role(aws: Recorded):
    boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    wanted: dict[str, Any] = {
        "RoleName": "new",
        "Description": "words",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": boundary,
        "Tags": [{"Key": "team", "Value": "a"}],
    }
    created = (await aws("iam", "CreateRole", AssumeRolePolicyDocument=TRUST, **wanted))["Role"]
    assert not {"Description", "MaxSessionDuration"} & set(created)
    roles = (await aws("iam", "ListRoles"))["Roles"]
    [listed] = [role for role in roles if role["RoleName"] == "new"]
    assert (listed["Description"], listed["MaxSessionDuration"]) == ("words", 7200)
    assert not {"PermissionsBoundary", "Tags", "RoleLastUsed"} & set(listed)
    got = (await aws("iam", "GetRole", RoleName="new"))["Role"]
    assert (got["Description"], got["MaxSessionDuration"], got["Tags"]) == ("words", 7200, wanted["Tags"])
    assert got["RoleLastUsed"] == {}
    assert got["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": boundary,
    }


async def test_52_the_trust_document_comes_back_with_its_keys_in_another_order(aws: Recorded):
    await aws("iam", "CreateRole", RoleName="new", AssumeRolePolicyDocument=TRUST)
    document = (await aws("iam", "GetRole", RoleName="new"))["Role"]["AssumeRolePolicyDocument"]
    assert document == json.loads(TRUST)
    assert list(document["Statement"][0]) == ["Effect", "Principal", "Action"]


async def test_53_what_cannot_be_found_is_named(aws: Recorded):
    profile = await aws.refused("iam", "GetInstanceProfile", InstanceProfileName="absent")
    assert profile == (404, "NoSuchEntity", "Instance Profile absent cannot be found.")
    role = await aws.refused("iam", "GetRole", RoleName="absent")
    assert role == (404, "NoSuchEntity", "The role with name absent cannot be found.")
    removed = await aws.refused(
        "iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="PROFILE_EMPTY", RoleName="absent"
    )
    assert removed == role


async def test_53_delete_right_after_remove_works_and_read_after_delete_is_right(aws: Recorded):
    await aws("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="PROFILE_B", RoleName="PROFILE_B")
    aws.wait(0.04)
    await aws("iam", "DeleteInstanceProfile", InstanceProfileName="PROFILE_B")
    aws.wait(0.05)
    gone = await aws.refused("iam", "GetInstanceProfile", InstanceProfileName="PROFILE_B")
    assert gone.code == "NoSuchEntity"
