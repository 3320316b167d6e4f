"""What launches instances: templates, scaling groups, launch configurations and fleets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from instance_profiles.inventory.model.references import ObjectRef


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
