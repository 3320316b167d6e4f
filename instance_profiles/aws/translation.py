"""From what the SDK raises to `AwsError`: one plain sentence that says what to do.

The SDK is recognised by class names, so that this module can be imported before the SDK is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws import errors
from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.failed_call import FailedCall, one_line
from instance_profiles.aws.replies import from_reply
from instance_profiles.aws.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable


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
    where = FailedCall(service, operation, region, named_profile)
    response = getattr(exc, "response", None)
    names = [kind.__name__ for kind in type(exc).__mro__]
    if "ClientError" in names and isinstance(response, dict):
        return from_reply(response, where)
    for name in names:
        if name in _BY_CLASS:
            return _BY_CLASS[name](exc, where)
    return where.error(
        errors.Unreachable if isinstance(exc, OSError) else errors.Rejected,
        f"{where.action}{where.in_region} failed ({type(exc).__name__}: {one_line(str(exc))})",
        "see the log, then reload",
        message=str(exc),
    )


def _no_credentials(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.CredentialsMissing,
        f"No AWS {where.credentials} were found",
        f"run 'aws configure{where.flag}' or 'aws sso login{where.flag}', or choose another with --profile",
        message=str(exc),
    )


def _partial_credentials(exc: BaseException, where: FailedCall) -> AwsError:
    missing = getattr(exc, "kwargs", {}).get("cred_var", "a part")
    return where.error(
        errors.CredentialsMissing,
        f"The {where.credentials} are incomplete, {missing} is missing",
        "add it to the AWS config or the environment, then reload",
        message=str(exc),
    )


def _retrieval(exc: BaseException, where: FailedCall) -> AwsError:
    text = without_secrets(one_line(str(exc)))
    kind = errors.CredentialsExpired if "expired" in text.lower() else errors.CredentialsMissing
    advice = where.renewal if kind is errors.CredentialsExpired else "put that right, then reload"
    return where.error(
        kind, f"The {where.credentials} could not be fetched ({text})", advice, message=str(exc)
    )


def _sso(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.CredentialsExpired,
        f"The sign-in session of the {where.credentials} has expired or is not there",
        f"run 'aws sso login{where.flag}', then reload",
        message=str(exc),
    )


def _login(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.CredentialsExpired,
        f"The sign-in session of the {where.credentials} has expired or is not there",
        f"run 'aws login{where.flag}', then reload",
        message=str(exc),
    )


def _mfa(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.CredentialsMissing,
        f"The {where.credentials} need an MFA code",
        "choose a named profile that needs none, or put a session made with one into the environment",
        message=str(exc),
    )


def _profile_not_found(exc: BaseException, where: FailedCall) -> AwsError:
    name = getattr(exc, "kwargs", {}).get("profile", where.named_profile)
    return where.error(
        errors.WrongNamedProfile,
        f"There is no named profile '{name}' in the AWS config",
        "'aws configure list-profiles' lists those that exist",
        message=str(exc),
    )


def _config_unreadable(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.ConfigUnreadable,
        f"The AWS config cannot be read ({one_line(str(exc))})",
        "put the file right, then reload",
        message=str(exc),
    )


def _setting_wrong(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.ConfigUnreadable,
        f"A setting for AWS is wrong ({one_line(str(exc)).rstrip('.')})",
        "put it right in the AWS config, the environment or the command line, then reload",
        message=str(exc),
    )


def _config_wrong(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.WrongNamedProfile,
        f"The AWS config cannot work ({one_line(str(exc)).rstrip('.')})",
        "put it right in the AWS config, then reload",
        message=str(exc),
    )


def _connection(exc: BaseException, where: FailedCall) -> AwsError:
    endpoint = getattr(exc, "kwargs", {}).get("endpoint_url")
    if endpoint is None and "Bad status line" in str(exc):
        return _not_aws(exc, where)
    return where.error(
        errors.Unreachable,
        f"Could not reach {endpoint or 'AWS'} for {where.action}{where.in_region}",
        "check the network, the region and the endpoint, then reload",
        message=str(exc),
    )


def _tls(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"The certificate of the endpoint for {where.action}{where.in_region} was not trusted",
        "check the proxy or set AWS_CA_BUNDLE, then reload",
        message=str(exc),
    )


def _proxy(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"The proxy did not answer for {where.action}{where.in_region}",
        "check HTTPS_PROXY and NO_PROXY, then reload",
        message=str(exc),
    )


def _timeout(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.TimedOut,
        f"{where.action}{where.in_region} was not answered in time",
        "check the network, then reload",
        message=str(exc),
    )


def _not_aws(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.NotAnAwsAnswer,
        f"The answer to {where.action}{where.in_region} did not come from AWS",
        "check the endpoint, the proxy and whether this network asks to sign in",
        message=str(exc),
    )


def _region(exc: BaseException, where: FailedCall) -> AwsError:
    return where.error(
        errors.Unreachable,
        f"There is no endpoint for {where.action}{where.in_region} ({one_line(str(exc)).rstrip('.')})",
        "check the spelling of the region and the endpoint",
        message=str(exc),
    )


def _parameters(exc: BaseException, where: FailedCall) -> AwsError:
    report = getattr(exc, "kwargs", {}).get("report", str(exc))
    return where.error(
        errors.Rejected,
        f"{where.action} was not sent, its parameters are wrong ({one_line(str(report)).rstrip('.')})",
        "",
        message=str(exc),
    )


_BY_CLASS: dict[str, Callable[[BaseException, FailedCall], AwsError]] = {
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
