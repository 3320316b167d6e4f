"""The IAM part of a fleet: policies, roles, instance profiles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.fleet_error import FleetError
from instance_profiles.emulator.fleet_format import Contents, InstanceProfilePart, PolicyPart, RolePart
from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.managed_policies import aws_managed_arn
from instance_profiles.emulator.resources import InstanceProfile, ManagedPolicy, ProfileReference, Role
from instance_profiles.emulator.trust import in_aws_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.emulator.resources import Account
    from instance_profiles.emulator.world import World

DAY = 86400.0


def add_iam(world: World, account: Account, file: Contents) -> None:
    """Put the fleet's policies, roles and instance profiles into the account; raises FleetError."""
    now = world.clock.now()
    for policy in file.policies:
        made = _policy(account, policy, now)
        account.policies[made.arn] = made
    for role in file.roles:
        _add_role(account, role, now)
        if role.instance_profile:
            _add_instance_profile(
                account,
                InstanceProfilePart(
                    name=role.name, path=role.path, role=role.name, created_days=role.created_days
                ),
                now,
            )
    for profile in file.instance_profiles:
        _add_instance_profile(account, profile, now)


def profile_reference(account: Account, name: str, *, deleted: bool) -> ProfileReference:
    """Return how something attached long ago names an instance profile, by its id of now or of then."""
    profile = account.instance_profiles.get(name.casefold())
    if deleted:
        arn = profile.arn if profile else account.arn("iam", f"instance-profile/{name}")
        return ProfileReference(arn, iam_id("AIPA", account.id, name, "deleted"))
    if profile is None or profile.name != name:
        raise FleetError(f"The fleet uses instance profile {name!r}, which it does not have.")
    return ProfileReference(profile.arn, profile.id)


def _policy(account: Account, part: PolicyPart, now: float) -> ManagedPolicy:
    return ManagedPolicy(
        name=part.name,
        arn=account.arn("iam", f"policy{part.path}{part.name}"),
        id=iam_id("ANPA", account.id, part.name),
        created=now - 500 * DAY,
        document=json.dumps(part.document) if part.document else _allow(part.actions),
        path=part.path,
        versions=[_allow(actions) for actions in part.old_versions],
    )


def _add_role(account: Account, part: RolePart, now: float) -> None:
    if part.name.casefold() in account.roles:
        raise FleetError(f"The fleet has two roles named {part.name!r}.")
    document = part.trust_document or _trust(account, part.trust)
    account.roles[part.name.casefold()] = Role(
        name=part.name,
        path=part.path,
        id=iam_id("AROA", account.id, part.name),
        arn=account.arn("iam", f"role{part.path}{part.name}"),
        created=now - part.created_days * DAY,
        trust=in_aws_order(json.dumps(document)),
        max_session_duration=part.max_session_duration,
        description=part.description,
        boundary=_policy_arn(account, part.boundary) if part.boundary else None,
        last_used=None if part.used_hours is None else now - part.used_hours * 3600,
        last_used_region=part.used_region,
        attached={
            arn: arn.rpartition("/")[2] for arn in (_policy_arn(account, name) for name in part.policies)
        },
        inline={name: _allow(actions) for name, actions in part.inline.items()}
        | {name: json.dumps(document) for name, document in part.inline_documents.items()}
        | _revocation(part, now),
        tags=dict(part.tags),
    )


def _add_instance_profile(account: Account, part: InstanceProfilePart, now: float) -> None:
    key = part.name.casefold()
    if key in account.instance_profiles:
        raise FleetError(f"The fleet has two instance profiles named {part.name!r}.")
    role = account.roles.get(part.role.casefold())
    if part.role and role is None:
        raise FleetError(f"Instance profile {part.name!r} names role {part.role!r}, which does not exist.")
    account.instance_profiles[key] = InstanceProfile(
        name=part.name,
        path=part.path,
        id=iam_id("AIPA", account.id, part.name),
        arn=account.arn("iam", f"instance-profile{part.path}{part.name}"),
        created=now - part.created_days * DAY,
        role=role,
        tags=dict(part.tags),
    )


def _policy_arn(account: Account, name: str) -> str:
    for own in account.policies.values():
        if own.name == name:
            return own.arn
    try:
        return aws_managed_arn(name, account.partition)
    except KeyError as error:
        raise FleetError(f"The fleet uses policy {name!r}, which is not known.") from error


def _trust(account: Account, principals: Sequence[str]) -> dict[str, Any]:
    services = [name if "." in name else f"{name}.amazonaws.com" for name in principals if name != "account"]
    principal: dict[str, Any] = {}
    if services:
        principal["Service"] = services[0] if len(services) == 1 else services
    if "account" in principals:
        principal["AWS"] = account.arn("iam", "root")
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _revocation(part: RolePart, now: float) -> dict[str, str]:
    if part.sessions_revoked_hours is None:
        return {}
    moment = datetime.fromtimestamp(now - part.sessions_revoked_hours * 3600, UTC)
    statement = {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"AWSRevokeOlderSessions": json.dumps(document)}


def _allow(actions: Sequence[str]) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
