"""Principal and NotPrincipal: whether a statement is about somebody, and how directly it names them.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
reference_policies_elements_notprincipal.html there.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from instance_profiles.policies.document import as_list
from instance_profiles.policies.ec2_names import names_ec2_of_a_region
from instance_profiles.policies.principal import Principal, principal_of
from instance_profiles.policies.three_valued import Match

Naming = Literal["itself", "everyone", "role", "account", "none"]
"""How somebody is named: as user or session, by *, by the session's role, by the account, not at all."""

_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_DIRECTNESS: Final[tuple[Naming, ...]] = ("none", "account", "role", "everyone", "itself")
_CERTAINTY: Final[tuple[Match, ...]] = ("no", "maybe", "yes")
_REGIONAL = re.compile(r"(?P<service>[\w-]+)\.[a-z]{2,4}(-[a-z]+)+-\d+(?P<rest>\.amazonaws\.com(\.cn)?)")

Named = tuple[Match, Naming]
_NOT_NAMED: Final[Named] = ("no", "none")
_UNSURE: Final[Named] = ("maybe", "itself")


def named_by(statement: dict[str, Any], principal: Principal) -> Named:
    """Whether the statement is about the principal; maybe where AWS does not document the form."""
    if ("Principal" in statement) == ("NotPrincipal" in statement):
        return _UNSURE
    if "Principal" in statement:
        return _named(statement["Principal"], principal, allows=statement.get("Effect") == "Allow")
    return _not_exempt(statement["NotPrincipal"], principal)


def _named(element: Any, principal: Principal, *, allows: bool) -> Named:
    if principal.kind == "unknown":
        return _UNSURE
    if element == "*":
        return "yes", "everyone"
    if not isinstance(element, dict) or not element.keys() <= _KINDS:
        return _UNSURE
    found = [
        _by_kind(kind, entry, principal, allows=allows)
        for kind, entries in element.items()
        for entry in as_list(entries)
    ]
    return max(found, key=_strength, default=_NOT_NAMED)


def _strength(named: Named) -> tuple[int, int]:
    return _CERTAINTY.index(named[0]), _DIRECTNESS.index(named[1])


def _not_exempt(element: Any, principal: Principal) -> Named:
    """NotPrincipal hits whom it does not name; whom it names in part, AWS judges by rules of its own."""
    match, naming = _named(element, principal, allows=True)
    if match == "no" and principal.kind != "service":
        return "yes", "everyone"
    if match == "yes" and (naming == "everyone" or principal.kind in ("service", "account")):
        return _NOT_NAMED
    # A user or a session is exempt only where its account (and its role) are named as well.
    return _UNSURE if not _names_account_too(element, principal, match, naming) else _NOT_NAMED


def _names_account_too(element: Any, principal: Principal, match: Match, naming: Naming) -> bool:
    if match != "yes" or naming != "itself" or principal.kind != "user":
        return False
    entries = as_list(element.get("AWS", []))
    return any(_is_account(entry, principal) for entry in entries)


def _by_kind(kind: str, entry: Any, principal: Principal, *, allows: bool) -> Named:
    if not isinstance(entry, str):
        return _UNSURE
    if kind == "AWS":
        return _by_aws(entry, principal)
    if kind == "Service":
        return _by_service(entry, principal, allows=allows)
    if kind == "Federated":
        return ("yes", "itself") if entry == principal.text else _NOT_NAMED
    return _NOT_NAMED if principal.kind == "service" else _UNSURE


def _by_service(entry: str, principal: Principal, *, allows: bool) -> Named:
    if principal.kind != "service":
        return _NOT_NAMED
    if entry == principal.text:
        return "yes", "itself"
    if "*" in entry:
        return _UNSURE
    regional = _REGIONAL.fullmatch(entry)
    if regional is None or f"{regional['service']}{regional['rest']}" != principal.text:
        return _NOT_NAMED
    # Field reports have EC2's regional form work in an Allow; of a Deny, and of others, nothing is known.
    return ("yes", "itself") if allows and names_ec2_of_a_region(entry) else _UNSURE


def _by_aws(entry: str, principal: Principal) -> Named:
    if entry == "*":
        # Whether AWS counts services among "all AWS identities" is not documented.
        return _UNSURE if principal.kind == "service" else ("yes", "everyone")
    if principal.kind in ("service", "anyone"):
        return _NOT_NAMED
    if _is_account(entry, principal):
        return "yes", "itself" if principal.kind == "account" else "account"
    if entry == principal.text:
        return "yes", "role" if principal.kind == "role" else "itself"
    if "*" in entry or "?" in entry:
        return _UNSURE
    return _of_role(principal_of(entry), principal)


def _of_role(entry: Principal, principal: Principal) -> Named:
    if (entry.partition, entry.account, entry.name) != (
        principal.partition,
        principal.account,
        principal.name,
    ):
        return _NOT_NAMED
    if (entry.kind, principal.kind) == ("role", "session"):
        # The session's ARN lacks the path; names of roles are unique in their account.
        return "yes", "role"
    return _UNSURE if (entry.kind, principal.kind) == ("session", "role") else _NOT_NAMED


def _is_account(entry: Any, principal: Principal) -> bool:
    if not isinstance(entry, str) or not principal.account:
        return False
    other = principal_of(entry)
    same_partition = not other.partition or not principal.partition or other.partition == principal.partition
    return other.kind == "account" and other.account == principal.account and same_partition
