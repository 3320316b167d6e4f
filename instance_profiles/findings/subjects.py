"""What rules look at that the inventory has in pieces: inner roles, launched templates, a use."""

from __future__ import annotations

import msgspec

from instance_profiles.findings.role_policies import RolePolicy
from instance_profiles.inventory.model import (
    AutoScalingGroup,
    ContainedRole,
    Fleet,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    ObjectRef,
    Role,
)
from instance_profiles.policies import TrustJudgement


class InnerRole(msgspec.Struct, frozen=True, gc=False):
    """A role with the instance profiles that hold it; `details` are None where it was not listed itself.

    `policies` are None where they were not read. `trust` is whether EC2 may assume it under `trust_policy`.
    """

    account: str
    role: ContainedRole
    trust_policy: str
    instance_profiles: tuple[InstanceProfile, ...]
    details: Role | None
    policies: tuple[RolePolicy, ...] | None
    trust: TrustJudgement

    @property
    def is_plain(self) -> bool:
        """Whether its trust policy lets EC2 in and gives nothing to tell of."""
        return self.trust.decision == "allow" and not self.trust.dead_principals

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("role", self.account, None, self.role.role_id, self.role.role_name, self.role.arn)


class Template(msgspec.Struct, frozen=True, gc=False):
    """A launch template with those versions that something launches from by itself or by default."""

    versions: tuple[LaunchTemplateVersion, ...]

    @property
    def ref(self) -> ObjectRef:
        return self.versions[0].ref


class Use(msgspec.Struct, frozen=True, gc=False):
    """What uses an instance profile. Instances are those that hold its unique id and are not gone."""

    instances: tuple[Instance, ...]
    versions: tuple[LaunchTemplateVersion, ...] = ()
    configurations: tuple[LaunchConfiguration, ...] = ()
    groups: tuple[AutoScalingGroup, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    """Fleets that may still launch with it, from a template or by their own launch specifications."""

    def __bool__(self) -> bool:
        return bool(self.instances or self.versions or self.configurations or self.fleets)

    @property
    def templates(self) -> tuple[ObjectRef, ...]:
        found = {version.ref for version in self.versions} | {item.ref for item in self.configurations}
        return tuple(sorted(found))
