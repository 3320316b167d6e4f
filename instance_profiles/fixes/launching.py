"""Asking EC2 before a change whether it would launch with the changed data: a dry run of RunInstances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, RefusedReadOnly
from instance_profiles.fixes import probes
from instance_profiles.fixes.configuration_data import ConfigurationGone, template_data
from instance_profiles.fixes.looking import looks_at
from instance_profiles.fixes.plan import Check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Plan

NAME: Final = "EC2 would launch with it"
_OF_THE_INSTANCE_PROFILE: Final = "iam instance profile"
_DENIED: Final = (
    "ec2:RunInstances or iam:PassRole is denied to you, so that nobody can tell before. Auto Scaling asks "
    "for both as well when a group is set to a version."
)
_ONE: Final = {"MinCount": 1, "MaxCount": 1}
_ENCODED_HERE_ONLY: Final = "UserData"
"""The SDK encodes it for RunInstances; templates and configurations hold it encoded. No dry run reads it."""


class Launched(msgspec.Struct, frozen=True):
    """How a dry run of a launch ended: refused, with instances that it should not have made, or well."""

    error: AwsError | None = None
    instances: tuple[str, ...] | None = None

    @property
    def executed(self) -> str:
        """What to say where the dry run was ignored; empty where it was not."""
        if self.instances is None:
            return ""
        named = ", ".join(self.instances) or "one"
        return f"This endpoint ignored the dry run and launched {named}; terminate it."

    @property
    def blames_the_instance_profile(self) -> bool:
        """Whether EC2 refused for the instance profile, and not for what else a launch needs."""
        return self.error is not None and _OF_THE_INSTANCE_PROFILE in self.error.message.casefold()


async def dry_launch(account: AwsAccount, region: str, parameters: Mapping[str, Any]) -> Launched:
    """A dry run of RunInstances, whose model has one: EC2 honours it everywhere."""
    try:
        answer = await account.dry_run("ec2", "RunInstances", parameters, region=region)
    except AwsError as error:
        return Launched(error)
    if not answer.executed:
        return Launched()
    launched = (answer.response or {}).get("Instances", [])
    return Launched(instances=tuple(str(one.get("InstanceId")) for one in launched))


def from_template(template: Mapping[str, str], instance_profile_arn: str) -> dict[str, Any]:
    """The parameters of one launch; what is given beside a launch template stands in for what it says."""
    return {
        "LaunchTemplate": dict(template),
        "IamInstanceProfile": {"Arn": instance_profile_arn},
        **_ONE,
    }


@looks_at(probes.WouldLaunch, NAME)
async def _(probe: probes.WouldLaunch, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    try:
        parameters = await _parameters(probe, account)
    except ConfigurationGone as gone:
        return (Check(NAME, "failed", str(gone)),)
    launched = await dry_launch(account, probe.region, parameters)
    if launched.error is not None:
        return (_refused(launched, launched.error),)
    if launched.executed:
        return (Check(NAME, "failed", launched.executed),)
    return (Check(NAME, "passed", "dry run"),)


async def _parameters(probe: probes.WouldLaunch, account: AwsAccount) -> dict[str, Any]:
    if probe.launch_configuration_name is not None:
        name, arn = probe.launch_configuration_name, probe.instance_profile_arn
        data = await template_data(account, probe.region, name, arn)
        return {**{key: value for key, value in data.items() if key != _ENCODED_HERE_ONLY}, **_ONE}
    template = {"LaunchTemplateId": str(probe.launch_template_id), "Version": str(probe.version)}
    return from_template(template, probe.instance_profile_arn)


def _refused(launched: Launched, error: AwsError) -> Check:
    if isinstance(error, RefusedReadOnly):
        return Check(NAME, "unknown", "not asked: iptui was started to read only")
    if isinstance(error, Denied):
        return Check(NAME, "unknown", _DENIED)
    if error.http_status is None:
        return Check(NAME, "unknown", str(error))
    if launched.blames_the_instance_profile:
        return Check(NAME, "failed", str(error))
    # Templates may leave to the scaling group or the caller what a launch needs: subnet, image.
    return Check(NAME, "unknown", f"the template does not launch by itself: {error.message}")
