"""From the AWS config and the environment to named profiles; no secret comes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.model import NamedProfile, SigningEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_sections(sections: Mapping[str, Mapping[str, str]]) -> tuple[NamedProfile, ...]:
    """The named profiles in the order of the files."""
    return tuple(_named_profile(name, settings) for name, settings in sections.items())


def from_environment(variables: Mapping[str, str]) -> SigningEnvironment:
    """What environment variables say about credentials, read as the SDK reads them.

    Of the two names of the variable for the named profile the older one goes first, as in botocore.
    """
    named = next((variables[key] for key in ("AWS_DEFAULT_PROFILE", "AWS_PROFILE") if key in variables), None)
    return SigningEnvironment(bool(variables.get("AWS_ACCESS_KEY_ID")), named or None)


def _named_profile(name: str, settings: Mapping[str, str]) -> NamedProfile:
    return NamedProfile(
        name=name,
        # One of the two is enough for the SDK to take a profile for one with keys.
        has_static_keys="aws_access_key_id" in settings or "aws_secret_access_key" in settings,
        has_session_token="aws_session_token" in settings,
        role_arn=settings.get("role_arn"),
        source_profile=settings.get("source_profile"),
        credential_source=settings.get("credential_source"),
        web_identity_token_file=settings.get("web_identity_token_file"),
        sso_session=settings.get("sso_session"),
        sso_account_id=settings.get("sso_account_id"),
        sso_role_name=settings.get("sso_role_name"),
        credential_process="credential_process" in settings,
        login_session=settings.get("login_session"),
        mfa_serial=settings.get("mfa_serial"),
        duration_seconds=settings.get("duration_seconds"),
        region=settings.get("region"),
    )
