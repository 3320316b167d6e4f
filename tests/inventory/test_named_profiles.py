"""Named profiles from the sections of the AWS config; no secret comes along."""

from __future__ import annotations

import msgspec

from instance_profiles.aws.config_files import read_sections
from instance_profiles.inventory.model import NamedProfile
from instance_profiles.inventory.named_profiles import from_sections

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def test_every_field_is_kept_as_written():
    (found,) = from_sections(
        {
            "ops": {
                "role_arn": "arn:aws:iam::111122223333:role/ops",
                "source_profile": "base",
                "credential_source": "Environment",
                "web_identity_token_file": "/token",
                "sso_session": "corp",
                "sso_account_id": "111122223333",
                "sso_role_name": "Admin",
                "credential_process": "/bin/get --secret x",
                "login_session": "arn:aws:iam::1:user/kim",
                "mfa_serial": "arn:aws:iam::1:mfa/kim",
                "duration_seconds": "1h",
                "region": "eu-west-1",
            }
        }
    )
    assert found == NamedProfile(
        name="ops",
        role_arn="arn:aws:iam::111122223333:role/ops",
        source_profile="base",
        credential_source="Environment",
        web_identity_token_file="/token",
        sso_session="corp",
        sso_account_id="111122223333",
        sso_role_name="Admin",
        credential_process=True,
        login_session="arn:aws:iam::1:user/kim",
        mfa_serial="arn:aws:iam::1:mfa/kim",
        duration_seconds="1h",
        region="eu-west-1",
    )


def test_keys_are_told_and_not_kept(aws_folder):
    (aws_folder / "credentials").write_text(
        f"[a]\naws_access_key_id = AKIAEXAMPLE\n"
        f"aws_secret_access_key = {SECRET}\naws_session_token = {SECRET}"
        "\n[b]\naws_access_key_id = AKIAEXAMPLE\n"
    )
    a, b = from_sections(read_sections())
    assert (a.has_static_keys, a.has_session_token) == (True, True)
    assert (b.has_static_keys, b.has_session_token) == (True, False)
    assert SECRET.encode() not in msgspec.json.encode((a, b))
    assert b"AKIAEXAMPLE" not in msgspec.json.encode((a, b))
