"""Credentials that do not work, calls that AWS puts off, and the credentials of this machine itself."""

from __future__ import annotations

from instance_profiles.findings.topic import Topic

_CONFIG_PAGE = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"
_SIGN_IN = "Sign in again: `aws sso login --profile NAME` or `aws login`; then reload."

CALLER_CREDENTIALS_MISSING = Topic(
    id="caller-credentials-missing",
    order=650,
    kind="caller",
    severity="error",
    title="No credentials found",
    meaning="The SDK looked in all places it knows and found no credentials, or half of them.",
    detection="The SDK gives up before any call is sent.",
    error_texts=(
        "NoCredentialsError: Unable to locate credentials",
        "PartialCredentialsError: Partial credentials found in …, missing: …",
        "Error loading SSO Token: Token for … does not exist",
    ),
    steps=("Choose a named profile that has credentials, or make one with `aws configure`.", _SIGN_IN),
    source=_CONFIG_PAGE,
)

CALLER_CREDENTIALS_EXPIRED = Topic(
    id="caller-credentials-expired",
    order=652,
    kind="caller",
    severity="error",
    title="Credentials that have expired",
    meaning="Temporary credentials end at a set time; a clock that is wrong by minutes looks the same.",
    detection="The code of the error.",
    error_texts=(
        "ExpiredToken: The security token included in the request is expired",
        "ExpiredTokenException: The security token included in the request is expired",
        "RequestExpired: Request has expired.",
        (
            "UnauthorizedSSOTokenError: The SSO session associated with this profile has expired or is "
            "otherwise invalid."
        ),
        "Your session has expired. Please reauthenticate using 'aws login'",
    ),
    steps=(_SIGN_IN, "If they are new, set the clock of this machine."),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
)

CALLER_CREDENTIALS_INVALID = Topic(
    id="caller-credentials-invalid",
    order=654,
    kind="caller",
    severity="error",
    title="Credentials that AWS does not know",
    meaning=(
        "The key was deleted or is not active, the secret does not belong to it, or it comes from another "
        "partition (China, GovCloud). In a region that is not enabled, good keys look the same."
    ),
    detection="The code of the error.",
    error_texts=(
        "InvalidClientTokenId: The security token included in the request is invalid.",
        (
            "SignatureDoesNotMatch: The request signature we calculated does not match the signature you "
            "provided."
        ),
        "AuthFailure: AWS was not able to validate the provided access credentials",
        "UnrecognizedClientException: The security token included in the request is invalid.",
    ),
    steps=("Check which keys are used with `aws configure list`.", "Check the region and the partition."),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
)

CALLER_REGION_DISABLED = Topic(
    id="caller-region-disabled",
    order=655,
    kind="region",
    severity="info",
    title="Region that is not enabled",
    meaning=(
        "Regions opened after March 2019 are off until the account enables them, and an organisation may "
        "keep them off. Credentials that are good elsewhere are refused there. Whether something in that "
        "region uses an instance profile cannot be seen, so nothing there is called unused."
    ),
    detection="The code of the error, or STS saying that it is not activated in the region.",
    error_texts=(
        "OptInRequired: You are not subscribed to this service.",
        "RegionDisabledException: STS is not activated in this region for account:…",
    ),
    steps=(
        "Enable the region in the account's settings if it is meant to be used.",
        "Otherwise leave it out: `--region` names the regions to look at.",
    ),
    source="https://docs.aws.amazon.com/general/latest/gr/rande-manage.html",
)

CALLER_THROTTLED = Topic(
    id="caller-throttled",
    order=660,
    kind="caller",
    severity="warning",
    title="AWS asks for patience",
    meaning=(
        "Somebody in the account calls faster than AWS allows; the limits are for the account and the "
        "region, not for one caller. iptui keeps below them, waits and tries again by itself."
    ),
    detection="The code of the error.",
    error_texts=(
        "RequestLimitExceeded: Request limit exceeded.",
        "Throttling: Rate exceeded",
        "ThrottlingException: Rate exceeded",
        "TooManyRequestsException",
    ),
    steps=("Wait. If it stays, look in CloudTrail for who else calls.",),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html",
)

SELF_PROFILE_IMDS_ROLE_UNTRUSTED = Topic(
    id="self-profile-imds-role-untrusted",
    order=795,
    kind="named-profile",
    severity="error",
    title="This machine's instance profile gives no credentials",
    meaning=(
        "On an EC2 instance the SDK asks the metadata service for credentials. Where EC2 may not assume "
        "the role, the service answers with a code and a message; SDKs drop both and say only that they "
        "found no credentials."
    ),
    detection=(
        "The metadata service of the instance itself answers with a Code that is not Success under "
        "iam/security-credentials/; from elsewhere the role of the instance tells it."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
        (
            "Error when retrieving credentials from Ec2InstanceMetadata: No credentials found in "
            "credential_source referenced in profile …"
        ),
    ),
    steps=(
        "On the instance: `curl http://169.254.169.254/latest/meta-data/iam/info`, with a token.",
        "Repair the trust policy of the role; EC2 tries again by itself.",
        "Off EC2, credential_source = Ec2InstanceMetadata finds nothing: name another source.",
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
