"""STS: who calls, and sessions of roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.denials import decode
from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import Caller
from instance_profiles.emulator.trust import caller_may_assume

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Role

_CHAIN_LIMIT = 3600


@operation("sts", "GetCallerIdentity", own_checks=True)
def get_caller_identity(request: Request) -> dict[str, Any]:
    """Needs no permission and cannot be denied."""
    caller = request.caller
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


@operation("sts", "DecodeAuthorizationMessage")
def decode_authorization_message(request: Request) -> dict[str, Any]:
    return {"DecodedMessage": decode(request.parameters["EncodedMessage"])}


@operation("sts", "AssumeRole", own_checks=True)
def assume_role(request: Request) -> dict[str, Any]:
    arn, session = request.parameters["RoleArn"], request.parameters["RoleSessionName"]
    role = _assumable(request, arn)
    duration = request.parameters.get("DurationSeconds", 3600)
    if request.caller.chained and duration > _CHAIN_LIMIT:
        raise RefusalError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
            "chaining.",
        )
    if duration > role.max_session_duration:
        raise RefusalError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    caller = _session(request, role, session, request.now + duration)
    return {
        "Credentials": {
            "AccessKeyId": caller.access_key,
            "SecretAccessKey": caller.secret_key,
            "SessionToken": caller.session_token,
            "Expiration": caller.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
    }


def _assumable(request: Request, arn: str) -> Role:
    """Return the role; one that is missing, distrusts the caller or is denied looks the same to a caller."""
    request.authorize(arn)
    owner = request.world.accounts.get(arn.split(":")[4] if arn.count(":") >= 5 else "")
    role = owner.roles.get(arn.rpartition("/")[2].casefold()) if owner else None
    caller = request.caller
    if (
        role is None
        or role.arn != arn
        or not caller_may_assume(role, caller.arn, caller.account, request.account.partition)
    ):
        raise RefusalError(
            "AccessDenied",
            f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
        )
    return role


def _session(request: Request, role: Role, name: str, expires: float) -> Caller:
    number = request.world.next_number()
    owner = role.arn.split(":")[4]
    return request.world.add_caller(
        Caller(
            access_key=iam_id("ASIA", role.id, name, number)[:20],
            account=owner,
            arn=f"arn:{request.account.partition}:sts::{owner}:assumed-role/{role.name}/{name}",
            user_id=f"{role.id}:{name}",
            session_token=f"FwoGZXIvYXdzE{iam_id('', role.id, name, number)}=",
            expires=expires,
            issued=request.now,
            chained=True,
        )
    )
