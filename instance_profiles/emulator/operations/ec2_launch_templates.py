"""EC2: launch templates, created, listed, changed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import ec2_id
from instance_profiles.emulator.operations.ec2_filters import matching
from instance_profiles.emulator.operations.ec2_lookup import (
    need_parameters,
    the_launch_template,
    version_number,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import ec2_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import LaunchTemplate, LaunchTemplateVersion

if TYPE_CHECKING:
    from instance_profiles.emulator.operations.ec2_filters import Read
    from instance_profiles.emulator.request import Request

_FILTERS: dict[str, Read[LaunchTemplate]] = {"launch-template-name": lambda template: [template.name]}


@operation("ec2", "DescribeLaunchTemplates")
def describe_launch_templates(request: Request) -> dict[str, Any]:
    given, region = request.parameters, request.region
    found = [
        *(the_launch_template(request, {"LaunchTemplateId": i}) for i in given.get("LaunchTemplateIds", [])),
        *(
            the_launch_template(request, {"LaunchTemplateName": name})
            for name in given.get("LaunchTemplateNames", [])
        ),
    ]
    if not given.get("LaunchTemplateIds") and not given.get("LaunchTemplateNames"):
        found = list(region.launch_templates.values())
    found = matching(found, given.get("Filters", []), _FILTERS, lambda template: template.tags)
    keyed = [(template.id, template) for template in found]
    page, more = ec2_page(request, keyed, smallest=1, largest=200)
    return {"LaunchTemplates": [_wire(request, template) for template in page], **more}


@operation("ec2", "CreateLaunchTemplate", own_checks=True)
def create_launch_template(request: Request) -> dict[str, Any]:
    given, account, region = request.parameters, request.account, request.region
    need_parameters(given, "LaunchTemplateName", "LaunchTemplateData")
    name = given["LaunchTemplateName"]
    if any(template.name == name for template in region.launch_templates.values()):
        raise RefusalError(
            "InvalidLaunchTemplateName.AlreadyExistsException",
            "Launch template name already in use.",
        )
    request.authorize(account.arn("ec2", "launch-template/*", request.region_name))
    request.end_dry_run()
    first = LaunchTemplateVersion(
        1, request.now, given["LaunchTemplateData"], given.get("VersionDescription", "")
    )
    template = LaunchTemplate(
        id=ec2_id("lt", account.id, request.region_name, name, request.world.next_number()),
        name=name,
        created=request.now,
        default=1,
        versions={1: first},
    )
    region.launch_templates[template.id] = template
    return {"LaunchTemplate": _wire(request, template)}


@operation("ec2", "ModifyLaunchTemplate", own_checks=True)
def modify_launch_template(request: Request) -> dict[str, Any]:
    given = request.parameters
    template = the_launch_template(request, given)
    request.authorize(template_arn(request, template))
    default = version_number(template, given["DefaultVersion"]) if "DefaultVersion" in given else None
    request.end_dry_run()
    if default is not None:
        template.default = default
    return {"LaunchTemplate": _wire(request, template)}


@operation("ec2", "DeleteLaunchTemplate", own_checks=True)
def delete_launch_template(request: Request) -> dict[str, Any]:
    template = the_launch_template(request, request.parameters)
    request.authorize(template_arn(request, template))
    request.end_dry_run()
    del request.region.launch_templates[template.id]
    return {"LaunchTemplate": _wire(request, template)}


def template_arn(request: Request, template: LaunchTemplate) -> str:
    return request.account.arn("ec2", f"launch-template/{template.id}", request.region_name)


def _wire(request: Request, template: LaunchTemplate) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "CreateTime": template.created,
        "CreatedBy": request.account.arn("iam", "user/deploy"),
        "DefaultVersionNumber": template.default,
        "LatestVersionNumber": template.latest,
        "Tags": [{"Key": key, "Value": value} for key, value in template.tags.items()],
    }
