"""IAM: the policies of roles, attached and inline, and their boundaries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.iam_lookup import the_role, the_role_to_change
from instance_profiles.emulator.operations.iam_policies import policy_of, the_policy
from instance_profiles.emulator.operations.iam_wire import attached_policies, encoded
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request


@operation("iam", "AttachRolePolicy")
def attach_role_policy(request: Request) -> dict[str, Any]:
    role, policy = the_role_to_change(request), the_policy(request)
    quota = request.account.quotas.attached_policies_per_role
    if policy.arn not in role.attached and len(role.attached) >= quota:
        raise RefusalError("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {quota}")
    role.attached[policy.arn] = policy.name
    return {}


@operation("iam", "DetachRolePolicy")
def detach_role_policy(request: Request) -> dict[str, Any]:
    role, arn = the_role_to_change(request), request.parameters["PolicyArn"]
    if role.attached.pop(arn, None) is None:
        raise RefusalError("NoSuchEntity", f"Policy {arn} was not found.")
    return {}


@operation("iam", "ListAttachedRolePolicies")
def list_attached_role_policies(request: Request) -> dict[str, Any]:
    found = [(policy["PolicyName"], policy) for policy in attached_policies(the_role(request))]
    page, more = iam_page(request, found)
    return {"AttachedPolicies": page, **more}


@operation("iam", "PutRolePolicy")
def put_role_policy(request: Request) -> dict[str, Any]:
    role, document = the_role_to_change(request), request.parameters["PolicyDocument"]
    try:
        json.loads(document)
    except ValueError as error:
        raise RefusalError("MalformedPolicyDocument", "Syntax errors in policy.") from error
    role.inline[request.parameters["PolicyName"]] = document
    return {}


@operation("iam", "GetRolePolicy")
def get_role_policy(request: Request) -> dict[str, Any]:
    role, name = the_role(request), request.parameters["PolicyName"]
    if name not in role.inline:
        raise RefusalError("NoSuchEntity", f"The role policy with name {name} cannot be found.")
    return {"RoleName": role.name, "PolicyName": name, "PolicyDocument": encoded(role.inline[name])}


@operation("iam", "DeleteRolePolicy")
def delete_role_policy(request: Request) -> dict[str, Any]:
    role, name = the_role_to_change(request), request.parameters["PolicyName"]
    if role.inline.pop(name, None) is None:
        raise RefusalError("NoSuchEntity", f"The role policy with name {name} cannot be found.")
    return {}


@operation("iam", "ListRolePolicies")
def list_role_policies(request: Request) -> dict[str, Any]:
    page, more = iam_page(request, [(name, name) for name in the_role(request).inline])
    return {"PolicyNames": page, **more}


@operation("iam", "PutRolePermissionsBoundary")
def put_role_permissions_boundary(request: Request) -> dict[str, Any]:
    role, arn = the_role_to_change(request), request.parameters["PermissionsBoundary"]
    if policy_of(request, arn) is None:
        raise RefusalError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")
    role.boundary = arn
    return {}


@operation("iam", "DeleteRolePermissionsBoundary")
def delete_role_permissions_boundary(request: Request) -> dict[str, Any]:
    role = the_role_to_change(request)
    if role.boundary is None:
        raise RefusalError(
            "NoSuchEntity", f"The role with name {role.name} does not have a permissions boundary."
        )
    role.boundary = None
    return {}
