"""EC2: the versions of launch templates. That the instance profile they name exists is never checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.ec2_filters import matching
from instance_profiles.emulator.operations.ec2_launch_templates import template_arn
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

Versioned = tuple[LaunchTemplate, LaunchTemplateVersion]


@operation("ec2", "DescribeLaunchTemplateVersions")
def describe_launch_template_versions(request: Request) -> dict[str, Any]:
    """Without a launch template only $Latest and $Default may be asked for, and come for all templates."""
    given = request.parameters
    wanted = given.get("Versions", [])
    if "LaunchTemplateId" in given or "LaunchTemplateName" in given:
        found = _of_one(the_launch_template(request, given), given)
    elif wanted and set(wanted) <= {"$Latest", "$Default"}:
        templates = request.region.launch_templates.values()
        found = [pair for template in templates for pair in _chosen(template, wanted)]
    else:
        raise RefusalError(
            "MissingParameter",
            "When a launch template ID or name is not specified, a version of $Latest or $Default must be.",
        )
    found = matching(found, given.get("Filters", []), _FILTERS, lambda _pair: {})
    keyed = [
        (f"{template.id}:{10**9 - version.number:010}", (template, version)) for template, version in found
    ]
    page, more = ec2_page(request, keyed, smallest=1, largest=200)
    return {"LaunchTemplateVersions": [_wire(request, *pair) for pair in page], **more}


@operation("ec2", "CreateLaunchTemplateVersion", own_checks=True)
def create_launch_template_version(request: Request) -> dict[str, Any]:
    given = request.parameters
    need_parameters(given, "LaunchTemplateData")
    template = the_launch_template(request, given)
    request.authorize(template_arn(request, template))
    source: dict[str, Any] = {}
    if "SourceVersion" in given:
        source = template.versions[version_number(template, given["SourceVersion"])].data
    request.end_dry_run()
    version = LaunchTemplateVersion(
        template.latest + 1,
        request.now,
        source | given["LaunchTemplateData"],
        given.get("VersionDescription", ""),
    )
    template.versions[version.number] = version
    return {"LaunchTemplateVersion": _wire(request, template, version)}


@operation("ec2", "DeleteLaunchTemplateVersions", own_checks=True)
def delete_launch_template_versions(request: Request) -> dict[str, Any]:
    """Each version succeeds or fails by itself; the default one cannot be deleted."""
    given = request.parameters
    template = the_launch_template(request, given)
    need_parameters(given, "Versions")
    request.authorize(template_arn(request, template))
    request.end_dry_run()
    deleted, kept = [], []
    for text in given["Versions"]:
        entry = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
        fault = _cannot_delete(template, text)
        if fault:
            kept.append(entry | {"VersionNumber": int(text) if text.isdigit() else 0, "ResponseError": fault})
        else:
            del template.versions[int(text)]
            deleted.append(entry | {"VersionNumber": int(text)})
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": deleted,
        "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
    }


def _cannot_delete(template: LaunchTemplate, text: str) -> dict[str, str] | None:
    if not text.isdigit() or int(text) not in template.versions:
        return {
            "Code": "launchTemplateVersionDoesNotExist",
            "Message": f"Could not find the specified version {text} for the launch template with ID "
            f"{template.id}.",
        }
    if int(text) == template.default:
        return {
            "Code": "unexpectedError",
            "Message": "Cannot delete default launch template version of an existing launch template.",
        }
    return None


def _of_one(template: LaunchTemplate, given: Any) -> list[Versioned]:
    if given.get("Versions"):
        return _chosen(template, given["Versions"])
    lowest = int(given.get("MinVersion", 1))
    highest = int(given.get("MaxVersion", template.latest))
    return [(template, v) for number, v in template.versions.items() if lowest <= number <= highest]


def _chosen(template: LaunchTemplate, wanted: list[str]) -> list[Versioned]:
    numbers = dict.fromkeys(version_number(template, text) for text in wanted)
    return [(template, template.versions[number]) for number in numbers]


def _profile_arn(pair: Versioned) -> list[str]:
    return [arn] if (arn := pair[1].data.get("IamInstanceProfile", {}).get("Arn")) else []


_FILTERS: dict[str, Read[Versioned]] = {
    "iam-instance-profile": _profile_arn,
    "image-id": lambda pair: [pair[1].data.get("ImageId", "")],
    "instance-type": lambda pair: [pair[1].data.get("InstanceType", "")],
    "is-default-version": lambda pair: ["true" if pair[0].default == pair[1].number else "false"],
}


def _wire(request: Request, template: LaunchTemplate, version: LaunchTemplateVersion) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description or None,
        "CreateTime": version.created,
        "CreatedBy": request.account.arn("iam", "user/deploy"),
        "DefaultVersion": template.default == version.number,
        "LaunchTemplateData": version.data,
    }
