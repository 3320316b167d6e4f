"""Parameter values that exist only once the calls before them are done, or that must be read at the moment.

A plan shows them as words and, in its command lines, as the shell text that finds the same value; applying
puts the real value in their place before anything is journalled as sent.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.fixes.configuration_data import ConfigurationGone, expression, template_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.account import AwsAccount

Replies = dict[str, dict[str, Any]]
"""The replies to the calls done so far, by operation."""


class CurrentAssociation(msgspec.Struct, frozen=True, tag_field="$current", tag="association"):
    """The id of the association that an instance has when the call is sent; Replace gives a new one."""

    region: str
    instance_id: str


class CurrentTags(msgspec.Struct, frozen=True, tag_field="$current", tag="tags"):
    """The tags an instance profile has right before it is deleted; no listing gives them."""

    instance_profile_name: str


class CurrentRole(msgspec.Struct, frozen=True, tag_field="$current", tag="role"):
    """What a role has right before it is deleted, of what no listing gives."""

    role_name: str
    member: Literal["Description", "MaxSessionDuration"]


class CurrentPolicyVersion(msgspec.Struct, frozen=True, tag_field="$current", tag="policy-version"):
    """The id of the newest version of a managed policy that says this; IAM numbers them itself."""

    policy_arn: str
    document: str


class CurrentConfiguration(msgspec.Struct, frozen=True, tag_field="$current", tag="configuration"):
    """The settings of a launch configuration as launch template data, with this instance profile."""

    region: str
    launch_configuration_name: str
    instance_profile_arn: str


class CurrentQuota(msgspec.Struct, frozen=True, tag_field="$current", tag="quota"):
    """The code of a quota of IAM; Service Quotas is asked for it by name."""

    region: str
    quota_name: str


class NewVersion(msgspec.Struct, frozen=True, tag_field="$current", tag="version"):
    """The number of the launch template version made earlier in the plan; `expected` until it is made."""

    expected: int


Current = (
    CurrentAssociation
    | CurrentTags
    | CurrentRole
    | CurrentPolicyVersion
    | CurrentConfiguration
    | CurrentQuota
    | NewVersion
)
_KINDS = (
    CurrentAssociation,
    CurrentTags,
    CurrentRole,
    CurrentPolicyVersion,
    CurrentConfiguration,
    CurrentQuota,
    NewVersion,
)


class NothingCurrent(LookupError):
    """The value does not exist: the instance has no association now."""


def is_current(value: object) -> bool:
    return isinstance(value, _KINDS)


def in_words(value: Current) -> str:
    """What stands for the value in a plan."""
    match value:
        case CurrentAssociation(instance_id=instance_id):
            return f"(the association that {instance_id} has then)"
        case CurrentTags():
            return "(the tags it has before it is deleted)"
        case CurrentRole():
            return "(as it is before the role is deleted)"
        case CurrentPolicyVersion():
            return "(the version made for this)"
        case CurrentConfiguration(launch_configuration_name=name, instance_profile_arn=arn):
            return f"(the settings of launch configuration {name}, with {arn.rpartition('/')[2]})"
        case CurrentQuota(quota_name=name):
            return f"(the code of {name})"
        case NewVersion(expected=expected):
            return str(expected)


def in_shell(value: Current, options: str = "") -> str | None:
    """Shell text that yields the value, quoted and ready to stand in a line; None where it must be left out.

    `options` are further arguments for the aws command inside, already quoted.
    """
    match value:
        case CurrentAssociation(region=region, instance_id=instance_id):
            return (
                f'"$(aws ec2 describe-iam-instance-profile-associations{options}'
                f" --region {shlex.quote(region)}"
                f" --filters Name=instance-id,Values={shlex.quote(instance_id)}"
                " Name=state,Values=associating,associated"
                " --query 'IamInstanceProfileAssociations[0].AssociationId' --output text)\""
            )
        case CurrentTags() | CurrentRole():
            return None
        case CurrentPolicyVersion(policy_arn=policy_arn):
            return (
                f'"$(aws iam list-policy-versions{options} --policy-arn {shlex.quote(policy_arn)}'
                " --query 'sort_by(Versions, &CreateDate)[-1].VersionId' --output text)\""
            )
        case CurrentConfiguration(region=region, launch_configuration_name=name, instance_profile_arn=arn):
            return (
                f'"$(aws autoscaling describe-launch-configurations{options} --region {shlex.quote(region)}'
                f" --launch-configuration-names {shlex.quote(name)}"
                f' --query {shlex.quote(expression(arn))} --output json)"'
            )
        case CurrentQuota(region=region, quota_name=name):
            query = f"Quotas[?QuotaName=='{name}'].QuotaCode | [0]"
            return (
                f'"$(aws service-quotas list-service-quotas{options} --region {shlex.quote(region)}'
                f' --service-code iam --query {shlex.quote(query)} --output text)"'
            )
        case NewVersion(expected=expected):
            return str(expected)


def revive(value: Any) -> Any:
    """The value with every `Current` that JSON turned into a plain object made whole again."""
    if isinstance(value, dict):
        if "$current" in value:
            return msgspec.convert(value, Current)
        return {key: revive(item) for key, item in value.items()}
    if isinstance(value, list):
        return [revive(item) for item in value]
    return value


async def settle(
    parameters: Mapping[str, Any], account: AwsAccount, replies: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The parameters with every `Current` replaced by its value now; a value that is nothing is left out.

    Raises NothingCurrent where an association is needed and the instance has none, and AwsError.
    """
    settled = {key: await _settle_value(value, account, replies) for key, value in parameters.items()}
    return {key: value for key, value in settled.items() if value is not None}


async def settle_lost(parameters: Mapping[str, Any], account: AwsAccount) -> dict[str, Any]:
    """The parameters with what a deletion would lose read now, before it; raises AwsError."""
    settled: dict[str, Any] = {}
    for key, value in parameters.items():
        found = value
        if isinstance(value, CurrentTags):
            found = await read_tags(value.instance_profile_name, account)
        elif isinstance(value, CurrentRole):
            found = await _role_member(value, account)
        if found or not is_current(value):
            settled[key] = found
    return settled


def settle_version(parameters: Mapping[str, Any], replies: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters with every `NewVersion` replaced by the number that AWS gave."""
    return {key: _versions(value, replies) for key, value in parameters.items()}


async def read_tags(instance_profile_name: str, account: AwsAccount) -> list[dict[str, str]]:
    """The tags of an instance profile as AWS writes them; raises AwsError."""
    reply = await account.call("iam", "GetInstanceProfile", {"InstanceProfileName": instance_profile_name})
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in reply["InstanceProfile"].get("Tags") or []]


async def _settle_value(value: Any, account: AwsAccount, replies: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, CurrentAssociation):
        return await _association_id(value, account)
    if isinstance(value, CurrentTags | CurrentRole):
        return None
    if isinstance(value, CurrentPolicyVersion):
        return await _policy_version(value, account)
    if isinstance(value, CurrentConfiguration):
        return await _configuration(value, account)
    if isinstance(value, CurrentQuota):
        return await _quota_code(value, account)
    return _versions(value, replies)


def _versions(value: Any, replies: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, NewVersion):
        made = replies.get("CreateLaunchTemplateVersion", {}).get("LaunchTemplateVersion", {})
        return str(made.get("VersionNumber", value.expected))
    if isinstance(value, list):
        return [_versions(item, replies) for item in value]
    if isinstance(value, dict):
        return {key: _versions(item, replies) for key, item in value.items()}
    return value


async def _association_id(value: CurrentAssociation, account: AwsAccount) -> str:
    # Imported here: the reading pulls in more than a plan that is only looked at needs.
    from instance_profiles.inventory.read import read_associations

    for association in await read_associations(account, value.region, value.instance_id):
        if association.state in ("associating", "associated"):
            return association.association_id
    raise NothingCurrent(f"{value.instance_id} has no instance profile association now.")


async def _policy_version(value: CurrentPolicyVersion, account: AwsAccount) -> str:
    from instance_profiles.fixes.role_reading import version_saying

    found = await version_saying(account, value.policy_arn, value.document)
    if found is None:
        raise NothingCurrent(f"No version of {value.policy_arn.rpartition('/')[2]} says what is meant.")
    return found


async def _quota_code(value: CurrentQuota, account: AwsAccount) -> str:
    from instance_profiles.fixes.quota_reading import read_quota

    found = await read_quota(account, value.region, value.quota_name)
    if found is None:
        raise NothingCurrent(f"Service Quotas lists no quota called {value.quota_name}.")
    return found.code


async def _role_member(value: CurrentRole, account: AwsAccount) -> Any:
    reply = await account.call("iam", "GetRole", {"RoleName": value.role_name})
    return reply["Role"].get(value.member)


async def _configuration(value: CurrentConfiguration, account: AwsAccount) -> dict[str, Any]:
    try:
        return await template_data(
            account, value.region, value.launch_configuration_name, value.instance_profile_arn
        )
    except ConfigurationGone as gone:
        raise NothingCurrent(str(gone)) from gone
