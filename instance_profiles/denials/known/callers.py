"""The caller: credentials, regions, limits, and denials without the usual sentence."""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import Known, known

CALLERS: Final[tuple[Known, ...]] = (
    known(
        "caller-passrole-denied",
        "cross-account pass role is not allowed",
        r"Cross-account pass role is not allowed",
        "AccessDenied",
        "AccessDeniedException",
        "ValidationError",
        "InvalidParameterValueException",
    ),
    known(
        "caller-encoded-message",
        "encoded authorization failure message",
        r"Encoded authorization failure message:?\s*[\w+/=-]*",
    ),
    known(
        "caller-is-root",
        "roles may not be assumed by root accounts",
        r"Roles may not be assumed by root accounts",
        "AccessDenied",
    ),
    known(
        "caller-mfa-required",
        "multifactorauthentication failed",
        r"MultiFactorAuthentication failed(?: with invalid MFA one time pass code|[^\n.]{0,80})",
        "AccessDenied",
    ),
    known(
        "caller-credentials-expired",
        "security token included in the request is expired",
        r"The security token included in the request is expired",
        "ExpiredTokenException",
        "ExpiredToken",
    ),
    known("caller-credentials-expired", "request has expired", r"Request has expired", "RequestExpired"),
    known(
        "caller-credentials-expired",
        "has expired or is otherwise invalid",
        r"(?:Error when retrieving token from sso: )?The SSO session (?:associated with this profile )?"
        r"has expired or is otherwise invalid",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
    ),
    known(
        "caller-credentials-expired",
        "token has expired and refresh failed",
        r"(?:Error when retrieving token from sso: )?Token has expired and refresh failed",
        "UnauthorizedSSOTokenError",
    ),
    known(
        "caller-credentials-expired",
        "your session has expired",
        r"Your session has expired[^\n]{0,80}",
        "LoginRefreshRequired",
    ),
    known(
        "caller-credentials-missing",
        "error loading sso token",
        r"Error loading SSO Token: Token for [^\n]{1,120}? does not exist",
        "SSOTokenLoadError",
    ),
    known(
        "chain-no-source",
        "partial credentials found in assume-role",
        r"Partial credentials found in assume-role, missing: ?(?:source_profile or credential_source)?",
        "PartialCredentialsError",
    ),
    known(
        "caller-credentials-missing",
        "partial credentials found in",
        r"Partial credentials found in [\w. -]+, missing: ?[\w]+",
        "PartialCredentialsError",
    ),
    known(
        "caller-credentials-missing",
        "unable to locate credentials",
        r"Unable to locate credentials(?:\. You can configure credentials by running \"?aws \w+\"?)?",
        "NoCredentialsError",
        "NoCredentials",
    ),
    known(
        "caller-credentials-invalid",
        "security token included in the request is invalid",
        r"The security token included in the request is invalid",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidIdentityToken",
    ),
    known(
        "caller-credentials-invalid",
        "the request signature we calculated does not match",
        r"The request signature we calculated does not match the signature you provided[^\n]{0,80}",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
    ),
    known(
        "caller-credentials-invalid",
        "was not able to validate the provided access credentials",
        r"AWS was not able to validate the provided access credentials",
        "AuthFailure",
    ),
    known(
        "caller-region-disabled",
        "is not activated in this region",
        r"(?:STS is not activated|Your account is not authorized to call AssumeRole)[^\n]{0,120}",
        "RegionDisabledException",
    ),
    known(
        "caller-region-disabled",
        "you are not subscribed to this service",
        r"You are not subscribed to this service[^\n]{0,80}",
        "OptInRequired",
    ),
    known("caller-throttled", "request limit exceeded", r"Request limit exceeded", "RequestLimitExceeded"),
    known(
        "caller-throttled",
        "rate exceeded",
        r"Rate exceeded",
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
    ),
)
