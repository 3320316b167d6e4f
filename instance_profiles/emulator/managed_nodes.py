"""Which instances Systems Manager knows: those whose agent gets credentials that may report to it."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.managed_policies import aws_managed_policy
from instance_profiles.emulator.trust import ec2_may_assume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.emulator.resources import Account, Instance, Region, Role

_REPORT = "ssm:UpdateInstanceInformation"
UNKNOWN = "none"


def ping_status(account: Account, region: Region, instance: Instance) -> str | None:
    """Return Online, ConnectionLost or Inactive, None for an instance that Systems Manager does not know.

    Where the fleet says nothing, a running instance is online if its role lets the agent report, and one that
    is stopped has lost its connection.
    """
    if instance.ping_status:
        return None if instance.ping_status == UNKNOWN else instance.ping_status
    if instance.state not in ("running", "stopped") or not _may_report(account, region, instance):
        return None
    return "Online" if instance.state == "running" else "ConnectionLost"


def _may_report(account: Account, region: Region, instance: Instance) -> bool:
    if instance.metadata.get("HttpEndpoint") == "disabled":
        return False
    attached = [a for a in region.associations_of(instance.id) if a.state == "associated"]
    attached = attached or [a for a in region.associations_of(instance.id) if instance.state == "stopped"]
    for association in attached:
        profile = account.profile_by_arn(association.profile.arn)
        if profile is None or profile.id != association.profile.id or profile.role is None:
            continue
        if ec2_may_assume(profile.role, account.partition) and _role_may_report(account, profile.role):
            return True
    return False


def _role_may_report(account: Account, role: Role) -> bool:
    own = [*role.inline.values(), *(_document(account, arn) for arn in role.attached)]
    return _allows(own) and (role.boundary is None or _allows([_document(account, role.boundary)]))


def _document(account: Account, arn: str) -> str:
    policy = account.policies.get(arn) or aws_managed_policy(arn)
    return policy.document if policy is not None else "{}"


def _allows(documents: list[str]) -> bool:
    effects = {
        statement.get("Effect") for text in documents for statement in _statements(text) if _hits(statement)
    }
    return effects == {"Allow"}


def _statements(text: str) -> Iterator[dict[str, Any]]:
    found = json.loads(text).get("Statement", [])
    yield from found if isinstance(found, list) else [found]


def _hits(statement: dict[str, Any]) -> bool:
    """A statement with a condition is not one that an agent can count on, nor one that stops it."""
    actions = statement.get("Action", [])
    listed = actions if isinstance(actions, list) else [actions]
    return not statement.get("Condition") and any(
        fnmatchcase(_REPORT.lower(), str(action).lower()) for action in listed
    )
