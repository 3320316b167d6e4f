"""The objects iptui knows, as AWS describes them; names are AWS's own in snake case.

Every object is frozen and knows its account; regional ones know their region. Policy documents are kept as
the JSON text that AWS sent (documents repeat, parsing is done once by `instance_profiles.policies`).
A field that may be `None` because it was *not read* says so; otherwise `None` means AWS has no value.
"""

from __future__ import annotations

from instance_profiles.inventory.model.callers import Caller, NamedProfile, SigningEnvironment
from instance_profiles.inventory.model.iam import (
    AccountSummary,
    AttachedPolicy,
    ContainedRole,
    InlinePolicy,
    InstanceProfile,
    ManagedPolicy,
    ResourceTags,
    Role,
    RoleChange,
    RoleDuration,
    RoleLastUsed,
)
from instance_profiles.inventory.model.instances import (
    Association,
    Instance,
    ManagedNode,
    MetadataDefaults,
    MetadataOptions,
    Operator,
)
from instance_profiles.inventory.model.launching import (
    AutoScalingGroup,
    AutoScalingInstance,
    Fleet,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    ScalingActivity,
)
from instance_profiles.inventory.model.load_events import (
    Batch,
    Coverage,
    CoverageState,
    EnabledRegions,
    LoadEvent,
    LocalConfig,
    Object,
)
from instance_profiles.inventory.model.references import InstanceProfileRef, Kind, ObjectRef

__all__ = [
    "AccountSummary",
    "Association",
    "AttachedPolicy",
    "AutoScalingGroup",
    "AutoScalingInstance",
    "Batch",
    "Caller",
    "ContainedRole",
    "Coverage",
    "CoverageState",
    "EnabledRegions",
    "Fleet",
    "InlinePolicy",
    "Instance",
    "InstanceProfile",
    "InstanceProfileRef",
    "Kind",
    "LaunchConfiguration",
    "LaunchTemplateSpecification",
    "LaunchTemplateVersion",
    "LoadEvent",
    "LocalConfig",
    "ManagedNode",
    "ManagedPolicy",
    "MetadataDefaults",
    "MetadataOptions",
    "NamedProfile",
    "Object",
    "ObjectRef",
    "Operator",
    "ResourceTags",
    "Role",
    "RoleChange",
    "RoleDuration",
    "RoleLastUsed",
    "ScalingActivity",
    "SigningEnvironment",
]
