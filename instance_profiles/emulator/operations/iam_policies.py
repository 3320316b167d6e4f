"""IAM: managed policies and their versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.managed_policies import aws_managed_policy
from instance_profiles.emulator.operations.iam_wire import encoded
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import ManagedPolicy

VERSIONS = 5
"""As many versions of a policy as IAM keeps."""


@operation("iam", "GetPolicy")
def get_policy(request: Request) -> dict[str, Any]:
    policy = the_policy(request)
    roles = request.account.roles.values()
    return {
        "Policy": {
            "PolicyName": policy.name,
            "PolicyId": policy.id,
            "Arn": policy.arn,
            "Path": policy.path,
            "DefaultVersionId": policy.default_version,
            "AttachmentCount": sum(policy.arn in role.attached for role in roles),
            "PermissionsBoundaryUsageCount": sum(policy.arn == role.boundary for role in roles),
            "IsAttachable": True,
            "CreateDate": policy.created,
            "UpdateDate": policy.created,
        }
    }


@operation("iam", "ListPolicyVersions")
def list_policy_versions(request: Request) -> dict[str, Any]:
    """Newest first, without documents."""
    policy = the_policy(request)
    numbers = range(len(policy.documents), 0, -1)
    keyed = [(f"{len(policy.documents) - number:06}", _version(policy, number)) for number in numbers]
    page, more = iam_page(request, keyed)
    return {"Versions": page, **more}


@operation("iam", "GetPolicyVersion")
def get_policy_version(request: Request) -> dict[str, Any]:
    policy = the_policy(request)
    number = _number(request, policy)
    document = encoded(policy.documents[number - 1])
    return {"PolicyVersion": {"Document": document, **_version(policy, number)}}


@operation("iam", "CreatePolicyVersion")
def create_policy_version(request: Request) -> dict[str, Any]:
    policy, document = _own_policy(request), request.parameters["PolicyDocument"]
    try:
        json.loads(document)
    except ValueError as error:
        raise RefusalError("MalformedPolicyDocument", "Syntax errors in policy.") from error
    if len(policy.documents) >= VERSIONS:
        raise RefusalError(
            "LimitExceeded",
            f"A managed policy can have up to {VERSIONS} versions. Before you create a new version, you must "
            "delete an existing version.",
        )
    policy.later.append(document)
    made = len(policy.documents)
    if request.parameters.get("SetAsDefault"):
        _put_in_force(policy, made)
    return {"PolicyVersion": _version(policy, made)}


@operation("iam", "SetDefaultPolicyVersion")
def set_default_policy_version(request: Request) -> dict[str, Any]:
    policy = _own_policy(request)
    _put_in_force(policy, _number(request, policy))
    return {}


@operation("iam", "DeletePolicyVersion")
def delete_policy_version(request: Request) -> dict[str, Any]:
    policy = _own_policy(request)
    number = _number(request, policy)
    if f"v{number}" == policy.default_version:
        raise RefusalError("DeleteConflict", "Cannot delete the default version of a policy.")
    if number <= len(policy.versions):
        del policy.versions[number - 1]
    else:
        del policy.later[number - len(policy.versions) - 2]
    return {}


def the_policy(request: Request) -> ManagedPolicy:
    """Return the policy that the request names, AWS's own among them; raises NoSuchEntity."""
    arn = request.parameters["PolicyArn"]
    policy = policy_of(request, arn)
    if policy is None:
        raise RefusalError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
    return policy


def policy_of(request: Request, arn: str) -> ManagedPolicy | None:
    """Return the account's own policy with this ARN or AWS's, None where there is none."""
    return request.account.policies.get(arn) or aws_managed_policy(arn)


def _own_policy(request: Request) -> ManagedPolicy:
    policy = the_policy(request)
    if policy.arn not in request.account.policies:
        raise RefusalError("AccessDenied", "Cannot perform the operation on a policy that AWS manages.")
    return policy


def _number(request: Request, policy: ManagedPolicy) -> int:
    version = str(request.parameters["VersionId"])
    digits = version.removeprefix("v")
    if not digits.isdigit() or not 1 <= int(digits) <= len(policy.documents):
        raise RefusalError(
            "NoSuchEntity", f"Policy {policy.arn} version {version} does not exist or is not attachable."
        )
    return int(digits)


def _version(policy: ManagedPolicy, number: int) -> dict[str, Any]:
    return {
        "VersionId": f"v{number}",
        "IsDefaultVersion": f"v{number}" == policy.default_version,
        "CreateDate": policy.created,
    }


def _put_in_force(policy: ManagedPolicy, number: int) -> None:
    documents = policy.documents
    policy.versions, policy.document, policy.later = (
        documents[: number - 1],
        documents[number - 1],
        documents[number:],
    )
