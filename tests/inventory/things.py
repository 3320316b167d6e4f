"""Small objects for tests, believable where nothing is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    AutoScalingInstance,
    ContainedRole,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    Role,
)

ACCOUNT = "111122223333"
REGION = "eu-west-1"
THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def profile_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"


def role(name: str = "web", number: int = 1, **changes: Any) -> Role:
    fields: dict[str, Any] = {
        "account": ACCOUNT,
        "role_id": f"AROA{number:017}",
        "role_name": name,
        "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "path": "/",
        "create_date": THEN,
        "assume_role_policy_document": "{}",
    }
    return Role(**{**fields, **changes})


def instance_profile(name: str = "web", number: int = 1, inside: Role | None = None) -> InstanceProfile:
    contained = inside and ContainedRole(
        inside.role_id, inside.role_name, inside.arn, inside.path, inside.create_date, "{}"
    )
    return InstanceProfile(
        account=ACCOUNT,
        instance_profile_id=f"AIPA{number:017}",
        instance_profile_name=name,
        arn=profile_arn(name),
        path="/",
        create_date=THEN,
        role=contained,
    )


def points_to(profile: InstanceProfile, number: int | None = None) -> InstanceProfileRef:
    return InstanceProfileRef(
        profile.arn, profile.instance_profile_id if number is None else f"AIPA{number:017}"
    )


def instance(number: int = 1, uses: InstanceProfileRef | None = None, **changes: Any) -> Instance:
    fields: dict[str, Any] = {
        "account": ACCOUNT,
        "region": REGION,
        "instance_id": f"i-{number:017x}",
        "arn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{number:017x}",
        "state": "running",
        "instance_type": "m7g.large",
        "availability_zone": "eu-west-1a",
        "launch_time": THEN,
        "iam_instance_profile": uses,
    }
    return Instance(**{**fields, **changes})


def association(of: Instance, uses: InstanceProfileRef, number: int = 1, **changes: Any) -> Association:
    fields: dict[str, Any] = {
        "account": ACCOUNT,
        "region": of.region,
        "association_id": f"iip-assoc-{number:017x}",
        "instance_id": of.instance_id,
        "iam_instance_profile": uses,
        "state": "associated",
    }
    return Association(**{**fields, **changes})


def template_version(number: int = 1, template: str = "web", **changes: Any) -> LaunchTemplateVersion:
    fields: dict[str, Any] = {
        "account": ACCOUNT,
        "region": REGION,
        "launch_template_id": f"lt-{template}",
        "launch_template_name": template,
        "version_number": number,
        "default_version": False,
        "latest_version": False,
        "create_time": THEN,
    }
    return LaunchTemplateVersion(**{**fields, **changes})


def group(
    name: str = "web", templates: tuple[LaunchTemplateSpecification, ...] = (), **changes: Any
) -> AutoScalingGroup:
    return AutoScalingGroup(
        account=ACCOUNT,
        region=REGION,
        auto_scaling_group_name=name,
        arn=f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:u:autoScalingGroupName/{name}",
        desired_capacity=1,
        launch_templates=templates,
        **changes,
    )


def member(of: Instance) -> AutoScalingInstance:
    return AutoScalingInstance(of.instance_id, "InService")


def uses_template(
    version: str, template: str = "web", *, by_name: bool = False
) -> LaunchTemplateSpecification:
    if by_name:
        return LaunchTemplateSpecification(None, template, version)
    return LaunchTemplateSpecification(f"lt-{template}", template, version)


def launch_configuration(name: str, uses: str | None) -> LaunchConfiguration:
    return LaunchConfiguration(ACCOUNT, REGION, name, f"arn:aws:autoscaling:lc/{name}", uses)
