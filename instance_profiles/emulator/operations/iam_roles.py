"""IAM: roles, their trust policies and tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.operations.iam_lookup import the_role, the_role_to_change
from instance_profiles.emulator.operations.iam_wire import (
    basic_role,
    boundary,
    full_role,
    listed_role,
    tag_list,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import Role
from instance_profiles.emulator.trust import in_aws_order
from instance_profiles.policies.document import as_list
from instance_profiles.policies.trust_details import dead_principals

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request


@operation("iam", "ListRoles")
def list_roles(request: Request) -> dict[str, Any]:
    prefix = request.parameters.get("PathPrefix", "/")
    found = [(key, role) for key, role in request.account.roles.items() if role.path.startswith(prefix)]
    page, more = iam_page(request, found)
    return {"Roles": [listed_role(role) for role in page], **more}


@operation("iam", "GetRole")
def get_role(request: Request) -> dict[str, Any]:
    return {"Role": full_role(the_role(request))}


@operation("iam", "CreateRole")
def create_role(request: Request) -> dict[str, Any]:
    """The reply lacks Description and MaxSessionDuration even when they were given."""
    account, wanted = request.account, request.parameters
    name, path = wanted["RoleName"], wanted.get("Path", "/")
    if name.casefold() in account.roles:
        raise RefusalError("EntityAlreadyExists", f"Role with name {name} already exists.")
    if len(account.roles) >= account.quotas.roles:
        raise RefusalError(
            "LimitExceeded", f"Cannot exceed quota for RolesPerAccount: {account.quotas.roles}"
        )
    role = Role(
        name=name,
        path=path,
        id=iam_id("AROA", account.id, name, request.world.next_number()),
        arn=account.arn("iam", f"role{path}{name}"),
        created=request.now,
        trust=_trust(request, wanted["AssumeRolePolicyDocument"]),
        max_session_duration=wanted.get("MaxSessionDuration", 3600),
        description=wanted.get("Description", ""),
        boundary=wanted.get("PermissionsBoundary"),
        tags={tag["Key"]: tag.get("Value", "") for tag in wanted.get("Tags", [])},
    )
    account.roles[name.casefold()] = role
    reply = basic_role(role) | boundary(role)
    return {"Role": reply | ({"Tags": tag_list(role.tags)} if role.tags else {})}


@operation("iam", "DeleteRole")
def delete_role(request: Request) -> dict[str, Any]:
    account, role = request.account, the_role_to_change(request)
    if any(profile.role is role for profile in account.instance_profiles.values()):
        raise RefusalError(
            "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first."
        )
    if role.attached:
        raise RefusalError("DeleteConflict", "Cannot delete entity, must detach all policies first.")
    if role.inline:
        raise RefusalError("DeleteConflict", "Cannot delete entity, must delete policies first.")
    del account.roles[role.name.casefold()]
    return {}


@operation("iam", "UpdateRole")
def update_role(request: Request) -> dict[str, Any]:
    role, wanted = the_role_to_change(request), request.parameters
    role.description = wanted.get("Description", role.description)
    role.max_session_duration = wanted.get("MaxSessionDuration", role.max_session_duration)
    return {}


@operation("iam", "UpdateAssumeRolePolicy")
def update_assume_role_policy(request: Request) -> dict[str, Any]:
    role = the_role_to_change(request)
    role.trust = _trust(request, request.parameters["PolicyDocument"])
    return {}


@operation("iam", "ListRoleTags")
def list_role_tags(request: Request) -> dict[str, Any]:
    page, more = iam_page(request, [(tag["Key"], tag) for tag in tag_list(the_role(request).tags)])
    return {"Tags": page, **more}


@operation("iam", "TagRole")
def tag_role(request: Request) -> dict[str, Any]:
    tags = the_role_to_change(request).tags
    tags.update({tag["Key"]: tag.get("Value", "") for tag in request.parameters["Tags"]})
    return {}


@operation("iam", "UntagRole")
def untag_role(request: Request) -> dict[str, Any]:
    tags = the_role_to_change(request).tags
    for key in request.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _trust(request: Request, document: str) -> str:
    """Return a trust policy as it is kept; raises MalformedPolicyDocument or LimitExceeded."""
    try:
        parsed = json.loads(document)
    except ValueError as error:
        raise RefusalError("MalformedPolicyDocument", "This policy contains invalid Json") from error
    if not isinstance(parsed, dict) or "Statement" not in parsed:
        raise RefusalError("MalformedPolicyDocument", "Syntax errors in policy.")
    if _has_no_principal(parsed["Statement"]):
        raise RefusalError("MalformedPolicyDocument", "Missing required field Principal")
    for dead in dead_principals(as_list(parsed["Statement"])):
        raise RefusalError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{dead}"')
    kept = in_aws_order(document)
    quota = request.account.quotas.trust_policy_size
    if len(kept) > quota:
        raise RefusalError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {quota}")
    return kept


def _has_no_principal(statements: Any) -> bool:
    listed = statements if isinstance(statements, list) else [statements]
    return any(not {"Principal", "NotPrincipal"} & set(statement) for statement in listed)
