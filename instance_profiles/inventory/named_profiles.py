"""From the sections of the AWS config to named profiles; no secret comes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.model import NamedProfile

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_sections(sections: Mapping[str, Mapping[str, str]]) -> tuple[NamedProfile, ...]:
    """The named profiles in the order of the files."""
    return tuple(_named_profile(name, settings) for name, settings in sections.items())


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
