"""What must hold in AWS before a call and after it, as data that can be journalled and asked again.

`instance_profiles.fixes.holds` asks AWS. A condition names everything it needs, so that a later start can
tell from the world alone whether a call that was cut off has happened.
"""

from __future__ import annotations

import msgspec


class Condition(msgspec.Struct, frozen=True, tag=True):
    """Base of all conditions."""


class InstanceProfileHolds(Condition, frozen=True):
    """The instance profile exists, with this id (None: any) and with this role inside (None: empty)."""

    name: str
    instance_profile_id: str | None
    role_id: str | None


class InstanceProfileGone(Condition, frozen=True):
    name: str


class InstanceProfileUnused(Condition, frozen=True):
    """No instance and no association in any of the regions names this ARN or holds this unique id.

    A region that cannot be read leaves it unknown; the person was asked about those before.
    """

    name: str
    arn: str
    instance_profile_id: str
    regions: tuple[str, ...]


class RoleUnchanged(Condition, frozen=True):
    """The role of this name still has this unique id."""

    name: str
    role_id: str


class TrustPolicyIs(Condition, frozen=True):
    """The trust policy says the same as this document, whatever the order of its keys."""

    role_name: str
    role_id: str
    document: str


class RoleExists(Condition, frozen=True):
    """A role of this name exists, whatever its unique id: one that is made again gets another."""

    name: str


class RoleGone(Condition, frozen=True):
    name: str


class RolePolicyAttached(Condition, frozen=True):
    """The managed policy is attached to the role, or (`attached` False) is not; role id None: any."""

    role_name: str
    role_id: str | None
    policy_arn: str
    attached: bool


class RolePolicyIs(Condition, frozen=True):
    """The inline policy of the role says this; None: the role has none of this name. Role id None: any."""

    role_name: str
    role_id: str | None
    policy_name: str
    document: str | None


class RolePoliciesAre(Condition, frozen=True):
    """The role has exactly these managed policies (ARNs) and inline policies (names)."""

    role_name: str
    role_id: str
    attached: tuple[str, ...]
    inline: tuple[str, ...]


class BoundaryIs(Condition, frozen=True):
    """The role's permissions boundary is this policy; None: it has none."""

    role_name: str
    role_id: str
    policy_arn: str | None


class PolicyVersionIs(Condition, frozen=True):
    """The default version of a managed policy says this and (None: any) has this id."""

    policy_arn: str
    version_id: str | None
    document: str


class PolicyHasVersion(Condition, frozen=True):
    """One of the versions of a managed policy says this, or (`there` False) none does."""

    policy_arn: str
    document: str
    there: bool


class SessionDurationIs(Condition, frozen=True):
    """The role's maximum session duration, in seconds."""

    role_name: str
    role_id: str
    seconds: int


class InstanceProfileTagged(Condition, frozen=True):
    """The tag of the instance profile has this value; None: there is no such tag."""

    name: str
    instance_profile_id: str
    key: str
    value: str | None


class InstanceProfileContains(Condition, frozen=True):
    """The instance profile holds the role of this name, whatever its unique id."""

    name: str
    role_name: str


class InstanceIn(Condition, frozen=True):
    region: str
    instance_id: str
    states: tuple[str, ...]


class AssociationIs(Condition, frozen=True):
    """The instance has exactly one association, and it is this one.

    None for `association_id` or `instance_profile_id` stands for any: the ids of things that the plan itself
    makes are not known before.
    """

    region: str
    instance_id: str
    association_id: str | None
    instance_profile_arn: str
    instance_profile_id: str | None
    states: tuple[str, ...]


class AssociationListed(Condition, frozen=True):
    """This association is among those of the instance, in one of these states."""

    region: str
    instance_id: str
    association_id: str
    states: tuple[str, ...]


class AssociationGone(Condition, frozen=True):
    """This association is no longer among those of the instance, or (`or_leaving`) is on its way out."""

    region: str
    instance_id: str
    association_id: str
    or_leaving: bool = False


class AssociationMade(Condition, frozen=True):
    """One of the instance's associations, settled or on its way in, points to this instance profile."""

    region: str
    instance_id: str
    instance_profile_arn: str
    instance_profile_id: str | None


class NoAssociation(Condition, frozen=True):
    region: str
    instance_id: str


class InstanceShows(Condition, frozen=True):
    """DescribeInstances shows this instance profile; it lags behind the association."""

    region: str
    instance_id: str
    instance_profile_arn: str
    instance_profile_id: str | None


class MetadataOptionsAre(Condition, frozen=True):
    """The metadata service is set like this, and (where `applied`) the setting has reached the instance."""

    region: str
    instance_id: str
    http_endpoint: str
    http_tokens: str
    http_put_response_hop_limit: int
    applied: bool = False


class LatestVersionIs(Condition, frozen=True):
    region: str
    launch_template_id: str
    version: int


class DefaultVersionIs(Condition, frozen=True):
    region: str
    launch_template_id: str
    version: int


class VersionNames(Condition, frozen=True):
    """A version (number, $Latest or $Default) of a launch template names this instance profile by ARN."""

    region: str
    launch_template_id: str
    version: str
    instance_profile_arn: str


class GroupPins(Condition, frozen=True):
    """The scaling group itself (not a mixed instances policy) launches from this version of this template."""

    region: str
    auto_scaling_group_name: str
    launch_template_id: str
    version: str


class GroupLaunchesWith(Condition, frozen=True):
    """The version that the scaling group launches from names this instance profile by ARN."""

    region: str
    auto_scaling_group_name: str
    instance_profile_arn: str


class GroupConfigured(Condition, frozen=True):
    """The scaling group launches from this launch configuration, or (None) from this launch template."""

    region: str
    auto_scaling_group_name: str
    launch_configuration_name: str | None
    launch_template_name: str | None


class LaunchTemplateNamed(Condition, frozen=True):
    """A launch template of this name exists, or (`there` False) does not."""

    region: str
    launch_template_name: str
    there: bool


class RefreshBegun(Condition, frozen=True):
    """An instance refresh of the group is under way, or none of these instances is left in it.

    With `begun` False: none is under way, and at least one of these is still a member.
    """

    region: str
    auto_scaling_group_name: str
    instance_ids: tuple[str, ...]
    begun: bool


class UserPolicyIs(Condition, frozen=True):
    """The inline policy of the user says this; None: the user has none of this name. User id None: any."""

    user_name: str
    user_id: str | None
    policy_name: str
    document: str | None


class QuotaRequested(Condition, frozen=True):
    """The quota is as high as desired, or this increase was asked for and not refused.

    With `made` False: it is lower, and no request for it is open, whatever was asked for.
    """

    region: str
    quota_name: str
    desired: float
    made: bool


class ConfigFileIs(Condition, frozen=True):
    """The local AWS config file is byte by byte as it was read; `digest` is its SHA-256 in hex."""

    path: str
    digest: str


class NamedProfileSets(Condition, frozen=True):
    """The file sets this key of the named profile to this value; None: does not set it."""

    path: str
    named_profile: str
    key: str
    value: str | None


AnyCondition = (
    InstanceProfileHolds
    | InstanceProfileGone
    | InstanceProfileUnused
    | RoleUnchanged
    | TrustPolicyIs
    | RoleExists
    | RoleGone
    | RolePolicyAttached
    | RolePolicyIs
    | RolePoliciesAre
    | BoundaryIs
    | PolicyVersionIs
    | PolicyHasVersion
    | SessionDurationIs
    | InstanceProfileTagged
    | InstanceProfileContains
    | InstanceIn
    | AssociationIs
    | AssociationListed
    | AssociationGone
    | AssociationMade
    | NoAssociation
    | InstanceShows
    | MetadataOptionsAre
    | LatestVersionIs
    | DefaultVersionIs
    | VersionNames
    | GroupPins
    | GroupLaunchesWith
    | GroupConfigured
    | LaunchTemplateNamed
    | RefreshBegun
    | UserPolicyIs
    | QuotaRequested
    | ConfigFileIs
    | NamedProfileSets
)
