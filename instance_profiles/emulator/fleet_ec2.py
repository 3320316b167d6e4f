"""The EC2 and Auto Scaling part of a fleet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.fleet_error import FleetError
from instance_profiles.emulator.fleet_format import AssociationPart, InstancesPart
from instance_profiles.emulator.fleet_iam import DAY, profile_reference
from instance_profiles.emulator.identifiers import ec2_id, number, request_id
from instance_profiles.emulator.resources import (
    STATE_CODES,
    Association,
    Instance,
    LaunchConfiguration,
    LaunchTemplate,
    LaunchTemplateVersion,
    ScalingGroup,
)

if TYPE_CHECKING:
    from instance_profiles.emulator.fleet_format import (
        ActivityPart,
        Contents,
        LaunchTemplatePart,
        ScalingGroupPart,
    )
    from instance_profiles.emulator.resources import Account, Region
    from instance_profiles.emulator.world import World

_METADATA = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"}
_ASSOCIATION_STATES = ("associating", "associated", "disassociating")


def add_launch_sources(world: World, account: Account, file: Contents) -> None:
    """Put launch templates and launch configurations into their regions."""
    now = world.clock.now()
    for template in file.launch_templates:
        region = account.region(template.region)
        made = _template(account, template, now)
        region.launch_templates[made.id] = made
    for part in file.launch_configurations:
        account.region(part.region).launch_configurations[part.name] = LaunchConfiguration(
            name=part.name,
            arn=account.arn(
                "autoscaling",
                f"launchConfiguration:{request_id(number(2**32, part.region, part.name))}"
                f":launchConfigurationName/{part.name}",
                part.region,
            ),
            created=now - part.created_days * DAY,
            image_id=image_of(part.region, part.name),
            instance_type=part.type,
            instance_profile=part.instance_profile,
        )


def add_instances(world: World, account: Account, part: InstancesPart) -> list[Instance]:
    """Put instances and their associations into a region; raises FleetError."""
    if part.state not in STATE_CODES:
        raise FleetError(f"Instance {part.name!r}: {part.state!r} is no instance state.")
    numbers = range(part.first, part.first + part.count)
    names = [part.name] if part.count == 1 else [f"{part.name}-{place}" for place in numbers]
    reservation = ec2_id("r", account.id, part.region, part.name, part.first)
    return [
        _add_instance(world, account, part, name, ec2_id("i", account.id, part.region, name), reservation)
        for name in names
    ]


def add_scaling_group(world: World, account: Account, part: ScalingGroupPart) -> None:
    """Put a scaling group into its region, with instances of its own; raises FleetError."""
    region, now = account.region(part.region), world.clock.now()
    template = template_named(region, part.launch_template) if part.launch_template else None
    version = version_named(template, part.version) if template else 0
    group = ScalingGroup(
        name=part.name,
        arn=account.arn(
            "autoscaling",
            f"autoScalingGroup:{request_id(number(2**32, part.region, part.name))}"
            f":autoScalingGroupName/{part.name}",
            part.region,
        ),
        created=now - part.created_days * DAY,
        desired=part.desired,
        minimum=min(1, part.desired),
        maximum=max(2, part.desired * 2),
        zones=[f"{part.region}{letter}" for letter in "abc"],
        launch_configuration=part.launch_configuration,
        tags={"Name": part.name} | dict(part.tags),
    )
    if template is not None:
        _launch_from(group, template, part)
    region.scaling_groups[part.name] = group
    _fill_group(world, account, region, group, part, template, version)


def _fill_group(
    world: World,
    account: Account,
    region: Region,
    group: ScalingGroup,
    part: ScalingGroupPart,
    template: LaunchTemplate | None,
    version: int,
) -> None:
    """Give the group its members, and instances of its own up to what is desired."""
    by_name = {instance.tags.get("Name"): instance for instance in region.instances.values()}
    unknown = [name for name in part.members if name not in by_name]
    if unknown:
        raise FleetError(f"Scaling group {part.name!r} has member {unknown[0]!r}, which does not exist.")
    members = [by_name[name] for name in part.members]
    own = 0 if part.failing else part.desired - len(members)
    if part.failing:
        group.activities.append(_failed_launch(group, world.clock.now()))
    group.activities += [
        _activity(group, place, told, world.clock.now()) for place, told in enumerate(part.activities)
    ]
    shared = InstancesPart(
        region=part.region,
        name=part.name,
        instance_profile=_launch_profile(region, part, template, version),
        type=_launch_type(region, part, template, version),
        launched_days=part.launched_days,
        metadata=part.metadata,
        tags=part.tags,
    )
    for place in range(own):
        instance_id = ec2_id("i", account.id, part.region, "group", part.name, place)
        reservation = ec2_id("r", account.id, part.region, "group", part.name, place)
        members.append(_add_instance(world, account, shared, part.name, instance_id, reservation))
    for member in members:
        member.tags["aws:autoscaling:groupName"] = part.name
        member.template = (template.id, version) if template else None
        group.instance_ids.append(member.id)


def _launch_from(group: ScalingGroup, template: LaunchTemplate, part: ScalingGroupPart) -> None:
    named = {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": part.version,
    }
    if part.mixed:
        overrides = [{"InstanceType": name} for name in ("m6i.large", "m5.large")]
        group.mixed_instances_policy = {
            "LaunchTemplate": {"LaunchTemplateSpecification": named, "Overrides": overrides}
        }
    else:
        group.launch_template = named


def _launch_profile(
    region: Region, part: ScalingGroupPart, template: LaunchTemplate | None, version: int
) -> str:
    if template is not None:
        given = template.versions[version].data.get("IamInstanceProfile", {})
        return str(given.get("Name") or given.get("Arn", "").rpartition("/")[2])
    if part.launch_configuration not in region.launch_configurations:
        raise FleetError(f"Scaling group {part.name!r} has no launch template nor launch configuration.")
    return region.launch_configurations[part.launch_configuration].instance_profile.rpartition("/")[2]


def _launch_type(
    region: Region, part: ScalingGroupPart, template: LaunchTemplate | None, version: int
) -> str:
    if template is not None:
        return str(template.versions[version].data["InstanceType"])
    return region.launch_configurations[part.launch_configuration].instance_type


def _failed_launch(group: ScalingGroup, now: float) -> dict[str, Any]:
    return {
        "ActivityId": request_id(number(2**32, group.arn)),
        "AutoScalingGroupName": group.name,
        "Description": "Launching a new EC2 instance.  Status Reason: Launching EC2 instance failed.",
        "Cause": "an instance was started in response to a difference between desired and actual capacity",
        "StartTime": now - 600,
        "EndTime": now - 598,
        "StatusCode": "Failed",
        "StatusMessage": "Launching a new EC2 instance. Status Reason: The instance profile of the launch "
        "template cannot be used. Launching EC2 instance failed.",
        "Progress": 100,
    }


def _activity(group: ScalingGroup, place: int, part: ActivityPart, now: float) -> dict[str, Any]:
    activity: dict[str, Any] = {
        "ActivityId": request_id(number(2**32, group.arn, place)),
        "AutoScalingGroupName": group.name,
        "Description": part.description,
        "Cause": "an instance was started in response to a difference between desired and actual capacity",
        "StartTime": now - part.minutes_ago * 60,
        "EndTime": now - part.minutes_ago * 60 + 2,
        "StatusCode": part.status,
        "Progress": 100,
    }
    return activity | ({"StatusMessage": part.message[:255]} if part.message else {})


def _add_instance(
    world: World, account: Account, part: InstancesPart, name: str, instance_id: str, reservation: str
) -> Instance:
    region, serial = account.region(part.region), world.next_number()
    if instance_id in region.instances:
        raise FleetError(f"The fleet has two instances named {name!r} in {part.region}.")
    zone = part.region + "abc"[number(3, instance_id, "zone")]
    state: Any = part.state
    instance = Instance(
        id=instance_id,
        number=serial,
        reservation_id=reservation,
        image_id=image_of(part.region, part.name),
        instance_type=part.type,
        zone=zone,
        subnet_id=ec2_id("subnet", account.id, zone),
        vpc_id=ec2_id("vpc", account.id, part.region),
        private_ip=f"10.{16 + number(4, part.region) * 16}.{number(64, zone)}.{4 + number(250, instance_id)}",
        launched=_launched(world.clock.now(), part.launched_days, instance_id),
        state=state,
        shown_state=state,
        security_group=part.name,
        metadata=_METADATA | part.metadata,
        operator=part.operator,
        hidden_by_default=part.hidden,
        unlisted=part.unlisted,
        ping_status=part.ping_status,
        tags={"Name": name, **part.tags},
        state_reason="" if state == "running" else "Client.UserInitiatedShutdown: User initiated shutdown",
    )
    region.instances[instance_id] = instance
    _associate(world, account, region, instance, part)
    return instance


def _launched(now: float, days: float, instance_id: str) -> float:
    """Instances of one entry are some hours apart, but for those that have just been launched."""
    return now - days * DAY - (number(36000, instance_id) if days >= 1 else 0)


def _associate(
    world: World, account: Account, region: Region, instance: Instance, part: InstancesPart
) -> None:
    """The first association of several is the one that DescribeInstances shows."""
    wanted = part.associations
    if part.instance_profile:
        plain = AssociationPart(instance_profile=part.instance_profile, deleted=part.deleted_profile)
        wanted = [plain, *wanted]
    for place, entry in enumerate(wanted):
        state: Any = entry.state
        if state not in _ASSOCIATION_STATES:
            raise FleetError(f"Instance {part.name!r}: {state!r} is no association state.")
        association = Association(
            id=ec2_id("iip-assoc", instance.id, entry.instance_profile, place),
            instance_id=instance.id,
            profile=profile_reference(account, entry.instance_profile, deleted=entry.deleted),
            state=state,
            number=world.next_number(),
            pinned=state == "disassociating",
        )
        region.associations[association.id] = association
        if place == 0:
            shown = profile_reference(account, part.shows, deleted=False) if part.shows else None
            instance.shown_profile = shown or association.profile
        if state == "associating" and instance.state == "running":
            after = world.timing.associate if entry.settles_after is None else entry.settles_after
            world.at_first_request(partial(_settle, world, account, region, association, after))


def _settle(
    world: World, account: Account, region: Region, association: Association, after: float, now: float
) -> None:
    lifecycle.settle_at(world, account, region, association, now + after)


def _template(account: Account, part: LaunchTemplatePart, now: float) -> LaunchTemplate:
    created = now - part.created_days * DAY
    step = part.created_days * DAY / (part.versions + 1)
    versions = {
        count: LaunchTemplateVersion(count, created + (count - 1) * step, _template_data(part, count))
        for count in range(1, part.versions + 1)
    }
    return LaunchTemplate(
        id=ec2_id("lt", account.id, part.region, part.name),
        name=part.name,
        created=created,
        default=part.default or part.versions,
        versions=versions,
        tags=dict(part.tags),
    )


def _template_data(part: LaunchTemplatePart, version: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "ImageId": image_of(part.region, f"{part.name}:{version}"),
        "InstanceType": part.type,
        "EbsOptimized": True,
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
    }
    name = part.by_version.get(str(version), part.instance_profile)
    if part.instance_profile_arn:
        data["IamInstanceProfile"] = {"Arn": part.instance_profile_arn}
    elif name:
        data["IamInstanceProfile"] = {"Name": name}
    return data


def template_named(region: Region, name: str) -> LaunchTemplate:
    for template in region.launch_templates.values():
        if template.name == name:
            return template
    raise FleetError(f"The fleet uses launch template {name!r} in {region.name}, which it does not have.")


def version_named(template: LaunchTemplate, text: str) -> int:
    version = {"$Latest": template.latest, "$Default": template.default}.get(text)
    if version is None:
        version = int(text) if text.isdigit() else 0
    if version not in template.versions:
        raise FleetError(f"Launch template {template.name!r} has no version {text!r}.")
    return version


def image_of(region: str, name: str) -> str:
    return ec2_id("ami", region, name)
