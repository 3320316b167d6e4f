"""From answers to the model: documents, optional parts, and where launch templates hide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from instance_profiles.inventory import from_aws
from instance_profiles.inventory.model import LaunchTemplateSpecification, MetadataOptions, RoleLastUsed

ACCOUNT = "111122223333"


def test_a_document_keeps_the_order_of_its_keys():
    assert from_aws.document({"Version": "2012-10-17", "Statement": [], "Id": "é"}) == (
        '{"Version":"2012-10-17","Statement":[],"Id":"é"}'
    )


def test_a_document_that_the_sdk_could_not_parse_stays_readable_text():
    assert from_aws.document("%7B%22Version%22%3A%20oops%7D") == '{"Version": oops}'


def test_an_instance_with_nothing_but_the_needful():
    found = from_aws.instance(
        ACCOUNT, "aws-cn", "cn-north-1", {"InstanceId": "i-1", "State": {"Name": "pending"}}
    )
    assert found.arn == "arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-1"
    assert (found.state, found.name, found.tags) == ("pending", "i-1", {})
    assert (found.iam_instance_profile, found.metadata_options, found.operator) == (None, None, None)


def test_an_instance_with_all_of_it():
    launched = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    found = from_aws.instance(
        ACCOUNT,
        "aws",
        "eu-west-1",
        {
            "InstanceId": "i-1",
            "State": {"Name": "running"},
            "InstanceType": "m7g.large",
            "Placement": {"AvailabilityZone": "eu-west-1b"},
            "LaunchTime": launched,
            "PrivateIpAddress": "10.0.0.1",
            "IamInstanceProfile": {
                "Arn": "arn:aws:iam::111122223333:instance-profile/app/web",
                "Id": "AIPA1",
            },
            "MetadataOptions": {
                "State": "applied",
                "HttpEndpoint": "disabled",
                "HttpTokens": "required",
                "HttpPutResponseHopLimit": 2,
            },
            "Operator": {"Managed": True, "Principal": "eks.amazonaws.com", "HiddenByDefault": True},
            "Tags": [{"Key": "Name", "Value": "web-1"}],
        },
    )
    assert found.launch_time == launched
    assert found.launch_time.tzinfo is UTC
    assert found.name == "web-1"
    assert (found.iam_instance_profile.name, found.iam_instance_profile.id) == ("web", "AIPA1")
    assert found.metadata_options == MetadataOptions("applied", "disabled", "required", 2)
    assert (found.operator.managed, found.operator.principal) == (True, "eks.amazonaws.com")


def test_tags_that_were_not_sent_are_unknown_and_not_none():
    answer = {
        "InstanceProfileId": "AIPA1",
        "InstanceProfileName": "web",
        "Arn": "arn:aws:iam::111122223333:instance-profile/web",
        "Roles": [],
    }
    assert from_aws.instance_profile(ACCOUNT, answer).tags is None
    assert from_aws.instance_profile(ACCOUNT, {**answer, "Tags": []}).tags == {}


def test_a_role_never_used_differs_from_one_whose_use_was_not_read():
    answer = {"RoleId": "AROA1", "RoleName": "web", "Arn": "arn:aws:iam::111122223333:role/web"}
    assert from_aws.listed_role(ACCOUNT, answer).last_used is None
    assert from_aws.single_role(ACCOUNT, {**answer, "RoleLastUsed": {}}).last_used == RoleLastUsed()
    detailed = from_aws.role_with_policies(ACCOUNT, answer)
    assert (detailed.attached_policies, detailed.inline_policies, detailed.tags) == ((), (), {})


def test_the_templates_of_a_group_are_its_own_and_those_of_its_mixed_policy():
    def named(template: str, version: str | None = None) -> dict[str, str]:
        return {"LaunchTemplateId": template} | ({"Version": version} if version else {})

    found = from_aws.auto_scaling_group(
        ACCOUNT,
        "eu-west-1",
        {
            "AutoScalingGroupName": "web",
            "MixedInstancesPolicy": {
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": named("lt-1", "$Latest"),
                    "Overrides": [
                        {"InstanceType": "m7g.large"},
                        {"LaunchTemplateSpecification": named("lt-2", "4")},
                        {"LaunchTemplateSpecification": named("lt-2", "4")},
                        {"LaunchTemplateSpecification": named("lt-3")},
                    ],
                }
            },
            "Instances": [
                {"InstanceId": "i-1", "LifecycleState": "InService", "LaunchTemplate": named("lt-1", "3")}
            ],
        },
    )
    assert found.launch_templates == (
        LaunchTemplateSpecification("lt-1", None, "$Latest"),
        LaunchTemplateSpecification("lt-2", None, "4"),
        LaunchTemplateSpecification("lt-3", None, "$Default"),
    )
    assert found.instances[0].launch_template == LaunchTemplateSpecification("lt-1", None, "3")


def test_the_partition_of_a_caller_is_that_of_its_arn():
    answer = {"Account": ACCOUNT, "UserId": "AIDA1", "Arn": "arn:aws-us-gov:iam::111122223333:user/kim"}
    found = from_aws.caller(answer, "gov")
    assert (found.partition, found.named_profile, found.account) == ("aws-us-gov", "gov", ACCOUNT)
