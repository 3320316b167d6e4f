"""Who asks: users, roles, their sessions, whole accounts, services."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

Kind = Literal["user", "role", "session", "federated-user", "account", "service", "anyone", "unknown"]

_ARN = re.compile(
    r"arn:(?P<partition>[\w-]+):(?P<service>iam|sts)::(?P<account>\d{12}):(?P<rest>.+)", re.DOTALL
)
_ACCOUNT = re.compile(r"\d{12}")
_KINDS: dict[tuple[str, str], Kind] = {
    ("iam", "user"): "user",
    ("iam", "role"): "role",
    ("sts", "assumed-role"): "session",
    ("sts", "federated-user"): "federated-user",
}
SERVICE_ROLE_PATH = "aws-service-role/"


class Principal(msgspec.Struct, frozen=True):
    """Somebody, read off an ARN, an account id or the name of a service.

    `name` is the user's or role's name without its path. `path` ends in a slash and is empty for sessions,
    whose ARN does not have it.
    """

    text: str
    kind: Kind
    partition: str = ""
    account: str = ""
    name: str = ""
    path: str = ""

    @property
    def is_service_linked(self) -> bool:
        """Service-linked roles are beyond service control policies."""
        return self.kind == "role" and self.path.startswith(SERVICE_ROLE_PATH)


@lru_cache(maxsize=4096)
def principal_of(text: str) -> Principal:
    """Read a principal; kind `unknown` where the text is none."""
    if text in ("*", "anonymous"):
        return Principal(text, "anyone")
    if _ACCOUNT.fullmatch(text):
        return Principal(text, "account", account=text)
    found = _ARN.fullmatch(text)
    if found is None:
        is_service = "." in text and ":" not in text and "/" not in text
        return Principal(text, "service" if is_service else "unknown")
    return _from_arn(text, found["partition"], found["service"], found["account"], found["rest"])


def _from_arn(text: str, partition: str, service: str, account: str, rest: str) -> Principal:
    if service == "iam" and rest == "root":
        return Principal(text, "account", partition, account)
    first, _, named = rest.partition("/")
    kind = _KINDS.get((service, first))
    if kind is None or not named:
        return Principal(text, "unknown", partition, account)
    if kind == "session":
        return Principal(text, kind, partition, account, named.partition("/")[0])
    path, _, name = named.rpartition("/")
    return Principal(text, kind, partition, account, name, f"{path}/" if path else "")
