"""What a fleet says of EC2 fleets, of metadata defaults, and of other services' objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.fleet_ec2 import image_of, template_named, version_named
from instance_profiles.emulator.fleet_error import FleetError
from instance_profiles.emulator.fleet_iam import DAY
from instance_profiles.emulator.identifiers import ec2_id, request_id
from instance_profiles.emulator.resources import Fleet

if TYPE_CHECKING:
    from instance_profiles.emulator.fleet_format import Contents, ElsewherePart, FleetPart
    from instance_profiles.emulator.resources import Account, Region
    from instance_profiles.emulator.world import World

_KINDS = ("nodegroup", "compute-environment", "environment", "emr-cluster")


def add_fleets(world: World, account: Account, file: Contents) -> None:
    """Put spot fleets, EC2 fleets and metadata defaults into their regions; raises FleetError."""
    now = world.clock.now()
    for part in file.spot_fleets:
        _keep(account, _spot_fleet(account, part, now), part)
    for part in file.ec2_fleets:
        _keep(account, _ec2_fleet(account, part, now), part)
    for defaults in file.metadata_defaults:
        region = account.region(defaults.region)
        region.metadata_defaults = {"ManagedBy": defaults.managed_by, **defaults.options}


def add_elsewhere(account: Account, file: Contents) -> None:
    """Put objects of other services into their regions; raises FleetError."""
    for part in file.elsewhere:
        if part.kind not in _KINDS:
            raise FleetError(f"{part.kind!r} is none of {', '.join(_KINDS)}.")
        region = account.region(part.region)
        region.elsewhere.setdefault(part.kind, []).append(_object(account, part))


def _keep(account: Account, fleet: Fleet, part: FleetPart) -> None:
    account.region(part.region).fleets[fleet.id] = fleet


def _spot_fleet(account: Account, part: FleetPart, now: float) -> Fleet:
    region = account.region(part.region)
    launch: dict[str, Any] = {
        "AllocationStrategy": "capacityOptimized",
        "IamFleetRole": account.arn("iam", "role/aws-ec2-spot-fleet-tagging-role"),
        "TargetCapacity": part.target,
        "Type": part.type,
    }
    if part.launch_template:
        launch["LaunchTemplateConfigs"] = [_template_config(region, part)]
    else:
        launch["LaunchSpecifications"] = [_specification(part)]
    created = now - part.created_days * DAY
    fleet_id = f"sfr-{request_id(len(region.fleets))[:-12]}{ec2_id('x', account.id, part.name)[2:14]}"
    return Fleet(fleet_id, created, part.state, "spot-fleet", launch, part.type, part.target, _tags(part))


def _specification(part: FleetPart) -> dict[str, Any]:
    given = part.instance_profile
    specification: dict[str, Any] = {
        "ImageId": image_of(part.region, part.name),
        "InstanceType": part.instance_type,
    }
    if given:
        specification["IamInstanceProfile"] = {"Arn" if given.startswith("arn:") else "Name": given}
    return specification


def _ec2_fleet(account: Account, part: FleetPart, now: float) -> Fleet:
    if not part.launch_template:
        raise FleetError(f"EC2 fleet {part.name!r} has no launch template.")
    region = account.region(part.region)
    launch = {"LaunchTemplateConfigs": [_template_config(region, part)]}
    fleet_id = f"fleet-{request_id(len(region.fleets))[:-12]}{ec2_id('x', account.id, part.name)[2:14]}"
    created = now - part.created_days * DAY
    return Fleet(fleet_id, created, part.state, "ec2-fleet", launch, part.type, part.target, _tags(part))


def _template_config(region: Region, part: FleetPart) -> dict[str, Any]:
    template = template_named(region, part.launch_template)
    version_named(template, part.version)
    return {
        "LaunchTemplateSpecification": {
            "LaunchTemplateId": template.id,
            "LaunchTemplateName": template.name,
            "Version": part.version,
        },
        "Overrides": [{"InstanceType": part.instance_type}],
    }


def _tags(part: FleetPart) -> dict[str, str]:
    return {"Name": part.name, **part.tags}


def _object(account: Account, part: ElsewherePart) -> dict[str, Any]:
    return {
        "name": part.name,
        "parent": part.parent,
        "instance_profile": part.instance_profile,
        "role": account.arn("iam", f"role/{part.role}") if part.role and ":" not in part.role else part.role,
        "state": part.state,
        "issues": [dict(issue) for issue in part.issues],
    }
