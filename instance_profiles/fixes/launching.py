"""Asking EC2 before a change whether it would launch with the changed data: a dry run of RunInstances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from instance_profiles.aws.errors import AwsError, Denied, RefusedReadOnly
from instance_profiles.fixes import probes
from instance_profiles.fixes.configuration_data import ConfigurationGone, template_data
from instance_profiles.fixes.looking import looks_at
from instance_profiles.fixes.plan import Check

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Plan

NAME: Final = "EC2 would launch with it"
_OF_THE_INSTANCE_PROFILE: Final = "iam instance profile"
_DENIED: Final = (
    "ec2:RunInstances or iam:PassRole is denied to you, so that nobody can tell before. Auto Scaling asks "
    "for both as well when a group is set to a version."
)
_ENCODED_HERE_ONLY: Final = "UserData"
"""The SDK encodes it for RunInstances; templates and configurations hold it encoded. No dry run reads it."""


@looks_at(probes.WouldLaunch, NAME)
async def _(probe: probes.WouldLaunch, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    try:
        parameters = await _parameters(probe, account)
    except ConfigurationGone as gone:
        return (Check(NAME, "failed", str(gone)),)
    try:
        answer = await account.dry_run("ec2", "RunInstances", parameters, region=probe.region)
    except AwsError as error:
        return (_refused(error),)
    if answer.executed:
        ids = [str(one.get("InstanceId")) for one in (answer.response or {}).get("Instances", [])]
        detail = f"This endpoint ignored the dry run and launched {', '.join(ids) or 'one'}; terminate it."
        return (Check(NAME, "failed", detail),)
    return (Check(NAME, "passed", "dry run"),)


async def _parameters(probe: probes.WouldLaunch, account: AwsAccount) -> dict[str, Any]:
    one = {"MinCount": 1, "MaxCount": 1}
    if probe.launch_configuration_name is not None:
        name, arn = probe.launch_configuration_name, probe.instance_profile_arn
        data = await template_data(account, probe.region, name, arn)
        return {**{key: value for key, value in data.items() if key != _ENCODED_HERE_ONLY}, **one}
    # What is given beside a launch template stands in for what the template says.
    return {
        "LaunchTemplate": {
            "LaunchTemplateId": probe.launch_template_id,
            "Version": str(probe.version),
        },
        "IamInstanceProfile": {"Arn": probe.instance_profile_arn},
        **one,
    }


def _refused(error: AwsError) -> Check:
    if isinstance(error, RefusedReadOnly):
        return Check(NAME, "unknown", "not asked: iptui was started to read only")
    if isinstance(error, Denied):
        return Check(NAME, "unknown", _DENIED)
    if error.http_status is None:
        return Check(NAME, "unknown", str(error))
    if _OF_THE_INSTANCE_PROFILE in error.message.casefold():
        return Check(NAME, "failed", str(error))
    # Templates may leave to the scaling group or the caller what a launch needs: subnet, image.
    return Check(NAME, "unknown", f"the template does not launch by itself: {error.message}")
