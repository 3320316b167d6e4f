"""IAM: users and their inline policies, which decide about nothing here: callers are denied as told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.iam_wire import encoded
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Caller

_CREATED = 1_700_000_000


@operation("iam", "GetUser")
def get_user(request: Request) -> dict[str, Any]:
    return {"User": user_wire(_user(request))}


def users_of(request: Request) -> list[Caller]:
    """The users of the account; the only ones here are those that call."""
    callers = request.world.callers.values()
    return [one for one in callers if one.account == request.account.id and ":user/" in one.arn]


def user_wire(user: Caller) -> dict[str, Any]:
    """A user as IAM tells of it."""
    path, _, name = user.arn.partition(":user")[2].rpartition("/")
    return {
        "UserName": name,
        "UserId": user.user_id,
        "Arn": user.arn,
        "Path": f"{path}/",
        "CreateDate": _CREATED,
    }


@operation("iam", "PutUserPolicy")
def put_user_policy(request: Request) -> dict[str, Any]:
    _user(request)
    document = request.parameters["PolicyDocument"]
    try:
        json.loads(document)
    except ValueError as error:
        raise RefusalError("MalformedPolicyDocument", "Syntax errors in policy.") from error
    _inline(request)[request.parameters["PolicyName"]] = document
    return {}


@operation("iam", "GetUserPolicy")
def get_user_policy(request: Request) -> dict[str, Any]:
    _user(request)
    user, name = request.parameters["UserName"], request.parameters["PolicyName"]
    if name not in _inline(request):
        raise RefusalError("NoSuchEntity", f"The user policy with name {name} cannot be found.")
    return {"UserName": user, "PolicyName": name, "PolicyDocument": encoded(_inline(request)[name])}


@operation("iam", "DeleteUserPolicy")
def delete_user_policy(request: Request) -> dict[str, Any]:
    _user(request)
    name = request.parameters["PolicyName"]
    if _inline(request).pop(name, None) is None:
        raise RefusalError("NoSuchEntity", f"The user policy with name {name} cannot be found.")
    return {}


def _user(request: Request) -> Caller:
    """The user that the request names."""
    name = request.parameters["UserName"]
    for user in users_of(request):
        if user.arn.rpartition("/")[2] == name:
            return user
    raise RefusalError("NoSuchEntity", f"The user with name {name} cannot be found.")


def _inline(request: Request) -> dict[str, str]:
    return request.account.user_policies.setdefault(request.parameters["UserName"], {})
