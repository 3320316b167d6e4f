"""Errors in plain sentences: what happened, what to do, and never a secret."""

from __future__ import annotations

import pytest
from botocore import exceptions as sdk
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from instance_profiles.aws import errors
from instance_profiles.aws.translation import translate

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def reply(code: str, message: str = "", status: int = 400) -> ClientError:
    metadata = {"RequestId": "r-1", "HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "Any")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDenied", errors.Denied),
        ("AccessDeniedException", errors.Denied),
        ("UnauthorizedOperation", errors.Denied),
        ("Client.UnauthorizedOperation", errors.Denied),
        ("ExpiredToken", errors.CredentialsExpired),
        ("ExpiredTokenException", errors.CredentialsExpired),
        ("InvalidClientTokenId", errors.CredentialsInvalid),
        ("SignatureDoesNotMatch", errors.CredentialsInvalid),
        ("AuthFailure", errors.CredentialsInvalid),
        ("UnrecognizedClientException", errors.CredentialsInvalid),
        ("RequestExpired", errors.CredentialsInvalid),
        ("OptInRequired", errors.RegionDisabled),
        ("RegionDisabledException", errors.RegionDisabled),
        ("RequestLimitExceeded", errors.Throttled),
        ("Throttling", errors.Throttled),
        ("TooManyRequestsException", errors.Throttled),
        ("NoSuchEntity", errors.NotFound),
        ("InvalidInstanceID.NotFound", errors.NotFound),
        ("InvalidAssociationID.NotFound", errors.NotFound),
        ("InvalidLaunchTemplateId.VersionNotFound", errors.NotFound),
        ("InvalidLaunchTemplateName.NotFoundException", errors.NotFound),
        ("InternalError", errors.Unreachable),
        ("IncorrectState", errors.Rejected),
        ("DeleteConflict", errors.Rejected),
        ("DryRunOperation", errors.Rejected),
    ],
)
def test_error_codes(code, kind):
    error = translate(reply(code, "said AWS"), "ec2", "DescribeInstances", "eu-west-1")
    assert type(error) is kind
    assert (error.code, error.message, error.request_id, error.http_status) == (code, "said AWS", "r-1", 400)


@pytest.mark.parametrize(
    ("exc", "kind", "sentence"),
    [
        (sdk.NoCredentialsError(), errors.CredentialsMissing, "run 'aws configure --profile prod'"),
        (
            sdk.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            errors.CredentialsMissing,
            "AWS_SECRET_ACCESS_KEY is missing",
        ),
        (sdk.ProfileNotFound(profile="prod"), errors.WrongNamedProfile, "no named profile 'prod'"),
        (
            sdk.TokenRetrievalError(provider="sso", error_msg="Token has expired"),
            errors.CredentialsExpired,
            "run 'aws sso login --profile prod', then reload.",
        ),
        (sdk.UnauthorizedSSOTokenError(), errors.CredentialsExpired, "run 'aws sso login --profile prod'"),
        (sdk.SSOTokenLoadError(error_msg="gone"), errors.CredentialsExpired, "aws sso login"),
        (sdk.LoginRefreshRequired(), errors.CredentialsExpired, "run 'aws login --profile prod'"),
        (
            sdk.ConfigParseError(path="/home/kim/.aws/config"),
            errors.ConfigUnreadable,
            "/home/kim/.aws/config",
        ),
        (
            sdk.InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]),
            errors.WrongNamedProfile,
            "Infinite loop in credential configuration",
        ),
        (
            sdk.InvalidConfigError(error_msg='The source profile "x" must have credentials.'),
            errors.WrongNamedProfile,
            'The source profile "x" must have credentials',
        ),
        (
            sdk.EndpointConnectionError(endpoint_url="https://ec2.nowhere/"),
            errors.Unreachable,
            "Could not reach https://ec2.nowhere/",
        ),
        (sdk.ConnectTimeoutError(endpoint_url="https://x/"), errors.TimedOut, "not answered in time"),
        (sdk.ReadTimeoutError(endpoint_url="https://x/"), errors.TimedOut, "not answered in time"),
        (sdk.SSLError(endpoint_url="https://x/", error="bad"), errors.Unreachable, "AWS_CA_BUNDLE"),
        (sdk.ProxyConnectionError(proxy_url="http://u:p@proxy"), errors.Unreachable, "HTTPS_PROXY"),
        (sdk.ConnectionClosedError(endpoint_url="https://x/"), errors.Unreachable, "Could not reach"),
        (
            sdk.CredentialRetrievalError(provider="custom-process", error_msg="exit 1"),
            errors.CredentialsMissing,
            "could not be fetched",
        ),
        (
            sdk.CredentialRetrievalError(provider="custom-process", error_msg="the session has expired"),
            errors.CredentialsExpired,
            "could not be fetched",
        ),
        (
            sdk.InvalidRegionError(region_name="eu west"),
            errors.Unreachable,
            "check the spelling of the region",
        ),
        (sdk.NoRegionError(), errors.Unreachable, "check the spelling of the region"),
        (
            sdk.EndpointProviderError(msg="Invalid Configuration: Missing Region"),
            errors.Unreachable,
            "check the spelling of the region",
        ),
        (ResponseParserError("Unable to parse response"), errors.NotAnAwsAnswer, "did not come from AWS"),
        (sdk.ParamValidationError(report="Missing RoleName"), errors.Rejected, "parameters are wrong"),
        (OSError("disk on fire"), errors.Unreachable, "disk on fire"),
        (TimeoutError(), errors.TimedOut, "not answered in time"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_sdk_raises(exc, kind, sentence):
    error = translate(exc, "ec2", "DescribeInstances", "eu-west-1", named_profile="prod")
    assert type(error) is kind
    assert sentence in str(error)
    assert "\n" not in str(error)
    assert str(error).endswith(".")


def test_expired_credentials_name_the_profile_and_the_command():
    error = translate(
        reply("ExpiredToken", "The security token is expired"), "iam", "ListRoles", None, named_profile="prod"
    )
    assert str(error) == (
        "The credentials of named profile 'prod' have expired: "
        "run 'aws sso login --profile prod' or put in new ones, then reload."
    )


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            (
                "User: arn:aws:sts::111122223333:assumed-role/dev/kim is not authorized to perform: "
                "iam:ListInstanceProfiles on resource: arn:aws:iam::1:instance-profile/ because no "
                "identity-based policy allows the iam:ListInstanceProfiles action"
            ),
            (
                "AWS denied iam:ListInstanceProfiles, because no identity-based policy allows it: "
                "ask for this permission, then reload."
            ),
        ),
        (
            (
                "You are not authorized to perform this operation. User: arn:aws:iam::1:user/kim is not "
                "authorized to perform: ec2:DescribeInstances with an explicit deny in a service "
                "control policy: arn:aws:organizations::9:policy/o-1/service_control_policy/p-1. "
                "Encoded authorization failure message: AAAA"
            ),
            (
                "AWS denied ec2:DescribeInstances, with an explicit deny in a service control policy: "
                "ask for this permission, then reload."
            ),
        ),
        ("", "AWS denied iam:ListInstanceProfiles: ask for this permission, then reload."),
    ],
)
def test_a_denial_names_the_action_and_who_denies(message, sentence):
    assert (
        str(translate(reply("AccessDenied", message, 403), "iam", "ListInstanceProfiles", None)) == sentence
    )


@pytest.mark.parametrize(
    "message",
    [
        (
            "The request signature we calculated does not match.\n\nThe Canonical String for this "
            f"request should have been\n'POST\n/\n\nx-amz-security-token:{SECRET}\n'"
        ),
        f"aws_secret_access_key={SECRET}",
        f'{{"SecretAccessKey": "{SECRET}", "SessionToken": "{SECRET}"}}',
        f"x-amz-security-token: {SECRET}",
    ],
)
@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "IncorrectState", "InternalError"])
def test_no_secret_is_in_a_sentence_nor_in_the_message(code, message):
    error = translate(reply(code, message), "iam", "ListRoles", None)
    assert SECRET not in str(error)
    assert SECRET not in error.message


def test_an_error_of_ours_comes_back_as_it_is():
    ours = errors.RefusedReadOnly("no")
    assert translate(ours) is ours
