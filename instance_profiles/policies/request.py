"""What is asked of the policies: who, what, on what, under which circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from instance_profiles.policies.principal import Principal, principal_of

_TYPES: Final = {
    "user": "User",
    "session": "AssumedRole",
    "role": "AssumedRole",
    "federated-user": "FederatedUser",
    "account": "Account",
}


class Request(msgspec.Struct, frozen=True):
    """A question to `decide`.

    `principal` is an ARN, an account id or a service's name; the role's ARN stands for its sessions.
    `resource` is an ARN or `*`, None where it is not said which. `context` holds the condition keys that are
    known, in any case; an empty tuple says that the key is known to be absent. `resource_account` is None
    where the ARN tells it, or where it is the principal's own. `complete` says that every key that is not in
    `context` is absent, as for AWS itself; otherwise it is not known.
    """

    action: str
    resource: str | None
    principal: str = ""
    context: Mapping[str, tuple[str, ...]] = {}
    resource_account: str | None = None
    complete: bool = False


class Context:
    """The condition keys of a request, given and derived; remembers which were asked for in vain."""

    def __init__(self, request: Request) -> None:
        self.principal = principal_of(request.principal)
        self.missing: set[str] = set()
        self._complete = request.complete
        self._values = _derived(request, self.principal)
        self._values.update((key.lower(), tuple(values)) for key, values in request.context.items())

    def look_up(self, key: str) -> tuple[str, ...] | None:
        """The values of a key, () where it is absent for certain, None where that is not known."""
        values = self._values.get(key.lower())
        if values is None:
            self.missing.add(key)
            return () if self._complete else None
        return values


def resource_account(request: Request) -> str:
    """The account that owns the resource: as stated, else as the ARN has it, else the principal's own."""
    parts = (request.resource or "").split(":", 5)
    in_arn = parts[4] if len(parts) == 6 and parts[0] == "arn" and parts[4].isdigit() else ""
    return request.resource_account or in_arn or principal_of(request.principal).account


def _derived(request: Request, principal: Principal) -> dict[str, tuple[str, ...]]:
    """What AWS puts into every request for this principal, as far as its ARN tells."""
    values: dict[str, tuple[str, ...]] = {}
    if principal.kind in ("unknown", "anyone"):
        return values
    if principal.kind == "service":
        return {"aws:principalisawsservice": ("true",), "aws:principalservicename": (principal.text,)}
    values["aws:principalisawsservice"] = ("false",)
    values["aws:principalaccount"] = (principal.account,)
    values["aws:principaltype"] = (_TYPES[principal.kind],)
    values["aws:username"] = (principal.name,) if principal.kind == "user" else ()
    if arn := _principal_arn(principal):
        values["aws:principalarn"] = (arn,)
    if owner := resource_account(request):
        values["aws:resourceaccount"] = (owner,)
    return values


def _principal_arn(principal: Principal) -> str:
    """The role's ARN for its sessions, but where a path is certain to be missing from the session's."""
    if principal.kind == "session":
        if principal.name.startswith("AWSReservedSSO_"):
            return ""
        return f"arn:{principal.partition}:iam::{principal.account}:role/{principal.name}"
    return principal.text if principal.partition else ""
