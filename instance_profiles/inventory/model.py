"""The objects iptui knows, as AWS describes them; names are AWS's own in snake case.

Every object is frozen and knows its account; regional ones know their region. Policy documents are kept as
the JSON text that AWS sent (documents repeat, parsing is done once by `instance_profiles.policies`).
A field that may be `None` because it was *not read* says so; otherwise `None` means AWS has no value.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal[
    "instance-profile",
    "role",
    "instance",
    "association",
    "launch-template",
    "launch-configuration",
    "auto-scaling-group",
    "spot-fleet",
    "ec2-fleet",
    "named-profile",
    "caller",
    "account",
    "region",
]


class ObjectRef(msgspec.Struct, frozen=True, order=True, gc=False):
    """What names one object in findings, plans and the journal; equal refs are the same object.

    `id` is the stable key of the object's kind: AIPA... and AROA... ids, i-..., iip-assoc-..., lt-...; the
    name for scaling groups, launch configurations and named profiles; the account id or region name for
    those; the ARN for a caller. `region` is None for global objects (IAM, named profiles, accounts).
    """

    kind: Kind
    account: str
    region: str | None
    id: str
    name: str
    arn: str | None = None


class InstanceProfileRef(msgspec.Struct, frozen=True, gc=False):
    """How an instance or an association points to its instance profile (`IamInstanceProfile{Arn,Id}`)."""

    arn: str
    id: str

    @property
    def name(self) -> str:
        """The part after the last slash; instance profile names hold no slash."""
        return self.arn.rpartition("/")[2]


class ContainedRole(msgspec.Struct, frozen=True, gc=False):
    """The role inside an instance profile, with the few fields IAM lists there."""

    role_id: str
    role_name: str
    arn: str
    path: str
    create_date: datetime
    assume_role_policy_document: str


class InstanceProfile(msgspec.Struct, frozen=True, gc=False):
    """An IAM instance profile; holds at most one role (the quota is not adjustable)."""

    account: str
    instance_profile_id: str
    instance_profile_name: str
    arn: str
    path: str
    create_date: datetime
    role: ContainedRole | None
    tags: dict[str, str] | None = None
    """None when not read: ListInstanceProfiles never sends tags."""

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(
            "instance-profile",
            self.account,
            None,
            self.instance_profile_id,
            self.instance_profile_name,
            self.arn,
        )


class AttachedPolicy(msgspec.Struct, frozen=True, gc=False):
    policy_name: str
    policy_arn: str


class InlinePolicy(msgspec.Struct, frozen=True, gc=False):
    policy_name: str
    policy_document: str


class RoleLastUsed(msgspec.Struct, frozen=True, gc=False):
    """`last_used_date` is None for a role never used in IAM's tracking window of 400 days."""

    last_used_date: datetime | None = None
    region: str | None = None


class Role(msgspec.Struct, frozen=True, gc=False):
    """An IAM role. Fields that only one of the listings gives are None where it was not read."""

    account: str
    role_id: str
    role_name: str
    arn: str
    path: str
    create_date: datetime
    assume_role_policy_document: str
    max_session_duration: int | None = None
    permissions_boundary_arn: str | None = None
    last_used: RoleLastUsed | None = None
    attached_policies: tuple[AttachedPolicy, ...] | None = None
    inline_policies: tuple[InlinePolicy, ...] | None = None
    tags: dict[str, str] | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("role", self.account, None, self.role_id, self.role_name, self.arn)


class MetadataOptions(msgspec.Struct, frozen=True, gc=False):
    """The instance metadata service as the instance has it (`MetadataOptions`)."""

    state: str
    http_endpoint: str
    http_tokens: str
    http_put_response_hop_limit: int


class Operator(msgspec.Struct, frozen=True, gc=False):
    """The AWS service that manages an instance, where one does."""

    managed: bool
    principal: str | None = None
    hidden_by_default: bool = False


class Instance(msgspec.Struct, frozen=True, gc=False):
    """An EC2 instance, cut down to what instance profiles are about."""

    account: str
    region: str
    instance_id: str
    arn: str
    state: str
    instance_type: str
    availability_zone: str
    launch_time: datetime
    iam_instance_profile: InstanceProfileRef | None = None
    metadata_options: MetadataOptions | None = None
    operator: Operator | None = None
    private_ip_address: str | None = None
    tags: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The Name tag, or the id where the instance has none."""
        return self.tags.get("Name") or self.instance_id

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("instance", self.account, self.region, self.instance_id, self.name, self.arn)


class Association(msgspec.Struct, frozen=True, gc=False):
    """An instance profile association. AWS was never seen to send its `Timestamp`, so `first_seen` is ours.

    `state` is associating, associated, disassociating or disassociated. `first_seen` is when iptui first
    read this id in this state (UTC), kept by the inventory across reloads.
    """

    account: str
    region: str
    association_id: str
    instance_id: str
    iam_instance_profile: InstanceProfileRef
    state: str
    first_seen: datetime | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(
            "association", self.account, self.region, self.association_id, self.association_id, None
        )


class LaunchTemplateVersion(msgspec.Struct, frozen=True, gc=False):
    """One version of a launch template: the default one, the latest one, or both."""

    account: str
    region: str
    launch_template_id: str
    launch_template_name: str
    version_number: int
    default_version: bool
    latest_version: bool
    create_time: datetime
    iam_instance_profile_arn: str | None = None
    iam_instance_profile_name: str | None = None

    @property
    def arn(self) -> str | None:
        return None

    @property
    def ref(self) -> ObjectRef:
        """The launch template itself; a version has no identity of its own to AWS's tools."""
        return ObjectRef(
            "launch-template",
            self.account,
            self.region,
            self.launch_template_id,
            self.launch_template_name,
            None,
        )


class LaunchTemplateSpecification(msgspec.Struct, frozen=True, gc=False):
    """How a scaling group names its launch template; `version` is a number, $Latest or $Default."""

    launch_template_id: str | None
    launch_template_name: str | None
    version: str


class AutoScalingInstance(msgspec.Struct, frozen=True, gc=False):
    instance_id: str
    lifecycle_state: str
    launch_template: LaunchTemplateSpecification | None = None


class AutoScalingGroup(msgspec.Struct, frozen=True, gc=False):
    account: str
    region: str
    auto_scaling_group_name: str
    arn: str
    desired_capacity: int
    launch_templates: tuple[LaunchTemplateSpecification, ...] = ()
    """The group's own template first, then those of its mixed instances policy and overrides."""
    launch_configuration_name: str | None = None
    instances: tuple[AutoScalingInstance, ...] = ()
    tags: dict[str, str] = {}

    @property
    def ref(self) -> ObjectRef:
        name = self.auto_scaling_group_name
        return ObjectRef("auto-scaling-group", self.account, self.region, name, name, self.arn)


class LaunchConfiguration(msgspec.Struct, frozen=True, gc=False):
    account: str
    region: str
    launch_configuration_name: str
    arn: str
    iam_instance_profile: str | None = None
    """A name or an ARN, as it was written."""

    @property
    def ref(self) -> ObjectRef:
        name = self.launch_configuration_name
        return ObjectRef("launch-configuration", self.account, self.region, name, name, self.arn)


class ManagedPolicy(msgspec.Struct, frozen=True, gc=False):
    """A managed policy with the document of its default version, None where that was not read.

    GetAccountAuthorizationDetails gives the account's own policies; those of AWS are known by ARN only.
    """

    account: str
    arn: str
    policy_name: str
    document: str | None = None
    default_version_id: str | None = None
    versions: int = 1


class ScalingActivity(msgspec.Struct, frozen=True, gc=False):
    """One of the last activities of a scaling group, read for groups that lack instances."""

    account: str
    region: str
    activity_id: str
    auto_scaling_group_name: str
    status_code: str
    start_time: datetime
    description: str = ""
    status_message: str = ""
    """AWS cuts it at 255 characters."""


class Fleet(msgspec.Struct, frozen=True, gc=False):
    """A spot fleet request or an EC2 fleet that may still launch; it launches from templates or by itself.

    `iam_instance_profiles` are those that launch specifications of a spot fleet name, ARN or name as written.
    """

    account: str
    region: str
    kind: Literal["spot-fleet", "ec2-fleet"]
    fleet_id: str
    state: str
    launch_templates: tuple[LaunchTemplateSpecification, ...] = ()
    iam_instance_profiles: tuple[str, ...] = ()
    tags: dict[str, str] = {}

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(self.kind, self.account, self.region, self.fleet_id, self.fleet_id)


class MetadataDefaults(msgspec.Struct, frozen=True, gc=False):
    """The account's defaults for instance metadata in one region; None where none is set.

    `managed_by` is `account` or `declarative-policy`; the latter refuses changes from inside the account.
    """

    account: str
    region: str
    managed_by: str | None = None
    http_endpoint: str | None = None
    http_tokens: str | None = None
    http_put_response_hop_limit: int | None = None
    http_tokens_enforced: str | None = None


class ManagedNode(msgspec.Struct, frozen=True, gc=False):
    """An instance as Systems Manager knows it; `ping_status` is Online, ConnectionLost or Inactive."""

    account: str
    region: str
    instance_id: str
    ping_status: str


class ResourceTags(msgspec.Struct, frozen=True, gc=False):
    """The tags of one instance profile, by ARN, from tag:GetResources."""

    account: str
    arn: str
    tags: dict[str, str]


class RoleChange(msgspec.Struct, frozen=True, gc=False):
    """The role of an instance profile was changed at `time` (UTC), as the journal of this machine knows."""

    account: str
    instance_profile_id: str
    time: datetime
    journal_entry: str


class AccountSummary(msgspec.Struct, frozen=True, gc=False):
    """The counts and quotas of iam:GetAccountSummary that matter here."""

    account: str
    instance_profiles: int
    instance_profiles_quota: int
    roles: int
    roles_quota: int
    assume_role_policy_size_quota: int

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("account", self.account, None, self.account, self.account)


class Caller(msgspec.Struct, frozen=True, gc=False):
    """Who makes the calls, from sts:GetCallerIdentity, and where the credentials came from."""

    account: str
    arn: str
    user_id: str
    partition: str
    named_profile: str | None = None
    account_alias: str | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("caller", self.account, None, self.arn, self.arn.rpartition("/")[2], self.arn)


class NamedProfile(msgspec.Struct, frozen=True, gc=False):
    """One named profile of the local AWS config and credentials files; values as written, no secrets."""

    name: str
    has_static_keys: bool = False
    has_session_token: bool = False
    role_arn: str | None = None
    source_profile: str | None = None
    credential_source: str | None = None
    web_identity_token_file: str | None = None
    sso_session: str | None = None
    sso_account_id: str | None = None
    sso_role_name: str | None = None
    credential_process: bool = False
    login_session: str | None = None
    mfa_serial: str | None = None
    duration_seconds: str | None = None
    """As written: botocore ignores a value that is no whole number."""
    region: str | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("named-profile", "", None, self.name, self.name, self.role_arn)


Object = (
    InstanceProfile
    | Role
    | Instance
    | Association
    | LaunchTemplateVersion
    | AutoScalingGroup
    | LaunchConfiguration
    | AccountSummary
)

CoverageState = Literal["loading", "complete", "denied", "failed", "disabled"]


class EnabledRegions(msgspec.Struct, frozen=True, gc=False):
    """The regions enabled in an account, None where the listing was refused; `asked` are those being read."""

    account: str
    regions: tuple[str, ...] | None
    asked: tuple[str, ...]


class Coverage(msgspec.Struct, frozen=True, gc=False):
    """How far one source of one account and region was read.

    `source` is service:Operation, as in `ec2:DescribeInstances`; `region` is None for IAM, STS and the
    local AWS config. `cause` is a short sentence for people, None while all is well.
    """

    account: str
    region: str | None
    source: str
    state: CoverageState
    cause: str | None = None


class Batch(msgspec.Struct, frozen=True, gc=False):
    """One page of one source, or the news that the source is complete or broken.

    A load of a source starts with an empty batch in state `loading`, brings objects in further `loading`
    batches, and ends with one batch in another state. When it ends `complete`, objects of that source that
    the load did not bring again are gone; when it ends otherwise, those known before stay.
    """

    coverage: Coverage
    objects: tuple[Object, ...] = ()


class LocalConfig(msgspec.Struct, frozen=True, gc=False):
    """The named profiles of the local AWS config, all at once; source `local:aws-config`."""

    named_profiles: tuple[NamedProfile, ...]
    coverage: Coverage


LoadEvent = Batch | Caller | EnabledRegions | LocalConfig
"""What a load yields, in the order in which it becomes known."""
