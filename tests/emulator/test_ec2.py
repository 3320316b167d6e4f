"""EC2 beyond what was recorded: dry runs of everything, filters, hidden instances, launch templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.emulator.operations.registry import OPERATIONS

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

DRY_RUN = (412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
IMAGE = {"ImageId": "ami-12345678"}


def _named(aws: Aws, name: str) -> str:
    instances = aws.world.account.region("us-east-1").instances.values()
    return next(instance.id for instance in instances if instance.tags["Name"] == name)


def _parameters(aws: Aws, operation: str) -> dict[str, Any]:
    """What each operation needs to get as far as it can."""
    region = aws.world.account.region("us-east-1")
    association = next(iter(region.associations))
    profile = {"Arn": aws.world.account.instance_profiles["web"].arn}
    template = {"LaunchTemplateName": "web"}
    one = {"InstanceIds": [_named(aws, "bare")]}
    return {
        "AssociateIamInstanceProfile": {"InstanceId": _named(aws, "bare"), "IamInstanceProfile": profile},
        "ReplaceIamInstanceProfileAssociation": {
            "AssociationId": association,
            "IamInstanceProfile": {"Arn": aws.world.account.instance_profiles["spare"].arn},
        },
        "DisassociateIamInstanceProfile": {"AssociationId": association},
        "RunInstances": {**IMAGE, "MinCount": 1, "MaxCount": 1, "IamInstanceProfile": profile},
        "StartInstances": one,
        "StopInstances": one,
        "TerminateInstances": one,
        "ModifyInstanceMetadataOptions": {"InstanceId": _named(aws, "bare"), "HttpEndpoint": "disabled"},
        "CreateLaunchTemplate": {"LaunchTemplateName": "new", "LaunchTemplateData": IMAGE},
        "CreateLaunchTemplateVersion": {**template, "LaunchTemplateData": IMAGE},
        "ModifyLaunchTemplate": {**template, "DefaultVersion": "1"},
        "DeleteLaunchTemplate": template,
        "DeleteLaunchTemplateVersions": {**template, "Versions": ["1"]},
    }.get(operation, {})


@pytest.mark.parametrize("operation", sorted(name for service, name in OPERATIONS if service == "ec2"))
async def test_a_dry_run_of_any_operation_says_yes_and_changes_nothing(aws: Aws, operation: str):
    before = aws.world.snapshot()
    parameters = _parameters(aws, operation)
    assert await aws.refused("ec2", operation, dry_run=True, **parameters) == DRY_RUN
    assert aws.world.snapshot() == before


@pytest.mark.parametrize("operation", sorted(name for service, name in OPERATIONS if service == "ec2"))
async def test_a_denial_of_any_operation_comes_before_its_effect(aws: Aws, operation: str):
    before = aws.world.snapshot()
    aws.world.deny(f"ec2:{operation}")
    refused = await aws.refused("ec2", operation, **_parameters(aws, operation))
    assert refused.code == "UnauthorizedOperation"
    encoded = "Encoded authorization failure message: " in refused.message
    assert encoded == (not operation.startswith(("Describe", "Get")))
    assert aws.world.snapshot() == before


async def _names(aws: Aws, **parameters: Any) -> list[str]:
    reply = await aws("ec2", "DescribeInstances", **parameters)
    return [
        tag["Value"]
        for reservation in reply["Reservations"]
        for instance in reservation["Instances"]
        for tag in instance["Tags"]
        if tag["Key"] == "Name"
    ]


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("tag:Name", ["web-*"], ["web-1", "web-2"]),
        ("tag-key", ["aws:autoscaling:groupName"], ["web", "web"]),
        ("instance-state-name", ["stopped"], []),
        ("iam-instance-profile.arn", ["*/web"], ["web-1", "web-2", "web", "web"]),
        ("operator.managed", ["false"], ["web-1", "web-2", "bare", "web", "web"]),
    ],
)
async def test_filters_of_instances(aws: Aws, name: str, values: list[str], found: list[str]):
    assert await _names(aws, Filters=[{"Name": name, "Values": values}]) == found


async def test_an_unknown_filter_of_instances(aws: Aws):
    refused = await aws.refused("ec2", "DescribeInstances", Filters=[{"Name": "colour", "Values": ["red"]}])
    assert refused == (400, "InvalidParameterValue", "The filter 'colour' is invalid")


async def test_managed_instances_are_hidden_unless_asked_for(aws: Aws):
    instance = aws.world.account.region("us-east-1").instances[_named(aws, "bare")]
    instance.operator, instance.hidden_by_default = "eks.amazonaws.com", True
    aws.world.changed()
    assert "bare" not in await _names(aws)
    assert "bare" in await _names(aws, IncludeManagedResources=True)
    assert await _names(aws, InstanceIds=[instance.id]) == ["bare"]


async def test_instances_that_do_not_exist(aws: Aws):
    one, other = "i-0123456789abcdef0", "i-0123456789abcdef1"
    refused = await aws.refused("ec2", "DescribeInstances", InstanceIds=[one])
    assert refused == (400, "InvalidInstanceID.NotFound", f"The instance ID '{one}' does not exist")
    refused = await aws.refused("ec2", "DescribeInstances", InstanceIds=[one, other])
    assert refused.message == f"The instance IDs '{one}, {other}' do not exist"


async def test_metadata_options_are_pending_then_applied(aws: Aws):
    bare = _named(aws, "bare")
    wanted = {"HttpEndpoint": "disabled", "HttpTokens": "optional", "HttpPutResponseHopLimit": 3}
    reply = await aws("ec2", "ModifyInstanceMetadataOptions", InstanceId=bare, **wanted)
    assert reply["InstanceMetadataOptions"]["State"] == "pending"
    aws.world.clock.advance(5)
    described = await aws("ec2", "DescribeInstances", InstanceIds=[bare])
    options = described["Reservations"][0]["Instances"][0]["MetadataOptions"]
    assert {name: options[name] for name in wanted} == wanted
    assert options["State"] == "applied"


async def test_a_terminated_instance_is_listed_for_an_hour(aws: Aws):
    bare = _named(aws, "bare")
    await aws("ec2", "TerminateInstances", InstanceIds=[bare])
    aws.world.clock.advance(3000)
    assert "bare" in await _names(aws)
    aws.world.clock.advance(1000)
    assert "bare" not in await _names(aws)


async def test_instances_launched_from_a_template_have_its_profile(aws: Aws):
    template = {"LaunchTemplateName": "web", "Version": "$Latest"}
    reply = await aws("ec2", "RunInstances", LaunchTemplate=template, MinCount=2, MaxCount=2)
    aws.world.clock.advance(10)
    ids = [instance["InstanceId"] for instance in reply["Instances"]]
    described = await aws("ec2", "DescribeInstances", InstanceIds=ids)
    [reservation] = described["Reservations"]
    for instance in reservation["Instances"]:
        assert instance["IamInstanceProfile"]["Arn"].endswith("instance-profile/web")
    associations = await aws(
        "ec2",
        "DescribeIamInstanceProfileAssociations",
        Filters=[{"Name": "instance-id", "Values": ids}],
    )
    states = [each["State"] for each in associations["IamInstanceProfileAssociations"]]
    assert states == ["associated", "associated"]


async def _versions(aws: Aws, **parameters: Any) -> list[tuple[int, bool]]:
    reply = await aws("ec2", "DescribeLaunchTemplateVersions", **parameters)
    return [(v["VersionNumber"], v["DefaultVersion"]) for v in reply["LaunchTemplateVersions"]]


async def test_a_new_version_of_a_template_takes_over_what_it_does_not_change(aws: Aws):
    name = {"LaunchTemplateName": "web"}
    arn = aws.world.account.instance_profiles["spare"].arn
    changed = {"IamInstanceProfile": {"Arn": arn}}
    made = await aws(
        "ec2", "CreateLaunchTemplateVersion", **name, SourceVersion="2", LaunchTemplateData=changed
    )
    version = made["LaunchTemplateVersion"]
    assert (version["VersionNumber"], version["DefaultVersion"]) == (4, False)
    assert version["LaunchTemplateData"]["IamInstanceProfile"] == {"Arn": arn}
    assert version["LaunchTemplateData"]["InstanceType"] == "t3.medium"
    await aws("ec2", "ModifyLaunchTemplate", **name, DefaultVersion="4")
    assert await _versions(aws, **name, Versions=["$Default"]) == [(4, True)]


async def test_versions_of_all_templates_and_of_one(aws: Aws):
    name = {"LaunchTemplateName": "web"}
    assert await _versions(aws, Versions=["$Latest", "$Default"]) == [(3, False), (2, True)]
    assert await _versions(aws, **name) == [(3, False), (2, True), (1, False)]
    assert await _versions(aws, **name, Versions=["1"]) == [(1, False)]
    refused = await aws.refused("ec2", "DescribeLaunchTemplateVersions", Versions=["1"])
    assert refused.code == "MissingParameter"


async def test_the_default_version_cannot_be_deleted(aws: Aws):
    name = {"LaunchTemplateName": "web"}
    reply = await aws("ec2", "DeleteLaunchTemplateVersions", **name, Versions=["1", "2", "9"])
    deleted = reply["SuccessfullyDeletedLaunchTemplateVersions"]
    assert [each["VersionNumber"] for each in deleted] == [1]
    kept = reply["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert [each["VersionNumber"] for each in kept] == [2, 9]


async def test_templates_that_do_not_exist(aws: Aws):
    by_name = await aws.refused("ec2", "DescribeLaunchTemplates", LaunchTemplateNames=["absent"])
    assert by_name.code == "InvalidLaunchTemplateName.NotFoundException"
    by_id = await aws.refused("ec2", "DescribeLaunchTemplates", LaunchTemplateIds=["lt-0123456789abcdef0"])
    assert by_id.code == "InvalidLaunchTemplateId.NotFound"
