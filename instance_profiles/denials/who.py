"""Who a principal is, in the words of a person, and where a permission for it belongs."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from instance_profiles.policies.principal import principal_of

_SSO: Final = re.compile(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}")
_INSTANCE: Final = re.compile(r"i-[0-9a-f]{8,17}")


class Who(msgspec.Struct, frozen=True):
    """A principal as people know it. `place` is where a policy for it is attached, None where none can be."""

    words: str
    place: str | None
    account: str = ""
    partition: str = "aws"
    role: str | None = None
    user: str | None = None
    permission_set: str | None = None


def who(principal: str | None) -> Who:
    """Read a principal's ARN: users, roles and their sessions, permission sets, root, services."""
    if principal is None:
        return Who("somebody whom the message does not name", None)
    read = principal_of(principal)
    told = {"account": read.account, "partition": read.partition or "aws"}
    in_account = f" of account {read.account}" if read.account else ""
    if read.kind == "user":
        return Who(f"user {read.name}{in_account}", f"user {read.name}", user=read.name, **told)
    if read.kind in ("session", "role"):
        return _role(principal, read.name, in_account, told)
    if read.kind == "federated-user":
        place = "the user who asked for the federated session"
        return Who(f"federated user {read.name}{in_account}", place, **told)
    if read.kind == "account":
        return Who(f"the root user{in_account}", None, **told)
    if read.kind == "service":
        return Who(f"service {principal}", None)
    return Who(principal, None, **told)


def _role(principal: str, role: str, in_account: str, told: dict[str, str]) -> Who:
    session = principal.partition(f"/{role}/")[2] if ":assumed-role/" in principal else ""
    sso = _SSO.fullmatch(role)
    if sso is not None:
        words = f"{session or 'somebody'} with permission set {sso['set']}{in_account}"
        place = f"permission set {sso['set']} in IAM Identity Center"
        return Who(words, place, role=role, permission_set=sso["set"], **told)
    if _INSTANCE.fullmatch(session):
        words = f"instance {session} with role {role}{in_account}"
    elif session:
        words = f"role {role}{in_account}, session {session}"
    else:
        words = f"role {role}{in_account}"
    return Who(words, f"role {role}", role=role, **told)
