"""Who calls AWS: the caller of this run, and the named profiles of this machine."""

from __future__ import annotations

import msgspec

from instance_profiles.inventory.model.references import ObjectRef


class Caller(msgspec.Struct, frozen=True, gc=False):
    """Who makes the calls, from sts:GetCallerIdentity, and where the credentials came from."""

    account: str
    arn: str
    user_id: str
    partition: str
    named_profile: str | None = None
    account_alias: str | None = None

    @property
    def ref(self) -> ObjectRef:
        name = self.arn.rpartition(":")[2].rpartition("/")[2]
        return ObjectRef("caller", self.account, None, self.arn, name, self.arn)


class SigningEnvironment(msgspec.Struct, frozen=True, gc=False):
    """What the environment of this run says about credentials: whether it has keys, and whom it names."""

    access_key: bool
    named_profile: str | None


class NamedProfile(msgspec.Struct, frozen=True, gc=False):
    """One named profile of the local AWS config and credentials files; values as written, no secrets."""

    name: str
    has_static_keys: bool = False
    has_session_token: bool = False
    role_arn: str | None = None
    source_profile: str | None = None
    credential_source: str | None = None
    web_identity_token_file: str | None = None
    sso_session: str | None = None
    sso_account_id: str | None = None
    sso_role_name: str | None = None
    credential_process: bool = False
    login_session: str | None = None
    mfa_serial: str | None = None
    duration_seconds: str | None = None
    """As written: botocore ignores a value that is no whole number."""
    region: str | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("named-profile", "", None, self.name, self.name, self.role_arn)
