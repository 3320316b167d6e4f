"""Whether a call failed because the endpoint or region does not offer it, which is no trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.errors import AwsError, NotAnAwsAnswer, NotFound, Unreachable

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

_UNKNOWN_CALL: Final = frozenset(
    {
        "InvalidAction",
        "NotImplemented",
        "NotImplementedException",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    }
)
_UNKNOWN_PATH: Final = frozenset({404, 405, 501})


_OF_AWS: Final = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
)


async def why_not_offered(account: AwsAccount, error: AwsError, *, crash_counts: bool = False) -> str | None:
    """One sentence where a listing is not offered at all, None where it is and failed.

    A service without an endpoint in a region has no address there, which looks like a broken network: it
    counts only where the SDK does not know of an endpoint either. With `crash_counts` a web page of a place
    that is not AWS counts too: some look-alikes (moto) have no other answer to what they lack.
    """
    service, operation = error.service, error.operation
    if service is None or operation is None:
        return None
    what = action_name(service, operation)
    unknown = error.code in _UNKNOWN_CALL or error.http_status in _UNKNOWN_PATH
    if unknown and not isinstance(error, NotFound):
        return f"{what} is not known to this endpoint."
    nowhere = isinstance(error, Unreachable) and error.code is None and error.region is not None
    if nowhere and not await account.may_offer(service, str(error.region)):
        return f"{what} is not offered in {error.region}."
    if crash_counts and _is_crash(error) and not await _asks_aws(account, service, error.region):
        return f"{what} is not known to this endpoint."
    return None


def _is_crash(error: AwsError) -> bool:
    """A page with status 500: the SDK finds no code in it, or takes the status for one."""
    if isinstance(error, NotAnAwsAnswer):
        return error.http_status is None
    return error.http_status == 500 and error.code in (None, "500")


async def _asks_aws(account: AwsAccount, service: str, region: str | None) -> bool:
    host = urlsplit(await account.endpoint(service, region)).hostname or ""
    return host.endswith(_OF_AWS)
