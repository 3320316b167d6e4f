"""Finding what EC2 requests name, with EC2's words for what is malformed or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import check_ec2_id
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Instance, InstanceProfile, LaunchTemplate


def need_parameters(given: Mapping[str, Any], *names: str) -> None:
    """Raise MissingParameter naming, in order, those that are absent or empty."""
    missing = sorted(name for name in names if given.get(name) in (None, "", {}, []))
    if len(missing) == 1:
        raise RefusalError(
            "MissingParameter",
            f"The request must include the {missing[0]} parameter. "
            "Add the required parameter and retry the request.",
        )
    if missing:
        raise RefusalError(
            "MissingParameter",
            f"The request must include the following parameters: {', '.join(missing)}. "
            "Add the required parameters and retry the request.",
        )


def check_instance_id(instance_id: str) -> None:
    malformed = RefusalError("InvalidInstanceID.Malformed", f"The instance ID '{instance_id}' is malformed")
    check_ec2_id(instance_id, "i", malformed)


def the_instances(request: Request, instance_ids: list[str]) -> list[Instance]:
    """Return the instances with these ids; raises for malformed and unknown ones."""
    for instance_id in instance_ids:
        check_instance_id(instance_id)
    known = request.region.instances
    unknown = [instance_id for instance_id in instance_ids if instance_id not in known]
    if len(unknown) == 1:
        raise RefusalError("InvalidInstanceID.NotFound", f"The instance ID '{unknown[0]}' does not exist")
    if unknown:
        listed = ", ".join(unknown)
        raise RefusalError("InvalidInstanceID.NotFound", f"The instance IDs '{listed}' do not exist")
    return [known[instance_id] for instance_id in instance_ids]


def the_instance(request: Request, instance_id: str) -> Instance:
    return the_instances(request, [instance_id])[0]


def instance_arn(request: Request, instance_id: str) -> str:
    return request.account.arn("ec2", f"instance/{instance_id}", request.region_name)


def visible_profile(request: Request, specification: Mapping[str, str]) -> InstanceProfile:
    """Return the instance profile named by Arn or Name as EC2 sees it; where both are given Arn wins.

    EC2 comes to know a new instance profile only some seconds after IAM.
    """
    arn, name = specification.get("Arn"), specification.get("Name")
    account = request.account
    profile = account.profile_by_arn(arn) if arn else account.instance_profiles.get((name or "").casefold())
    if profile is None or not (arn or profile.name == name) or profile.visible_to_ec2 > request.now:
        what, value = ("arn", arn) if arn else ("name", name)
        spelled = "ARN" if arn else "name"
        raise RefusalError(
            "InvalidParameterValue",
            f"Value ({value}) for parameter iamInstanceProfile.{what} is invalid. "
            f"Invalid IAM Instance Profile {spelled}",
        )
    return profile


def the_launch_template(request: Request, given: Mapping[str, Any]) -> LaunchTemplate:
    """Return the launch template named by LaunchTemplateId or LaunchTemplateName."""
    template_id, name = given.get("LaunchTemplateId"), given.get("LaunchTemplateName")
    if template_id and name:
        raise RefusalError(
            "InvalidParameterCombination",
            "Only one of LaunchTemplateId and LaunchTemplateName may be given. Leave one out.",
        )
    if not template_id and not name:
        need_parameters({}, "LaunchTemplateId")
    templates = request.region.launch_templates
    if template_id:
        malformed = RefusalError("InvalidLaunchTemplateId.Malformed", f'Invalid id: "{template_id}"')
        check_ec2_id(template_id, "lt", malformed)
        if template_id in templates:
            return templates[template_id]
        raise RefusalError(
            "InvalidLaunchTemplateId.NotFound",
            f"The specified launch template, with template ID {template_id}, does not exist.",
        )
    for template in templates.values():
        if template.name == name:
            return template
    raise RefusalError(
        "InvalidLaunchTemplateName.NotFoundException",
        f"The specified launch template, with template name {name}, does not exist.",
    )


def version_number(template: LaunchTemplate, version: str) -> int:
    """Return the number behind a number, $Latest or $Default; raises where there is no such version."""
    if version == "$Latest":
        return template.latest
    if version in ("$Default", ""):
        return template.default
    if version.isdigit() and int(version) in template.versions:
        return int(version)
    if version.isdigit():
        raise RefusalError(
            "InvalidLaunchTemplateId.VersionNotFound",
            f"Could not find the specified version {version} for the launch template with ID {template.id}.",
        )
    raise RefusalError("InvalidParameterValue", f"The version '{version}' is not valid.")
