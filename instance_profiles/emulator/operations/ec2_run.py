"""EC2: RunInstances, from a launch template or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.identifiers import ec2_id, number
from instance_profiles.emulator.operations.ec2_instance_wire import instance_wire
from instance_profiles.emulator.operations.ec2_lookup import (
    need_parameters,
    the_launch_template,
    version_number,
    visible_profile,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import Instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import InstanceProfile

_METADATA_DEFAULTS = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"}


@operation("ec2", "RunInstances", own_checks=True)
def run_instances(request: Request) -> dict[str, Any]:
    given = request.parameters
    template = _template(request, given.get("LaunchTemplate"))
    wanted = {**_template_data(request, template), **given}
    need_parameters(wanted, "ImageId", "MinCount", "MaxCount")
    if wanted["MaxCount"] < wanted["MinCount"] or wanted["MinCount"] < 1:
        raise RefusalError(
            "InvalidParameterValue", "The minimum count must be between 1 and the maximum count."
        )
    request.authorize(request.account.arn("ec2", "instance/*", request.region_name))
    profile = launchable_profile(request, wanted.get("IamInstanceProfile"))
    request.end_dry_run()
    reservation = ec2_id("r", request.account.id, request.world.next_number())
    instances = [
        new_instance(request, wanted, reservation, profile, template) for _ in range(wanted["MaxCount"])
    ]
    return {
        "ReservationId": reservation,
        "OwnerId": request.account.id,
        "Groups": [],
        "Instances": [instance_wire(request, instance) for instance in instances],
    }


def launchable_profile(request: Request, specification: Mapping[str, str] | None) -> InstanceProfile | None:
    """Return the instance profile to launch with, which must have a role that the caller may pass."""
    if not specification:
        return None
    if specification.get("Arn") and specification.get("Name"):
        raise RefusalError(
            "InvalidParameterCombination",
            "The parameter 'iamInstanceProfile.name' may not be used in combination with "
            "'iamInstanceProfile.arn'",
        )
    profile = visible_profile(request, specification)
    if profile.role is None:
        raise RefusalError(
            "InvalidParameterValue", f'IAM Instance Profile "{profile.arn}" has no associated IAM Roles'
        )
    request.authorize_pass_role(profile.role)
    return profile


def new_instance(
    request: Request,
    wanted: Mapping[str, Any],
    reservation: str,
    profile: InstanceProfile | None,
    template: tuple[str, int] | None,
) -> Instance:
    """Launch one instance, pending at first, with the instance profile already associated to it."""
    world, region, serial = request.world, request.region, request.world.next_number()
    zone = wanted.get("Placement", {}).get("AvailabilityZone", f"{region.name}a")
    instance_id = ec2_id("i", request.account.id, region.name, serial)
    instance = Instance(
        id=instance_id,
        number=serial,
        reservation_id=reservation,
        image_id=wanted["ImageId"],
        instance_type=wanted.get("InstanceType", "m1.small"),
        zone=zone,
        subnet_id=wanted.get("SubnetId", ec2_id("subnet", zone)),
        vpc_id=ec2_id("vpc", region.name),
        private_ip=f"10.8.{number(256, instance_id, 1)}.{4 + number(250, instance_id, 2)}",
        launched=request.now,
        state="pending",
        shown_state="pending",
        key_name=wanted.get("KeyName", ""),
        metadata=_METADATA_DEFAULTS | dict(wanted.get("MetadataOptions", {})),
        template=template,
        tags=_instance_tags(wanted.get("TagSpecifications", [])),
    )
    region.instances[instance.id] = instance
    if profile is not None:
        association = lifecycle.attach(world, request.account, region, instance, profile)
        instance.shown_profile = association.profile
    lifecycle.launch(world, request.account, region, instance)
    return instance


def _template(request: Request, given: Mapping[str, Any] | None) -> tuple[str, int] | None:
    if not given:
        return None
    template = the_launch_template(request, given)
    return template.id, version_number(template, given.get("Version", "$Default"))


def _template_data(request: Request, template: tuple[str, int] | None) -> dict[str, Any]:
    if template is None:
        return {}
    template_id, version = template
    return dict(request.region.launch_templates[template_id].versions[version].data)


def _instance_tags(specifications: list[dict[str, Any]]) -> dict[str, str]:
    return {
        tag["Key"]: tag.get("Value", "")
        for specification in specifications
        if specification.get("ResourceType") == "instance"
        for tag in specification.get("Tags", [])
    }
