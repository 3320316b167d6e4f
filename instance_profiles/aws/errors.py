"""Everything that can go wrong between us and AWS, as one family of exceptions.

`str(error)` is one plain sentence for people that says what to do. `message` is AWS's own text, for code
that looks for a phrase in it. Neither ever holds a secret.
"""

from __future__ import annotations


class AwsError(Exception):
    """A call that did not succeed.

    `code` is AWS's error code (None where no answer came), `message` AWS's or the SDK's own text, `advice`
    the part of the sentence that says what to do. `service` and `operation` are as in `iam`, `GetRole`.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str | None = None,
        message: str = "",
        advice: str = "",
        service: str | None = None,
        operation: str | None = None,
        region: str | None = None,
        request_id: str | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.message = message or sentence
        self.advice = advice
        self.service = service
        self.operation = operation
        self.region = region
        self.request_id = request_id
        self.http_status = http_status


class Denied(AwsError):
    """The caller may not do this."""


class Throttled(AwsError):
    """AWS still asked to slow down after all retries."""


class NotFound(AwsError):
    """AWS says that the object does not exist."""


class CredentialsMissing(AwsError):
    """No credentials, or only a part of them, or a person is needed to get them."""


class CredentialsExpired(AwsError):
    """The credentials were good and have run out."""


class CredentialsInvalid(AwsError):
    """AWS does not know the credentials, or their signature is wrong."""


class WrongNamedProfile(AwsError):
    """The named profile does not exist, or what the AWS config says of it cannot work."""


class ConfigUnreadable(AwsError):
    """An AWS config file cannot be read or is not in its own format."""


class Unreachable(AwsError):
    """No connection: wrong endpoint or region, no network, or something in between."""


class TimedOut(AwsError):
    """Connected or not, no answer came in time. Whether a write took effect is not known."""


class RegionDisabled(AwsError):
    """The region is not enabled for the account."""


class NotAnAwsAnswer(AwsError):
    """Something answered that is not AWS: a captive portal, a proxy, a wrong endpoint."""


class RefusedReadOnly(AwsError):
    """The guard did not let a call out, because this run only reads."""


class Rejected(AwsError):
    """Any other error reply, and parameters that the SDK found wrong before sending."""
