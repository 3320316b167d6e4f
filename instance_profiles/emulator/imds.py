"""What an instance reads from its metadata service about its instance profile.

The emulator serves it at /imds/INSTANCE-ID/latest/meta-data/iam/..., without the token of IMDSv2.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.trust import ec2_may_assume

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import Account, Association, Instance, Region, Role
    from instance_profiles.emulator.world import World

PATH = re.compile(r"/imds/(?P<instance>i-[0-9a-z]+)/latest/meta-data/iam(?:/(?P<rest>.*))?")

_LIFE = timedelta(hours=6, minutes=35)
_HELP = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html"
_ANCHOR = "#troubleshoot_iam-ec2_errors-info-doc"


class Document(NamedTuple):
    """An answer of the metadata service: status and text."""

    status: int
    text: str


NOT_FOUND = Document(404, "404 - Not Found")
FORBIDDEN = Document(403, "403 - Forbidden")


def document(world: World, instance_id: str, rest: str) -> Document:
    """The document below `iam/` of an instance, as it is at this moment."""
    world.settle()
    for account in world.accounts.values():
        for region in account.regions.values():
            instance = region.instances.get(instance_id)
            if instance is not None and instance.state == "running":
                return _of_instance(world, account, region, instance, rest.strip("/"))
    return NOT_FOUND


def _of_instance(world: World, account: Account, region: Region, instance: Instance, rest: str) -> Document:
    if instance.metadata.get("HttpEndpoint") == "disabled":
        return FORBIDDEN
    held = next((one for one in region.associations.values() if _gives(one, instance)), None)
    profile = account.profile_by_arn(held.profile.arn) if held is not None else None
    if held is None:
        return NOT_FOUND
    now = datetime.fromtimestamp(world.clock.now(), UTC)
    if profile is None or profile.id != held.profile.id:
        return (
            _json({"Code": "InstanceProfileNotFound", "LastUpdated": _time(now)})
            if rest == "info"
            else NOT_FOUND
        )
    # A role that was taken out meanwhile goes on being served until EC2 looks again.
    role = held.role or profile.role
    if role is None:
        return NOT_FOUND
    match rest:
        case "":
            return Document(200, "info\nsecurity-credentials/")
        case "info":
            told = {"InstanceProfileArn": profile.arn, "InstanceProfileId": profile.id}
            return _json({"Code": "Success", "LastUpdated": _time(now), **told})
        case "security-credentials":
            return Document(200, role.name)
        case asked if asked == f"security-credentials/{role.name}":
            return _credentials(account, role, now)
        case _:
            return NOT_FOUND


def _gives(association: Association, instance: Instance) -> bool:
    return association.instance_id == instance.id and association.state in ("associated", "associating")


def _credentials(account: Account, role: Role, now: datetime) -> Document:
    """`iam/info` stays a success where EC2 may not assume the role; only here it is told."""
    if not ec2_may_assume(role, account.partition):
        message = f"EC2 cannot assume the role {role.name}.  Please see documentation at {_HELP}{_ANCHOR}."
        return _json({"Code": "AssumeRoleUnauthorizedAccess", "Message": message, "LastUpdated": _time(now)})
    key = iam_id("ASIA", role.id)[:20]
    return _json(
        {
            "Code": "Success",
            "LastUpdated": _time(now),
            "Type": "AWS-HMAC",
            "AccessKeyId": key,
            "SecretAccessKey": f"{key}SECRETKEYEXAMPLE".ljust(40, "x")[:40],
            "Token": f"{key}TOKENEXAMPLE",
            "Expiration": _time(now + _LIFE),
        }
    )


def _json(content: dict[str, str]) -> Document:
    return Document(200, json.dumps(content, indent=2))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
