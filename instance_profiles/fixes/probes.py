"""What is looked at before confirmation, as data; `instance_profiles.fixes.preflight` does the looking.

The permissions of the calls, the conditions that must hold now and the read-only switch are looked at for
every plan; the probes here are what a recipe asks for besides.
"""

from __future__ import annotations

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
    """No instance, association, launch template or launch configuration in any enabled region uses it."""

    name: str
    arn: str
    instance_profile_id: str


class NotOwnedElsewhere(msgspec.Struct, frozen=True, tag=True):
    """No tag says that CloudFormation, Terraform, Karpenter or the like owns the instance profile."""

    name: str


class DryRunPasses(msgspec.Struct, frozen=True, tag=True):
    """EC2's own DryRun of the step with this number passes; only for calls whose model has DryRun."""

    step: int


Probe = (
    RoleTrustsEc2
    | NameFree
    | InstanceProfileQuotaLeft
    | TrustPolicyFits
    | NothingUses
    | NotOwnedElsewhere
    | DryRunPasses
)
