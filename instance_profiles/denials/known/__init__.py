"""The error texts that are no denials, one file a family: what each looks like, and what it belongs to.

One entry is one text. The names are those of the catalogue of rules; a test holds the two together.
"""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.callers import CALLERS
from instance_profiles.denials.known.instance_profiles import INSTANCE_PROFILES
from instance_profiles.denials.known.instances import INSTANCES
from instance_profiles.denials.known.local import LOCAL
from instance_profiles.denials.known.requests import REQUESTS
from instance_profiles.denials.known.sdk import SDK
from instance_profiles.denials.known.text import Known

__all__ = ["CODES", "KNOWN", "Known"]

KNOWN: Final[tuple[Known, ...]] = (*INSTANCE_PROFILES, *INSTANCES, *CALLERS, *LOCAL, *REQUESTS, *SDK)
"""All of them; where two match at one place the earlier one counts."""

CODES: Final[dict[str, str]] = {
    "AssumeRoleUnauthorizedAccess": "role-trust-missing-ec2",
    "AsgInstanceLaunchFailures": "service-reference-broken",
    "DeleteConflict": "profile-delete-blocked-by-role",
    "ExpiredToken": "caller-credentials-expired",
    "ExpiredTokenException": "caller-credentials-expired",
    "IamInstanceProfileNotFound": "service-reference-broken",
    "IamNodeRoleNotFound": "service-reference-broken",
    "InstanceIdentityProfileNotFound": "profile-not-visible-to-ec2",
    "InstanceProfileNotFound": "instance-profile-deleted",
    "InvalidAssociationID.NotFound": "association-id-stale",
    "InvalidAuthorizationMessageException": "caller-encoded-message",
    "InvalidClientTokenId": "caller-credentials-invalid",
    "NoCredentialProviders": "instance-imds-hop-limit",
    "NoCredentialsError": "caller-credentials-missing",
    "OptInRequired": "caller-region-disabled",
    "RegionDisabledException": "caller-region-disabled",
    "RequestLimitExceeded": "caller-throttled",
    "SignatureDoesNotMatch": "caller-credentials-invalid",
    "ThrottlingException": "caller-throttled",
    "TooManyRequestsException": "caller-throttled",
    "UnauthorizedSSOTokenError": "caller-credentials-expired",
    "UnrecognizedClientException": "caller-credentials-invalid",
}
"""Codes that tell the fault by themselves, where the message beside them is not known."""
