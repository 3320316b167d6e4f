"""The call that failed, in words, and the error made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.secrets import without_secrets

if TYPE_CHECKING:
    from instance_profiles.aws.errors import AwsError


class FailedCall:
    """The call that failed, in words."""

    def __init__(
        self, service: str | None, operation: str | None, region: str | None, named_profile: str | None
    ) -> None:
        self.service, self.operation, self.region = service, operation, region
        self.named_profile = named_profile

    @property
    def action(self) -> str:
        return action_name(self.service, self.operation) if self.service and self.operation else "the call"

    @property
    def in_region(self) -> str:
        return f" in {self.region}" if self.region else ""

    @property
    def credentials(self) -> str:
        return f"credentials of named profile '{self.named_profile}'" if self.named_profile else "credentials"

    @property
    def flag(self) -> str:
        return f" --profile {self.named_profile}" if self.named_profile else ""

    @property
    def renewal(self) -> str:
        """What to do about credentials that have run out."""
        return f"run 'aws sso login{self.flag}' or put in new ones, then reload"

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


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line, cut, without the encoded part that people cannot read."""
    line = " ".join(text.partition("Encoded authorization failure message")[0].split())
    return line if len(line) <= limit else f"{line[:limit]}…"
