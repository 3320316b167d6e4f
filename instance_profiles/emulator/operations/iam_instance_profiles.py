"""IAM: instance profiles and the role inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.operations.iam_lookup import refuse_protected, the_profile, the_role
from instance_profiles.emulator.operations.iam_wire import full_profile, listed_profile, tag_list
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import InstanceProfile

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request


@operation("iam", "ListInstanceProfiles")
def list_instance_profiles(request: Request) -> dict[str, Any]:
    prefix = request.parameters.get("PathPrefix", "/")
    found = [(k, p) for k, p in request.account.instance_profiles.items() if p.path.startswith(prefix)]
    page, more = iam_page(request, found)
    return {"InstanceProfiles": [listed_profile(profile) for profile in page], **more}


@operation("iam", "ListInstanceProfilesForRole")
def list_instance_profiles_for_role(request: Request) -> dict[str, Any]:
    role = the_role(request)
    found = [(k, p) for k, p in request.account.instance_profiles.items() if p.role is role]
    page, more = iam_page(request, found)
    return {"InstanceProfiles": [listed_profile(profile) for profile in page], **more}


@operation("iam", "GetInstanceProfile")
def get_instance_profile(request: Request) -> dict[str, Any]:
    return {"InstanceProfile": full_profile(the_profile(request))}


@operation("iam", "CreateInstanceProfile")
def create_instance_profile(request: Request) -> dict[str, Any]:
    account, name = request.account, request.parameters["InstanceProfileName"]
    if name.casefold() in account.instance_profiles:
        raise RefusalError("EntityAlreadyExists", f"Instance Profile {name} already exists.")
    quota = account.quotas.instance_profiles
    if len(account.instance_profiles) >= quota:
        raise RefusalError("LimitExceeded", f"Cannot exceed quota for InstanceProfilesPerAccount: {quota}")
    path = request.parameters.get("Path", "/")
    profile = InstanceProfile(
        name=name,
        path=path,
        id=iam_id("AIPA", account.id, name, request.world.next_number()),
        arn=account.arn("iam", f"instance-profile{path}{name}"),
        created=request.now,
        visible_to_ec2=request.now + request.world.timing.propagation,
        tags=_given_tags(request),
    )
    account.instance_profiles[name.casefold()] = profile
    return {"InstanceProfile": full_profile(profile)}


@operation("iam", "DeleteInstanceProfile")
def delete_instance_profile(request: Request) -> dict[str, Any]:
    """IAM does not look whether instances use it."""
    profile = the_profile(request)
    if profile.role is not None:
        raise RefusalError(
            "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first."
        )
    del request.account.instance_profiles[profile.name.casefold()]
    return {}


@operation("iam", "AddRoleToInstanceProfile")
def add_role_to_instance_profile(request: Request) -> dict[str, Any]:
    profile, role = the_profile(request), the_role(request)
    request.authorize_pass_role(role)
    refuse_protected(role)
    if profile.role is not None:
        raise RefusalError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    profile.role = role
    return {}


@operation("iam", "RemoveRoleFromInstanceProfile")
def remove_role_from_instance_profile(request: Request) -> dict[str, Any]:
    profile, role = the_profile(request), the_role(request)
    if profile.role is not role:
        raise RefusalError("NoSuchEntity", f"The role with name {role.name} cannot be found.")
    profile.role = None
    return {}


@operation("iam", "ListInstanceProfileTags")
def list_instance_profile_tags(request: Request) -> dict[str, Any]:
    page, more = iam_page(request, [(tag["Key"], tag) for tag in tag_list(the_profile(request).tags)])
    return {"Tags": page, **more}


@operation("iam", "TagInstanceProfile")
def tag_instance_profile(request: Request) -> dict[str, Any]:
    the_profile(request).tags.update(_given_tags(request))
    return {}


@operation("iam", "UntagInstanceProfile")
def untag_instance_profile(request: Request) -> dict[str, Any]:
    tags = the_profile(request).tags
    for key in request.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _given_tags(request: Request) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in request.parameters.get("Tags", [])}
