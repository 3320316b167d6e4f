"""What a fleet says of the past: events that CloudTrail recorded before the emulator started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from instance_profiles.emulator.authority import evaluate_fault
from instance_profiles.emulator.circumstances import circumstances
from instance_profiles.emulator.denials import denied
from instance_profiles.emulator.faults import Denial
from instance_profiles.emulator.fleet_ec2 import image_of
from instance_profiles.emulator.fleet_error import FleetError
from instance_profiles.emulator.identifiers import iam_id, uuid_of
from instance_profiles.emulator.partitions import iam_region
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.request import Request
from instance_profiles.emulator.resources import Caller, EventDataStore, TrailTable
from instance_profiles.emulator.service_models import SERVICES
from instance_profiles.emulator.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.emulator.fleet_format import EventPart, TrailPart
    from instance_profiles.emulator.resources import Account, Instance
    from instance_profiles.emulator.world import World


def add_events(world: World, account: Account, parts: Sequence[EventPart]) -> None:
    """Put the events into the trail, oldest first; raises FleetError."""
    moments = [
        (world.clock.now() - 60 * (part.minutes_ago + part.every_minutes * place), part)
        for part in parts
        for place in range(part.count)
    ]
    for at, part in sorted(moments, key=lambda pair: pair[0]):
        _add(world, account, part, at)


def add_trail(world: World, account: Account, part: TrailPart | None) -> None:
    """Say where the events can be queried; raises FleetError."""
    if part is None:
        return
    region = part.region or world.default_region
    if region not in world.regions:
        raise FleetError(f"The fleet uses region {region!r}, which is not among its regions.")
    if part.table:
        account.trail_table = TrailTable(
            region, part.database, part.table, part.workgroup, part.output, part.cutoff
        )
    if part.event_data_store:
        store = part.event_data_store
        account.event_data_store = EventDataStore(region, store, uuid_of(account.id, store))


def _add(world: World, account: Account, part: EventPart, at: float) -> None:
    if part.service not in SERVICES:
        raise FleetError(f"An event is of service {part.service!r}, which the emulator does not have.")
    if not part.region and part.service != "iam":
        raise FleetError(f"Event {part.name!r} has no region.")
    request = Request(
        world,
        _caller(world, account, part, at),
        part.service,
        part.name,
        part.region or iam_region(account.partition),
        _parameters(account, part),
        {},
        at=at,
    )
    record(request, _refusal(request, part))


def _refusal(request: Request, part: EventPart) -> RefusalError | None:
    if part.denied:
        resource = part.resource or _resource(request, part)
        denial = Denial(
            part.denied,
            effect=cast('Literal["implicit", "explicit"]', part.effect),
            by=part.by,
            policy=part.policy or None,
        )
        context = circumstances(request, part.denied, resource)
        judged = evaluate_fault(request.account, request.caller, denial, part.denied, resource, context)
        request.evaluations.append(judged)
        return denied(request, judged, denial)
    return RefusalError(part.error_code, part.error_message) if part.error_code else None


def _caller(world: World, account: Account, part: EventPart, at: float) -> Caller:
    """The caller of the fleet, or somebody who is nobody's key now."""
    session = part.who.startswith("assumed-role/")
    arn = account.arn("sts" if session else "iam", part.who)
    for caller in world.callers.values():
        if caller.arn == arn:
            return caller
    if session and part.who.count("/") < 2:
        raise FleetError(f"An event is by {part.who!r}; write assumed-role/ROLE/SESSION.")
    name = part.who.split("/")[1] if "/" in part.who else part.who
    key = iam_id("ASIA" if session else "AKIA", account.id, part.who)[:20]
    user_id = iam_id("AROA" if session else "AIDA", account.id, name)
    if session:
        user_id = f"{user_id}:{part.who.rpartition('/')[2]}"
    token = "planted" if session else ""
    return Caller(key, account.id, arn, user_id, session_token=token, issued=at - 1800)


def _parameters(account: Account, part: EventPart) -> dict[str, Any]:
    known: dict[str, Any] = {}
    profile_arn = _profile_arn(account, part.instance_profile)
    if part.service == "iam":
        known = {"InstanceProfileName": part.instance_profile, "RoleName": part.role}
    elif part.service == "sts":
        session = part.who.rpartition("/")[2]
        known = {"RoleArn": _role_arn(account, part.role), "RoleSessionName": session}
    elif part.service == "ec2":
        known = _ec2_parameters(account, part) | {"IamInstanceProfile": profile_arn and {"Arn": profile_arn}}
    return {key: value for key, value in known.items() if value} | dict(part.parameters)


def _ec2_parameters(account: Account, part: EventPart) -> dict[str, Any]:
    if part.name == "RunInstances":
        return {
            "ImageId": image_of(part.region, part.who),
            "InstanceType": "t3.medium",
            "MinCount": 1,
            "MaxCount": 1,
        }
    instance = _instance(account, part)
    if instance is None:
        return {}
    if part.name.startswith(("Replace", "Disassociate")):
        held = account.region(part.region).associations_of(instance.id)
        return {"AssociationId": held[0].id} if held else {}
    return {"InstanceId": instance.id}


def _resource(request: Request, part: EventPart) -> str:
    """What the denial is about, as the service names it."""
    account = request.account
    if part.role and part.denied in ("iam:PassRole", "sts:AssumeRole"):
        return _role_arn(account, part.role)
    if part.service == "iam":
        return f"instance profile {part.instance_profile}" if part.instance_profile else f"role {part.role}"
    if part.service == "ec2":
        instance = _instance(account, part)
        return account.arn("ec2", f"instance/{instance.id if instance else '*'}", part.region)
    return "*"


def _instance(account: Account, part: EventPart) -> Instance | None:
    if not part.instance:
        return None
    for instance in account.region(part.region).instances.values():
        if instance.tags.get("Name") == part.instance:
            return instance
    raise FleetError(f"An event is about instance {part.instance!r}, which {part.region} does not have.")


def _profile_arn(account: Account, name: str) -> str:
    if not name:
        return ""
    held = account.instance_profiles.get(name.casefold())
    return held.arn if held is not None else account.arn("iam", f"instance-profile/{name}")


def _role_arn(account: Account, name: str) -> str:
    held = account.roles.get(name.casefold())
    return held.arn if held is not None else account.arn("iam", f"role/{name}")
