"""Objects of IAM: instance profiles, roles, policies, and the account's counts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from instance_profiles.inventory.model.references import ObjectRef


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


class RoleDuration(msgspec.Struct, frozen=True, gc=False):
    """The `MaxSessionDuration` of one role in seconds, 3600 to 43200; no listing with policies gives it."""

    account: str
    arn: str
    max_session_duration: int


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
