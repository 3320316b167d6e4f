"""What is looked at before confirmation, as data; `instance_profiles.fixes.preflight` does the looking.

The permissions of the calls, the conditions that must hold now and the read-only switch are looked at for
every plan; the probes here are what a recipe asks for besides.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class RoleTrustsEc2(msgspec.Struct, frozen=True, tag=True):
    """The role, read now, lets EC2 assume it; otherwise instances would lose their credentials."""

    role_name: str
    role_id: str


class NameFree(msgspec.Struct, frozen=True, tag=True):
    """No instance profile has this name, whatever its case."""

    name: str


class InstanceProfileQuotaLeft(msgspec.Struct, frozen=True, tag=True):
    """The account may have one more instance profile."""


class TrustPolicyFits(msgspec.Struct, frozen=True, tag=True):
    """The document is no longer than the account's quota for trust policies."""

    document: str


class NothingUses(msgspec.Struct, frozen=True, tag=True):
    """No instance, association, launch template or launch configuration in any enabled region uses it.

    What means it and misses it by path or case counts as a use, unless references are taken `to_the_letter`.
    """

    name: str
    arn: str
    instance_profile_id: str
    to_the_letter: bool = False


class NotOwnedElsewhere(msgspec.Struct, frozen=True, tag=True):
    """No tag says that CloudFormation, Terraform, Karpenter or the like owns the instance profile."""

    name: str


class MetadataNotGoverned(msgspec.Struct, frozen=True, tag=True):
    """No declarative policy of the organization governs the metadata service in this region."""

    region: str


class PolicyThere(msgspec.Struct, frozen=True, tag=True):
    """A managed policy of this ARN exists and can be attached."""

    policy_arn: str


class AttachmentsLeft(msgspec.Struct, frozen=True, tag=True):
    """The role may have one more managed policy."""

    role_name: str


class InlineSpaceLeft(msgspec.Struct, frozen=True, tag=True):
    """The inline policies of the role, with this one in its place, are within IAM's 10,240 characters."""

    role_name: str
    policy_name: str
    document: str


class BoundaryAllows(msgspec.Struct, frozen=True, tag=True):
    """The role's permissions boundary lets through what a policy (by ARN) or a document grants."""

    role_name: str
    policy_arn: str | None = None
    document: str | None = None


class VersionsLeft(msgspec.Struct, frozen=True, tag=True):
    """The managed policy may have one more version; IAM keeps 5."""

    policy_arn: str


class PolicyValid(msgspec.Struct, frozen=True, tag=True):
    """Access Analyzer finds no error in the document, where it can be asked.

    `kind` is IDENTITY_POLICY or RESOURCE_POLICY; the latter is validated as a trust policy.
    """

    document: str
    kind: Literal["IDENTITY_POLICY", "RESOURCE_POLICY"]


class RoleIdle(msgspec.Struct, frozen=True, tag=True):
    """Nobody has used the role for 90 days, as far as IAM tracks it."""

    role_name: str


class Leftover(msgspec.Struct, frozen=True, tag=True):
    """The instance profile is older than a day and bears no tag that says to keep it."""

    name: str


class DryRunPasses(msgspec.Struct, frozen=True, tag=True):
    """EC2's own DryRun of the step with this number passes; only for calls whose model has DryRun."""

    step: int


class WouldLaunch(msgspec.Struct, frozen=True, tag=True):
    """EC2's own DryRun of a launch with this instance profile in place of the present one passes.

    What it launches from is a version of a launch template, or else a launch configuration.
    """

    region: str
    instance_profile_arn: str
    launch_template_id: str | None = None
    version: int | None = None
    launch_configuration_name: str | None = None


class QuotaAdjustable(msgspec.Struct, frozen=True, tag=True):
    """Service Quotas knows the quota of IAM by this name and lets it be raised."""

    region: str
    quota_name: str


class LacksPermission(msgspec.Struct, frozen=True, tag=True):
    """By a simulation, an Allow is all that the principal lacks: nothing denies it, nor is all allowed.

    `wanted` are actions, each with its resource and the context of the call.
    """

    principal_arn: str
    wanted: tuple[tuple[str, str, dict[str, str]], ...]


class HandOver(msgspec.Struct, frozen=True, tag=True):
    """Never passes: the plan is a text for somebody else, for this reason."""

    reason: str


Probe = (
    RoleTrustsEc2
    | NameFree
    | InstanceProfileQuotaLeft
    | TrustPolicyFits
    | NothingUses
    | NotOwnedElsewhere
    | MetadataNotGoverned
    | PolicyThere
    | AttachmentsLeft
    | InlineSpaceLeft
    | BoundaryAllows
    | VersionsLeft
    | PolicyValid
    | RoleIdle
    | Leftover
    | DryRunPasses
    | WouldLaunch
    | QuotaAdjustable
    | LacksPermission
    | HandOver
)
