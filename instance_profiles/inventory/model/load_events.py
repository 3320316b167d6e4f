"""What a load yields, and how far each source was read."""

from __future__ import annotations

from typing import Literal

import msgspec

from instance_profiles.inventory.model.callers import Caller, NamedProfile, SigningEnvironment
from instance_profiles.inventory.model.iam import (
    AccountSummary,
    InstanceProfile,
    ManagedPolicy,
    ResourceTags,
    Role,
    RoleDuration,
)
from instance_profiles.inventory.model.instances import Association, Instance, ManagedNode, MetadataDefaults
from instance_profiles.inventory.model.launching import (
    AutoScalingGroup,
    Fleet,
    LaunchConfiguration,
    LaunchTemplateVersion,
    ScalingActivity,
)

Object = (
    InstanceProfile
    | Role
    | Instance
    | Association
    | LaunchTemplateVersion
    | AutoScalingGroup
    | LaunchConfiguration
    | AccountSummary
    | ManagedPolicy
    | ResourceTags
    | RoleDuration
    | ScalingActivity
    | Fleet
    | MetadataDefaults
    | ManagedNode
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
    local AWS config. `cause` is a short sentence for people, None while all is well. `named_profile` is
    the one whose account is not known, because it could not be identified.
    """

    account: str
    region: str | None
    source: str
    state: CoverageState
    cause: str | None = None
    named_profile: str | None = None

    @property
    def place(self) -> str:
        """The account, or where that is not known the named profile, as in `@prod`."""
        return self.account or (f"@{self.named_profile}" if self.named_profile else "")


class Batch(msgspec.Struct, frozen=True, gc=False):
    """One page of one source, or the news that the source is complete or broken.

    A load of a source starts with an empty batch in state `loading`, brings objects in further `loading`
    batches, and ends with one batch in another state. When it ends `complete`, objects of that source that
    the load did not bring again are gone; when it ends otherwise, those known before stay. An empty batch in
    state `loading` that has a cause tells that the source waits, until its next batch.
    """

    coverage: Coverage
    objects: tuple[Object, ...] = ()


class LocalConfig(msgspec.Struct, frozen=True, gc=False):
    """The named profiles of the local AWS config, all at once, and what of the environment goes before them.

    Source `local:aws-config`; `environment` is None where it was not read.
    """

    named_profiles: tuple[NamedProfile, ...]
    coverage: Coverage
    environment: SigningEnvironment | None = None


LoadEvent = Batch | Caller | EnabledRegions | LocalConfig
"""What a load yields, in the order in which it becomes known."""
