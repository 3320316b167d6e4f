"""What AWS's error replies mean to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from instance_profiles.aws import errors
from instance_profiles.aws.failed_call import FailedCall, one_line

if TYPE_CHECKING:
    from instance_profiles.aws.errors import AwsError

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "Client.UnauthorizedOperation",
    "UnauthorizedAccess",
    "NotAuthorized",
    "Forbidden",
}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_INVALID = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "InvalidAccessKeyId",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "InvalidToken",
    "InvalidSecurity",
    "OptInNotAllowed",
}
_CLOCK = {"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"}
_DISABLED = {"OptInRequired", "RegionDisabledException"}
THROTTLED = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestThrottled",
    "RequestThrottledException",
    "BandwidthLimitExceeded",
}
_NOT_FOUND = {"NoSuchEntity", "NoSuchEntityException", "NoSuchResourceException"}
_SERVER_TROUBLE = {"InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable", "ServiceFailure"}


def from_reply(response: dict[str, Any], where: FailedCall) -> AwsError:
    """The error for a reply as the SDK parses it (`ClientError.response`)."""
    reply = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    code, message = str(reply.get("Code") or ""), str(reply.get("Message") or "")
    status: int | None = metadata.get("HTTPStatusCode")
    kind, what, advice = _meaning(code, message, status, where)
    return where.error(
        kind,
        what,
        advice,
        message=message,
        code=code or None,
        request_id=metadata.get("RequestId"),
        http_status=status,
    )


def _meaning(
    code: str, message: str, status: int | None, where: FailedCall
) -> tuple[type[AwsError], str, str]:
    said = _said(code, message)
    if code in _DENIED:
        return (
            errors.Denied,
            f"AWS denied {_denied_action(message) or where.action}{where.in_region}{_reason(message)}",
            "ask for this permission, then reload",
        )
    if code in THROTTLED:
        return (
            errors.Throttled,
            f"AWS asked to slow down {where.action}{where.in_region} ({code})",
            "wait a minute, then reload",
        )
    if code in _NOT_FOUND or code.endswith(("NotFound", "NotFoundException")):
        return errors.NotFound, said, "reload to see what exists now"
    if code in _DISABLED:
        return (
            errors.RegionDisabled,
            f"Region {where.region} is not enabled for this account",
            "enable it in the account settings, or choose other regions with --region",
        )
    if code in _EXPIRED | _CLOCK | _INVALID:
        return _credentials_meaning(code, message, where)
    if code in _SERVER_TROUBLE or (status or 0) >= 500:
        return (
            errors.Unreachable,
            f"AWS could not answer {where.action}{where.in_region} ({said})",
            "wait a minute, then reload",
        )
    return errors.Rejected, f"AWS refused {where.action}{where.in_region} ({said})", _ADVICE.get(code, "")


_ADVICE = {
    "DeleteConflict": "take out what the message names first",
    "EntityAlreadyExists": "choose another name, or use the existing one",
    "LimitExceeded": "remove what is not needed, or ask AWS for a higher quota",
    "ConcurrentModification": "try again in a moment",
}


def _credentials_meaning(code: str, message: str, where: FailedCall) -> tuple[type[AwsError], str, str]:
    if code in _CLOCK and "token" not in message.lower():
        return (
            errors.CredentialsInvalid,
            f"AWS refused the time of the request ({code})",
            "set this machine's clock, then reload",
        )
    if code in _EXPIRED | _CLOCK:
        return errors.CredentialsExpired, f"The {where.credentials} have expired", where.renewal
    if code == "SignatureDoesNotMatch":
        return (
            errors.CredentialsInvalid,
            f"AWS refused the signature of the {where.credentials}",
            "check the secret access key, then reload",
        )
    return (
        errors.CredentialsInvalid,
        f"AWS does not accept the {where.credentials}{where.in_region} ({code})",
        "check the access key, and that it belongs to this partition and region, then reload",
    )


def _said(code: str, message: str) -> str:
    text = one_line(message)
    return f"{code}: {text}" if code and text else code or text or "no reason given"


_PERFORM = re.compile(
    r"is not authorized to perform: (\S+?)(?:\s+on resource: (.+?))?(?=\s+because|\s+with an|\.? |\.?$)"
)
_REASON = re.compile(
    r"(because no .+? allows|with an explicit deny in (?:an?|the) .+?)(?= the \S+ action|[:.]|$)"
)


def _denied_action(message: str) -> str | None:
    """The action AWS names, which is iam:PassRole where passing the role was what failed."""
    found = _PERFORM.search(message)
    if found is None:
        return None
    action, resource = found.group(1), found.group(2)
    return f"{action} on {resource}" if action == "iam:PassRole" and resource else action


def _reason(message: str) -> str:
    found = _REASON.search(message)
    if found is None:
        return ""
    reason = found.group(1)
    return f", {reason} it" if reason.endswith("allows") else f", {reason}"
