"""What a launch asks for: the data of its launch template, and the resources it is judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import AwsError, NotFound
from instance_profiles.fixes.plan import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.aws.account import AwsAccount

RUN = "ec2:RunInstances"
DEFAULT = "$Default"


class Template(msgspec.Struct, frozen=True):
    """One version of a launch template; `data` is its LaunchTemplateData as EC2 has it."""

    template_id: str
    name: str
    version: int
    data: dict[str, Any]

    @property
    def parameter(self) -> dict[str, str]:
        """How RunInstances wants it named."""
        return {"LaunchTemplateId": self.template_id, "Version": str(self.version)}

    @property
    def instance_profile(self) -> str:
        """The ARN or name of the instance profile that the template itself names; empty for none."""
        named = self.data.get("IamInstanceProfile") or {}
        return str(named.get("Arn") or named.get("Name") or "")


class Judged(msgspec.Struct, frozen=True):
    """A permission that a launch needs; `exact` is False where the launch would name another resource.

    Which subnet or image a launch without a template uses is not known: a policy that allows only some of
    them says no about all of them.
    """

    permission: Permission
    exact: bool


async def read_template(account: AwsAccount, region: str, named: str, version: str) -> Template | None:
    """The version of a launch template, by id or name; None where there is none. Raises AwsError."""
    by = "LaunchTemplateId" if named.startswith("lt-") else "LaunchTemplateName"
    try:
        answer = await account.call(
            "ec2", "DescribeLaunchTemplateVersions", {by: named, "Versions": [version]}, region=region
        )
    except NotFound:
        return None
    except AwsError as error:
        if error.code and error.code.startswith("InvalidLaunchTemplate"):
            return None
        raise
    for one in answer.get("LaunchTemplateVersions", []):
        data = dict(one.get("LaunchTemplateData") or {})
        return Template(
            one["LaunchTemplateId"], one.get("LaunchTemplateName", named), one["VersionNumber"], data
        )
    return None


def run_permissions(
    partition: str, account: str, region: str, instance_profile_arn: str, template: Template | None
) -> tuple[Judged, ...]:
    """RunInstances on each kind of resource that EC2 judges it on, with what is known of each.

    Rests on https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances.
    """
    here = f"arn:{partition}:ec2:{region}:{account}"
    data = template.data if template else {}
    common = {"aws:RequestedRegion": region, "ec2:Region": region}
    if template is not None:
        common["ec2:LaunchTemplate"] = f"{here}:launch-template/{template.template_id}"
    of_instance = {**common, "ec2:InstanceProfile": instance_profile_arn}
    if data.get("InstanceType"):
        of_instance["ec2:InstanceType"] = str(data["InstanceType"])
    found = [Judged(Permission(RUN, f"{here}:instance/*", of_instance), exact=True)]
    found += [
        Judged(Permission(RUN, resource, common), exact=exact)
        for resource, exact in _resources(here, partition, region, data)
    ]
    if template is not None:
        found.append(Judged(Permission(RUN, common["ec2:LaunchTemplate"], common), exact=True))
    if data.get("TagSpecifications"):
        tagging = {**common, "ec2:CreateAction": "RunInstances"}
        found.append(Judged(Permission("ec2:CreateTags", f"{here}:instance/*", tagging), exact=True))
    return tuple(found)


def _resources(here: str, partition: str, region: str, data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The ARNs besides that of the instance; a star stands for what only the launch gives an id."""
    image = str(data.get("ImageId") or "")
    known = image.startswith("ami-")
    yield f"arn:{partition}:ec2:{region}::image/{image if known else '*'}", known
    yield f"{here}:network-interface/*", True
    yield f"{here}:volume/*", True
    interfaces: list[dict[str, Any]] = data.get("NetworkInterfaces") or []
    subnets = [str(one["SubnetId"]) for one in interfaces if one.get("SubnetId")]
    groups = [
        *(data.get("SecurityGroupIds") or []),
        *(g for one in interfaces for g in one.get("Groups", [])),
    ]
    for subnet in subnets or ["*"]:
        yield f"{here}:subnet/{subnet}", bool(subnets)
    for group in groups or ["*"]:
        yield f"{here}:security-group/{group}", bool(groups)
    if data.get("KeyName"):
        yield f"{here}:key-pair/{data['KeyName']}", True
