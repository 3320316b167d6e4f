"""Scaling groups: what they launch from, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

WEB = {"AutoScalingGroupName": "web"}


async def _group(aws: Aws) -> dict[str, Any]:
    reply = await aws("autoscaling", "DescribeAutoScalingGroups", AutoScalingGroupNames=["web"])
    return dict(reply["AutoScalingGroups"][0])


async def test_a_group_shows_its_template_and_its_instances(aws: Aws):
    group = await _group(aws)
    assert group["LaunchTemplate"]["LaunchTemplateName"] == "web"
    assert group["LaunchTemplate"]["Version"] == "$Latest"
    versions = [instance["LaunchTemplate"]["Version"] for instance in group["Instances"]]
    assert versions == ["3", "3"]
    assert {instance["LifecycleState"] for instance in group["Instances"]} == {"InService"}


async def test_a_group_is_given_another_version(aws: Aws):
    template = {"LaunchTemplateName": "web", "Version": "1"}
    await aws("autoscaling", "UpdateAutoScalingGroup", **WEB, LaunchTemplate=template)
    group = await _group(aws)
    assert group["LaunchTemplate"]["Version"] == "1"
    assert group["LaunchTemplate"]["LaunchTemplateId"].startswith("lt-")


async def test_a_template_that_could_not_launch_is_refused(aws: Aws):
    for name in ("spare", "absent"):
        data = {"ImageId": "ami-12345678", "IamInstanceProfile": {"Name": name}}
        await aws("ec2", "CreateLaunchTemplate", LaunchTemplateName=name, LaunchTemplateData=data)
        template = {"LaunchTemplateName": name, "Version": "1"}
        refused = await aws.refused("autoscaling", "UpdateAutoScalingGroup", **WEB, LaunchTemplate=template)
        assert refused.code == "ValidationError"
        assert refused.message.startswith("You must use a valid fully-formed launch template. ")


async def test_a_template_whose_role_may_not_be_passed_is_refused(aws: Aws):
    aws.world.deny("iam:PassRole")
    template = {"LaunchTemplateName": "web", "Version": "1"}
    refused = await aws.refused("autoscaling", "UpdateAutoScalingGroup", **WEB, LaunchTemplate=template)
    assert refused == (
        400,
        "ValidationError",
        (
            "You must use a valid fully-formed launch template. "
            "You are not authorized to perform this operation."
        ),
    )


async def test_a_group_that_does_not_exist(aws: Aws):
    refused = await aws.refused("autoscaling", "StartInstanceRefresh", AutoScalingGroupName="absent")
    assert refused == (400, "ValidationError", "AutoScalingGroup name not found - null")


async def test_a_refresh_replaces_the_instances(aws: Aws):
    before = {instance["InstanceId"] for instance in (await _group(aws))["Instances"]}
    await aws("autoscaling", "StartInstanceRefresh", **WEB)
    again = await aws.refused("autoscaling", "StartInstanceRefresh", **WEB)
    assert again.code == "InstanceRefreshInProgress"
    aws.world.clock.advance(60)
    after = {instance["InstanceId"] for instance in (await _group(aws))["Instances"]}
    assert len(after) == 2
    assert not after & before
    refreshes = await aws("autoscaling", "DescribeInstanceRefreshes", **WEB)
    assert [refresh["Status"] for refresh in refreshes["InstanceRefreshes"]] == ["Successful"]


async def test_a_refresh_that_cannot_launch_fails_and_says_why(aws: Aws):
    await aws("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="web", RoleName="web")
    await aws("autoscaling", "StartInstanceRefresh", **WEB)
    aws.world.clock.advance(60)
    assert len((await _group(aws))["Instances"]) == 2
    activities = (await aws("autoscaling", "DescribeScalingActivities", **WEB))["Activities"]
    assert activities[0]["StatusCode"] == "Failed"
    assert "has no associated IAM Roles" in activities[0]["StatusMessage"]
