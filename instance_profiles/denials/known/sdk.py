"""What the SDK says before AWS is even asked: configuration, credentials that do not come, the network.

The texts are those of botocore/exceptions.py and botocore/credentials.py. They come last: an error of AWS
within one of them says more.
"""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import NAME, QUOTE, Known, known, plain

_URL: Final = r"(?P<resource>https?://[^\s\"'<>]{1,300})"
_REACH: Final = (
    "Check the network, proxy and VPN: `curl -sv` with the address of the message shows where it ends.",
    "Check the region and AWS_ENDPOINT_URL: an address that does not exist looks the same.",
)

SDK: Final[tuple[Known, ...]] = (
    plain(
        "the config profile",
        rf"The config profile \({QUOTE}(?P<resource>[^()\n]{{1,120}}?){QUOTE}\) could not be found",
        "ProfileNotFound",
        meaning="The AWS config files of this machine have no named profile of this name.",
        steps=(
            "See which there are: `aws configure list-profiles`.",
            "Mend AWS_PROFILE or the --profile that was given, or make it: `aws configure sso`.",
        ),
    ),
    plain(
        "unable to parse config file",
        r"Unable to parse config file: ?(?P<resource>[^\n]{1,300})",
        "ConfigParseError",
        meaning="An AWS config file of this machine is not written as such files are.",
        steps=("Open the file and look for a line that is no [section], no `key = value` and no comment.",),
    ),
    plain(
        "the specified config file",
        r"The specified config file \((?P<resource>[^)\n]{1,300})\) could not be found",
        "ConfigNotFound",
        meaning="The AWS config file that was asked for is not there.",
        steps=("Mend AWS_CONFIG_FILE, or leave it out to use ~/.aws/config.",),
    ),
    plain(
        "you must specify a region",
        r"You must specify a region",
        "NoRegionError",
        meaning="Nothing says which region to ask.",
        steps=("Give --region, set AWS_REGION, or write `region` into the named profile.",),
    ),
    plain(
        "match a supported format",
        rf"Provided region_name {QUOTE}(?P<resource>[^'\n]{{1,80}}){QUOTE} doesn't match a supported format",
        "InvalidRegionError",
        meaning="The text is not the name of a region.",
        steps=("Write the region as in eu-west-1: in --region, AWS_REGION or the named profile.",),
    ),
    known(
        "caller-mfa-required",
        "cannot refresh credentials: mfa token required",
        r"Cannot refresh credentials: MFA token required",
        "RefreshWithMFAUnsupportedError",
    ),
    known(
        "caller-credentials-missing",
        "is configured to use sso but is missing required configuration",
        rf"The profile {QUOTE}{NAME}{QUOTE} is configured to use SSO but is missing required configuration"
        r"[^\n]{0,120}",
        "InvalidConfigError",
    ),
    known(
        "caller-credentials-missing",
        "the specified sso-session does not exist",
        rf"The specified sso-session does not exist: ?{QUOTE}{NAME}{QUOTE}",
        "InvalidConfigError",
    ),
    known(
        "chain-bad-credential-source",
        "but no source provider was configured",
        rf"The credential_source {QUOTE}[^\s\"]+{QUOTE} is specified in profile {QUOTE}{NAME}{QUOTE}, "
        r"but no source provider was configured",
        "InvalidConfigError",
    ),
    known(
        "caller-credentials-expired",
        "pending authorization to retrieve an sso token has expired",
        r"The pending authorization to retrieve an SSO token has expired",
        "PendingAuthorizationExpiredError",
    ),
    known(
        "caller-credentials-expired",
        "when resolving aws credentials or",
        r"An unspecified error happened when resolving AWS credentials or (?:an access token from SSO"
        r"|refreshing a login session profile)",
        "SSOError",
        "LoginError",
    ),
    known(
        "caller-credentials-expired",
        "error when retrieving token from",
        r"Error when retrieving token from [\w-]+: [^\n]{1,200}",
        "TokenRetrievalError",
    ),
    known(
        "caller-credentials-missing",
        "error loading sso token",
        r"Error loading SSO Token: [^\n]{1,200}",
        "SSOTokenLoadError",
    ),
    known(
        "caller-credentials-missing",
        "error loading login session token",
        r"Error loading login session token: [^\n]{1,200}",
        "LoginTokenLoadError",
    ),
    known(
        "caller-credentials-missing",
        "redeeming a login authorization code",
        r"Error loading or redeeming a login authorization code: [^\n]{1,200}",
        "LoginAuthorizationCodeError",
    ),
    known(
        "caller-credentials-missing",
        "unable to create or refresh login credentials due to insufficient permissions",
        r"Unable to create or refresh login credentials due to insufficient permissions[^\n]{0,120}",
        "LoginInsufficientPermissions",
    ),
    known(
        "caller-credentials-missing",
        "unable to locate authorization token",
        r"Unable to locate authorization token",
        "NoAuthTokenError",
    ),
    known(
        "caller-credentials-missing",
        "error when retrieving credentials from",
        r"Error when retrieving credentials from [\w-]+: [^\n]{1,200}",
        "CredentialRetrievalError",
    ),
    plain(
        "error retrieving metadata:",
        r"Error retrieving metadata: [^\n]{1,200}",
        "MetadataRetrievalError",
        meaning="The metadata service of the instance or container did not answer as it should.",
        steps=(
            "On an instance, ask http://169.254.169.254/latest/meta-data/iam/info with curl and a token.",
            "In a container on EC2 the hop limit of the metadata options must be 2.",
        ),
    ),
    plain(
        "endpoint url:",
        r"(?:Could not connect to the|Connect timeout on|Read timeout on"
        rf"|Connection was closed before we received a valid response from) endpoint URL: {QUOTE}{_URL}",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ConnectionClosedError",
        meaning="AWS was not reached: no answer came from this address.",
        steps=_REACH,
    ),
    plain(
        "failed to connect to proxy url",
        rf"Failed to connect to proxy URL: {QUOTE}[^\s\"']{{1,300}}",
        "ProxyConnectionError",
        meaning="The proxy through which AWS is to be reached did not answer.",
        steps=("Check HTTPS_PROXY and NO_PROXY; the metadata service must never go through a proxy.",),
    ),
    plain(
        "ssl validation failed for",
        rf"SSL validation failed for {_URL}",
        "SSLError",
        meaning="The certificate of this address is not one that this machine trusts.",
        steps=(
            "A company's proxy that opens TLS needs its certificate here: set AWS_CA_BUNDLE to its file.",
            "Check the clock of this machine.",
        ),
    ),
)
