"""How Auto Scaling resolves and checks the launch template that a group is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.ec2_lookup import the_launch_template, version_number
from instance_profiles.emulator.operations.ec2_run import launchable_profile
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import LaunchTemplate, ScalingGroup

_PREFIX = "You must use a valid fully-formed launch template. "


def check_template(request: Request, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the specification with id, name and version; raises ValidationError in Auto Scaling's words."""
    try:
        template, version = _resolve(request, given)
        data = template.versions[version].data
        launchable_profile(request, data.get("IamInstanceProfile"))
    except RefusalError as refusal:
        if refusal.code == "AccessDenied":
            raise RefusalError(
                "ValidationError", _PREFIX + "You are not authorized to perform this operation."
            ) from refusal
        raise RefusalError("ValidationError", _PREFIX + refusal.message) from refusal
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": given.get("Version", "$Default"),
    }


def template_of(request: Request, group: ScalingGroup) -> tuple[LaunchTemplate, int] | None:
    """Return the launch template and version that the group launches from now."""
    given: Mapping[str, Any] | None = group.launch_template
    if group.mixed_instances_policy:
        given = group.mixed_instances_policy["LaunchTemplate"]["LaunchTemplateSpecification"]
    return _resolve(request, given) if given else None


def _resolve(request: Request, given: Mapping[str, Any]) -> tuple[LaunchTemplate, int]:
    named = {"LaunchTemplateId": given["LaunchTemplateId"]} if given.get("LaunchTemplateId") else given
    template = the_launch_template(request, named)
    return template, version_number(template, given.get("Version", "$Default"))
