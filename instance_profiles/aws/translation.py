"""From what the SDK raises to `AwsError`: one plain sentence that says what to do.

The SDK is recognised by class names, so that this module can be imported before the SDK is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from instance_profiles.aws import errors
from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

DRY_RUN_OPERATION = "DryRunOperation"

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
_THROTTLED = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestThrottled",
    "RequestThrottledException",
    "BandwidthLimitExceeded",
}
_NOT_FOUND = {"NoSuchEntity", "NoSuchEntityException"}
_SERVER_TROUBLE = {"InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable", "ServiceFailure"}


class _Where:
    """The call that failed, in words."""

    def __init__(
        self, service: str | None, operation: str | None, region: str | None, named_profile: str | None
    ) -> None:
        self.service, self.operation, self.region = service, operation, region
        self.named_profile = named_profile

    @property
    def action(self) -> str:
        return f"{self.service}:{self.operation}" if self.service and self.operation else "the call"

    @property
    def in_region(self) -> str:
        return f" in {self.region}" if self.region else ""

    @property
    def credentials(self) -> str:
        return f"credentials of named profile '{self.named_profile}'" if self.named_profile else "credentials"

    @property
    def flag(self) -> str:
        return f" --profile {self.named_profile}" if self.named_profile else ""

    def error(
        self, kind: type[AwsError], what: str, advice: str, *, message: str = "", **details: Any
    ) -> AwsError:
        what, advice = without_secrets(what).strip().rstrip(".:"), advice.rstrip(".")
        sentence = f"{what}: {advice}." if advice else f"{what}."
        return kind(
            sentence,
            advice=advice,
            message=without_secrets(message),
            service=self.service,
            operation=self.operation,
            region=self.region,
            **details,
        )


def translate(
    exc: BaseException,
    service: str | None = None,
    operation: str | None = None,
    region: str | None = None,
    *,
    named_profile: str | None = None,
) -> AwsError:
    """The `AwsError` for what the SDK raised; an `AwsError` comes back as it is."""
    if isinstance(exc, AwsError):
        return exc
    where = _Where(service, operation, region, named_profile)
    response = getattr(exc, "response", None)
    names = [kind.__name__ for kind in type(exc).__mro__]
    if "ClientError" in names and isinstance(response, dict):
        return _from_reply(response, where)
    for name in names:
        if name in _BY_CLASS:
            return _BY_CLASS[name](exc, where)
    return where.error(
        errors.Unreachable if isinstance(exc, OSError) else errors.Rejected,
        f"{where.action}{where.in_region} failed ({type(exc).__name__}: {_one_line(str(exc))})",
        "see the log, then reload",
        message=str(exc),
    )


# -- error replies ------------------------------------------------------------------------------------------


def _from_reply(response: dict[str, Any], where: _Where) -> AwsError:
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


def _meaning(code: str, message: str, status: int | None, where: _Where) -> tuple[type[AwsError], str, str]:
    said = _said(code, message)
    if code in _DENIED:
        return (
            errors.Denied,
            f"AWS denied {_denied_action(message) or where.action}{where.in_region}{_reason(message)}",
            "ask for this permission, then reload",
        )
    if code in _THROTTLED:
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


def _credentials_meaning(code: str, message: str, where: _Where) -> tuple[type[AwsError], str, str]:
    if code in _CLOCK and "token" not in message.lower():
        return (
            errors.CredentialsInvalid,
            f"AWS refused the time of the request ({code})",
            "set this machine's clock, then reload",
        )
    if code in _EXPIRED | _CLOCK:
        return errors.CredentialsExpired, f"The {where.credentials} have expired", _renew(where)
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


def _renew(where: _Where) -> str:
    return f"run 'aws sso login{where.flag}' or put in new ones, then reload"


def _said(code: str, message: str) -> str:
    text = _one_line(message)
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


def _one_line(text: str, limit: int = 300) -> str:
    line = " ".join(text.partition("Encoded authorization failure message")[0].split())
    return line if len(line) <= limit else f"{line[:limit]}…"


# -- what the SDK raises without a reply --------------------------------------------------------------------


def _no_credentials(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.CredentialsMissing,
        f"No AWS {where.credentials} were found",
        f"run 'aws configure{where.flag}' or 'aws sso login{where.flag}', or choose another with --profile",
        message=str(exc),
    )


def _partial_credentials(exc: BaseException, where: _Where) -> AwsError:
    missing = getattr(exc, "kwargs", {}).get("cred_var", "a part")
    return where.error(
        errors.CredentialsMissing,
        f"The {where.credentials} are incomplete, {missing} is missing",
        "add it to the AWS config or the environment, then reload",
        message=str(exc),
    )


def _retrieval(exc: BaseException, where: _Where) -> AwsError:
    text = without_secrets(_one_line(str(exc)))
    kind = errors.CredentialsExpired if "expired" in text.lower() else errors.CredentialsMissing
    advice = _renew(where) if kind is errors.CredentialsExpired else "put that right, then reload"
    return where.error(
        kind, f"The {where.credentials} could not be fetched ({text})", advice, message=str(exc)
    )


def _sso(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.CredentialsExpired,
        f"The sign-in session of the {where.credentials} has expired or is not there",
        f"run 'aws sso login{where.flag}', then reload",
        message=str(exc),
    )


def _login(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.CredentialsExpired,
        f"The sign-in session of the {where.credentials} has expired or is not there",
        f"run 'aws login{where.flag}', then reload",
        message=str(exc),
    )


def _mfa(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.CredentialsMissing,
        f"The {where.credentials} need an MFA code",
        "choose a named profile that needs none, or put a session made with one into the environment",
        message=str(exc),
    )


def _profile_not_found(exc: BaseException, where: _Where) -> AwsError:
    name = getattr(exc, "kwargs", {}).get("profile", where.named_profile)
    return where.error(
        errors.WrongNamedProfile,
        f"There is no named profile '{name}' in the AWS config",
        "'aws configure list-profiles' lists those that exist",
        message=str(exc),
    )


def _config_unreadable(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.ConfigUnreadable,
        f"The AWS config cannot be read ({_one_line(str(exc))})",
        "put the file right, then reload",
        message=str(exc),
    )


def _setting_wrong(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.ConfigUnreadable,
        f"A setting for AWS is wrong ({_one_line(str(exc)).rstrip('.')})",
        "put it right in the AWS config, the environment or the command line, then reload",
        message=str(exc),
    )


def _config_wrong(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.WrongNamedProfile,
        f"The AWS config cannot work ({_one_line(str(exc)).rstrip('.')})",
        "put it right in the AWS config, then reload",
        message=str(exc),
    )


def _connection(exc: BaseException, where: _Where) -> AwsError:
    endpoint = getattr(exc, "kwargs", {}).get("endpoint_url")
    if endpoint is None and "Bad status line" in str(exc):
        return _not_aws(exc, where)
    return where.error(
        errors.Unreachable,
        f"Could not reach {endpoint or 'AWS'} for {where.action}{where.in_region}",
        "check the network, the region and the endpoint, then reload",
        message=str(exc),
    )


def _tls(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"The certificate of the endpoint for {where.action}{where.in_region} was not trusted",
        "check the proxy or set AWS_CA_BUNDLE, then reload",
        message=str(exc),
    )


def _proxy(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"The proxy did not answer for {where.action}{where.in_region}",
        "check HTTPS_PROXY and NO_PROXY, then reload",
        message=str(exc),
    )


def _timeout(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.TimedOut,
        f"{where.action}{where.in_region} was not answered in time",
        "check the network, then reload",
        message=str(exc),
    )


def _not_aws(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.NotAnAwsAnswer,
        f"The answer to {where.action}{where.in_region} did not come from AWS",
        "check the endpoint, the proxy and whether this network asks to sign in",
        message=str(exc),
    )


def _region(exc: BaseException, where: _Where) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"There is no endpoint for {where.action}{where.in_region} ({_one_line(str(exc)).rstrip('.')})",
        "check the spelling of the region and the endpoint",
        message=str(exc),
    )


def _parameters(exc: BaseException, where: _Where) -> AwsError:
    report = getattr(exc, "kwargs", {}).get("report", str(exc))
    return where.error(
        errors.Rejected,
        f"{where.action} was not sent, its parameters are wrong ({_one_line(str(report)).rstrip('.')})",
        "",
        message=str(exc),
    )


_BY_CLASS: dict[str, Callable[[BaseException, _Where], AwsError]] = {
    "NoCredentialsError": _no_credentials,
    "NoAuthTokenError": _no_credentials,
    "PartialCredentialsError": _partial_credentials,
    "UnauthorizedSSOTokenError": _sso,
    "SSOTokenLoadError": _sso,
    "TokenRetrievalError": _sso,
    "SSOError": _sso,
    "LoginInsufficientPermissions": _retrieval,
    "LoginError": _login,
    "RefreshWithMFAUnsupportedError": _mfa,
    "MfaCodeNeeded": _mfa,
    "CredentialRetrievalError": _retrieval,
    "MetadataRetrievalError": _retrieval,
    "ProfileNotFound": _profile_not_found,
    "ConfigParseError": _config_unreadable,
    "ConfigNotFound": _config_unreadable,
    "InvalidConfigError": _config_wrong,
    "InvalidEndpointConfigurationError": _config_wrong,
    "InvalidRetryConfigurationError": _config_wrong,
    "InvalidSTSRegionalEndpointsConfigError": _config_wrong,
    "InvalidDefaultsMode": _config_wrong,
    "SSLError": _tls,
    "ProxyConnectionError": _proxy,
    "ConnectTimeoutError": _timeout,
    "ReadTimeoutError": _timeout,
    "TimeoutError": _timeout,
    "ConnectionError": _connection,
    "ConnectionClosedError": _connection,
    "ResponseStreamingError": _connection,
    "IncompleteReadError": _connection,
    "HTTPClientError": _connection,
    "ResponseParserError": _not_aws,
    "PaginationError": _not_aws,
    "NoRegionError": _region,
    "UnknownRegionError": _region,
    "InvalidRegionError": _region,
    "BaseEndpointResolverError": _region,
    "EndpointProviderError": _region,
    "ParamValidationError": _parameters,
    "ValidationError": _parameters,
    "ValueError": _setting_wrong,
}
