"""IAM beyond what was recorded: what listings of the whole account say, policies, tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


async def test_the_summary_counts_and_tells_quotas(aws: Aws):
    summary = (await aws("iam", "GetAccountSummary"))["SummaryMap"]
    assert (summary["InstanceProfiles"], summary["InstanceProfilesQuota"]) == (2, 5)
    assert (summary["Roles"], summary["RolesQuota"]) == (3, 1000)
    assert summary["AssumeRolePolicySizeQuota"] == 2048


async def test_the_alias_of_the_account(aws: Aws):
    assert (await aws("iam", "ListAccountAliases"))["AccountAliases"] == ["acme-test"]


async def test_authorization_details_hold_what_list_roles_lacks_and_the_reverse(aws: Aws):
    details = await aws("iam", "GetAccountAuthorizationDetails", Filter=["Role"])
    [web] = [role for role in details["RoleDetailList"] if role["RoleName"] == "web"]
    assert [p["InstanceProfileName"] for p in web["InstanceProfileList"]] == ["web"]
    assert [p["PolicyName"] for p in web["AttachedManagedPolicies"]] == ["AmazonSSMManagedInstanceCore"]
    assert not {"MaxSessionDuration", "Description"} & set(web)
    held = [p["InstanceProfileName"] for r in details["RoleDetailList"] for p in r["InstanceProfileList"]]
    assert "spare" not in held


async def test_a_role_comes_and_goes_with_its_policies(aws: Aws):
    loader = {"RoleName": "loader"}
    text = json.dumps(DOCUMENT)
    await aws("iam", "PutRolePolicy", **loader, PolicyName="own", PolicyDocument=text)
    got = await aws("iam", "GetRolePolicy", **loader, PolicyName="own")
    assert got["PolicyDocument"] == DOCUMENT
    assert (await aws("iam", "ListRolePolicies", **loader))["PolicyNames"] == ["own"]
    await aws("iam", "DeleteRolePolicy", **loader, PolicyName="own")
    again = await aws.refused("iam", "DeleteRolePolicy", **loader, PolicyName="own")
    assert again.code == "NoSuchEntity"


async def test_a_managed_policy_can_be_read(aws: Aws):
    arn = {"PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}
    policy = (await aws("iam", "GetPolicy", **arn))["Policy"]
    assert (policy["PolicyName"], policy["AttachmentCount"]) == ("AmazonSSMManagedInstanceCore", 1)
    version = await aws("iam", "GetPolicyVersion", **arn, VersionId=policy["DefaultVersionId"])
    assert version["PolicyVersion"]["Document"]["Statement"][0]["Effect"] == "Allow"


async def test_a_role_is_named_with_its_path_in_its_arn_only(aws: Aws):
    role = (await aws("iam", "GetRole", RoleName="loader"))["Role"]
    assert (role["Path"], role["Arn"]) == ("/data/", "arn:aws:iam::123456789012:role/data/loader")
    listed = await aws("iam", "ListRoles", PathPrefix="/data/")
    assert [each["RoleName"] for each in listed["Roles"]] == ["loader"]


async def test_tags_are_added_and_taken_away(aws: Aws):
    web = {"InstanceProfileName": "web"}
    await aws(
        "iam", "TagInstanceProfile", **web, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    )
    await aws("iam", "UntagInstanceProfile", **web, TagKeys=["a"])
    assert (await aws("iam", "ListInstanceProfileTags", **web))["Tags"] == [{"Key": "b", "Value": ""}]


async def test_update_role(aws: Aws):
    await aws("iam", "UpdateRole", RoleName="web", MaxSessionDuration=7200)
    assert (await aws("iam", "GetRole", RoleName="web"))["Role"]["MaxSessionDuration"] == 7200


async def test_simulation_refuses_what_is_no_user_or_role(aws: Aws):
    refused = await aws.refused(
        "iam",
        "SimulatePrincipalPolicy",
        PolicySourceArn="arn:aws:sts::123456789012:assumed-role/ops/evening",
        ActionNames=["iam:PassRole"],
    )
    assert refused.code == "InvalidInput"


async def test_access_analyzer_looks_at_a_trust_policy(aws: Aws):
    async def findings(document: object) -> list[str]:
        reply = await aws(
            "accessanalyzer",
            "ValidatePolicy",
            policyType="RESOURCE_POLICY",
            policyDocument=document if isinstance(document, str) else json.dumps(document),
        )
        return [finding["issueCode"] for finding in reply["findings"]]

    assert await findings("{") == ["JSON_SYNTAX_ERROR"]
    assert await findings(DOCUMENT) == ["MISSING_PRINCIPAL"]
    trusted = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    assert await findings(trusted) == []
