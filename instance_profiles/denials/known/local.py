"""The AWS config of this machine: chains of named profiles and the length of sessions."""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import NAME, QUOTE, Known, known

LOCAL: Final[tuple[Known, ...]] = (
    known(
        "chain-duration-over-1h",
        "exceeds the 1 hour session limit",
        r"The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        "ValidationError",
        "ValidationException",
    ),
    known(
        "duration-over-role-max",
        "exceeds the maxsessionduration set for this role",
        r"The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
        "ValidationError",
        "ValidationException",
    ),
    known(
        "duration-invalid",
        "at 'durationseconds' failed to satisfy constraint",
        rf"Value {QUOTE}{NAME}{QUOTE} at 'durationSeconds' failed to satisfy constraint[^\n]{{0,120}}",
        "ValidationError",
    ),
    known(
        "duration-invalid",
        "invalid value for parameter durationseconds",
        r"Invalid value for parameter DurationSeconds, value: (?P<resource>[\w-]+), valid min value: \d+",
        "ParamValidationError",
    ),
    known(
        "chain-loop",
        "infinite loop in credential configuration",
        r"Infinite loop in credential configuration detected\.?[^\n]{0,160}",
        "InfiniteLoopConfigError",
    ),
    known(
        "chain-source-missing",
        "the source_profile",
        rf"The source_profile {QUOTE}[^\s\"]+{QUOTE} referenced in the profile {QUOTE}{NAME}{QUOTE} "
        r"does not exist",
        "InvalidConfigError",
    ),
    known(
        "chain-both-sources",
        "contains both source_profile and credential_source",
        rf"(?:The profile {QUOTE}{NAME}{QUOTE} )?contains both source_profile and credential_source",
        "InvalidConfigError",
    ),
    known(
        "chain-bad-credential-source",
        "the credential source",
        rf"The credential source {QUOTE}[^\s\"]+{QUOTE} referenced in (?:the )?profile "
        rf"{QUOTE}{NAME}{QUOTE} is not valid",
        "InvalidConfigError",
    ),
    known(
        "chain-source-no-credentials",
        "must have credentials",
        rf"The source profile {QUOTE}{NAME}{QUOTE} must have credentials",
        "InvalidConfigError",
    ),
    known(
        "self-profile-imds-role-untrusted",
        "no credentials found in credential_source",
        r"(?:Error when retrieving credentials from \w+: )?"
        r"No credentials found in credential_source referenced in"
        rf" profile {QUOTE}{NAME}",
        "CredentialRetrievalError",
    ),
)
