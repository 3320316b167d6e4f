"""Pages: every listing goes through all its items with the service's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

EC2 = ("MaxResults", "NextToken", "NextToken")
IAM = ("MaxItems", "Marker", "Marker")
AUTOSCALING = ("MaxRecords", "NextToken", "NextToken")

# Every listing with the member that holds its items, and what else has to be asked.
LISTINGS: list[tuple[str, str, str, int, dict[str, Any]]] = [
    ("iam", "ListRoles", "Roles", 1, {}),
    ("iam", "ListInstanceProfiles", "InstanceProfiles", 1, {}),
    ("iam", "ListAttachedRolePolicies", "AttachedPolicies", 1, {"RoleName": "loader"}),
    ("iam", "ListRolePolicies", "PolicyNames", 1, {"RoleName": "loader"}),
    ("iam", "ListInstanceProfileTags", "Tags", 1, {"InstanceProfileName": "web"}),
    ("iam", "GetAccountAuthorizationDetails", "RoleDetailList", 1, {"Filter": ["Role"]}),
    ("ec2", "DescribeInstances", "Reservations", 5, {}),
    ("ec2", "DescribeIamInstanceProfileAssociations", "IamInstanceProfileAssociations", 1, {}),
    ("ec2", "DescribeLaunchTemplates", "LaunchTemplates", 1, {}),
    (
        "ec2",
        "DescribeLaunchTemplateVersions",
        "LaunchTemplateVersions",
        1,
        {"Versions": ["$Latest", "$Default"]},
    ),
    ("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", 1, {}),
    ("autoscaling", "DescribeLaunchConfigurations", "LaunchConfigurations", 1, {}),
]
_WAYS = {"iam": IAM, "ec2": EC2, "autoscaling": AUTOSCALING}


async def _fill(aws: Aws) -> None:
    """Give every listing several items."""
    for name in ("first", "second"):
        await aws("iam", "PutRolePolicy", RoleName="loader", PolicyName=name, PolicyDocument="{}")
        arn = {"first": "ReadOnlyAccess", "second": "AmazonSQSFullAccess"}[name]
        await aws("iam", "AttachRolePolicy", RoleName="loader", PolicyArn=f"arn:aws:iam::aws:policy/{arn}")
        tag = {"Key": name, "Value": "x"}
        await aws("iam", "TagInstanceProfile", InstanceProfileName="web", Tags=[tag])
        data = {"ImageId": "ami-12345678"}
        await aws("ec2", "CreateLaunchTemplate", LaunchTemplateName=name, LaunchTemplateData=data)
        for _ in range(4):
            await aws("ec2", "RunInstances", ImageId="ami-12345678", MinCount=1, MaxCount=1)


def _ids(items: list[Any], member: str) -> list[str]:
    """The items, instances taken out of the reservations around them."""
    if member == "Reservations":
        return [instance["InstanceId"] for each in items for instance in each["Instances"]]
    return [repr(item) for item in items]


@pytest.mark.parametrize(("service", "operation", "member", "size", "rest"), LISTINGS)
async def test_small_pages_give_the_same_items_as_one_large_page(
    aws: Aws, service: str, operation: str, member: str, size: int, rest: dict[str, Any]
):
    await _fill(aws)
    size_name, token_in, token_out = _WAYS[service]
    whole = _ids((await aws(service, operation, **rest))[member], member)
    paged: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = await aws(service, operation, **rest, **{size_name: size}, **token)
        assert len(_ids(page[member], member)) <= size
        paged += _ids(page[member], member)
        if token_out not in page:
            break
        token = {token_in: page[token_out]}
    assert paged == whole


async def test_a_listing_that_changes_between_pages_repeats_nothing(aws: Aws):
    first = await aws("iam", "ListInstanceProfiles", MaxItems=1)
    assert [p["InstanceProfileName"] for p in first["InstanceProfiles"]] == ["spare"]
    await aws("iam", "DeleteInstanceProfile", InstanceProfileName="spare")
    await aws("iam", "CreateInstanceProfile", InstanceProfileName="a-new-one")
    second = await aws("iam", "ListInstanceProfiles", Marker=first["Marker"])
    assert [p["InstanceProfileName"] for p in second["InstanceProfiles"]] == ["web"]
    assert second["IsTruncated"] is False


@pytest.mark.parametrize(
    ("service", "operation", "token", "code"),
    [
        ("iam", "ListRoles", {"Marker": "bad"}, "ValidationError"),
        ("ec2", "DescribeInstances", {"NextToken": "bad"}, "InvalidNextToken"),
        ("autoscaling", "DescribeAutoScalingGroups", {"NextToken": "bad"}, "InvalidNextToken"),
    ],
)
async def test_a_token_that_nobody_gave(
    aws: Aws, service: str, operation: str, token: dict[str, str], code: str
):
    assert (await aws.refused(service, operation, **token)).code == code


async def test_a_token_of_another_listing(aws: Aws):
    marker = (await aws("iam", "ListRoles", MaxItems=1))["Marker"]
    refused = await aws.refused("iam", "ListInstanceProfiles", Marker=marker)
    assert refused.code == "ValidationError"


@pytest.mark.parametrize(
    ("service", "operation", "limits"),
    [
        ("ec2", "DescribeInstances", {"MaxResults": 4}),
        ("ec2", "DescribeInstances", {"MaxResults": 1001}),
        ("ec2", "DescribeLaunchTemplateVersions", {"MaxResults": 201, "Versions": ["$Latest"]}),
        ("autoscaling", "DescribeAutoScalingGroups", {"MaxRecords": 101}),
        ("iam", "ListRoles", {"MaxItems": 0}),
    ],
)
async def test_sizes_out_of_bounds(aws: Aws, service: str, operation: str, limits: dict[str, Any]):
    refused = await aws.refused(service, operation, **limits)
    assert refused.code in ("InvalidParameterValue", "ValidationError")


async def test_iam_gives_a_hundred_by_default(aws: Aws):
    aws.world.account.quotas.instance_profiles = 1000
    for place in range(101):
        await aws("iam", "CreateInstanceProfile", InstanceProfileName=f"more-{place}")
    page = await aws("iam", "ListInstanceProfiles")
    assert (len(page["InstanceProfiles"]), page["IsTruncated"]) == (100, True)


async def test_instance_ids_do_not_go_with_a_page_size(aws: Aws):
    refused = await aws.refused("ec2", "DescribeInstances", InstanceIds=["i-12345678"], MaxResults=5)
    assert refused.code == "InvalidParameterCombination"
