"""Fleets: the worlds that the emulator starts with, from TOML files (their keys are in `fleet_format`).

A minimal one:

    regions = ["eu-west-1"]
    account = { id = "123456789012" }

    [[roles]]
    name = "web"
    instance_profile = true        # and an instance profile of the same name around it

    [[instances]]
    region = "eu-west-1"
    name = "web"
    count = 2
    instance_profile = "web"
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import tomli

from instance_profiles.emulator.faults import Denial
from instance_profiles.emulator.fleet_ec2 import add_instances, add_launch_sources, add_scaling_group
from instance_profiles.emulator.fleet_error import FleetError
from instance_profiles.emulator.fleet_events import add_events, add_trail
from instance_profiles.emulator.fleet_format import AccountPart, CallerPart, Contents, FleetFile
from instance_profiles.emulator.fleet_iam import add_iam
from instance_profiles.emulator.fleet_others import add_elsewhere, add_fleets
from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.limits import Limits
from instance_profiles.emulator.resources import Account, Caller, Quotas
from instance_profiles.emulator.timing import Timing
from instance_profiles.emulator.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instance_profiles.emulator.clock import Clock

__all__ = ["DEFAULT_ACCESS_KEY", "FleetError", "build_world", "load_fleet"]

DEFAULT_ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"

_OWN = Path(__file__).parent / "fleets"
_DEFAULT_CALLER = CallerPart(who="user/ops-oncall", access_key=DEFAULT_ACCESS_KEY)


def load_fleet(name: str = "demo", clock: Clock | None = None) -> World:
    """Return the world of a fleet that comes with the emulator, or of a TOML file.

    Raises FleetError, one sentence for people, where there is no such file or it says nonsense.
    """
    return _world(_read(name), clock)


def build_world(fleet: str | Mapping[str, Any], clock: Clock | None = None) -> World:
    """Return the world of a fleet given as TOML text or as its tables; raises FleetError."""
    return _world(_parsed(fleet, "the fleet"), clock)


def _read(name: str) -> FleetFile:
    own = _OWN / f"{name}.toml"
    path = own if own.is_file() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(file.stem for file in _OWN.glob("*.toml")))
        raise FleetError(
            f"There is no fleet {name!r} that can be read: give a TOML file or one of {known}."
        ) from error
    return _parsed(text, str(name))


def _parsed(fleet: str | Mapping[str, Any], name: str) -> FleetFile:
    try:
        tables = tomli.loads(fleet) if isinstance(fleet, str) else fleet
        file = msgspec.convert(tables, FleetFile)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FleetError(f"{name}: {error}") from error
    return _extended(file) if file.extends else file


def _extended(file: FleetFile) -> FleetFile:
    """Return the fleet that this one extends, with the lists of both; single values of this one win."""
    base = _read(file.extends)
    changes: dict[str, Any] = {}
    for name in FleetFile.__struct_fields__:
        own, inherited = getattr(file, name), getattr(base, name)
        if isinstance(own, list):
            changes[name] = inherited + own
        elif isinstance(own, dict):
            changes[name] = inherited | own
        else:
            changes[name] = own or inherited
    return msgspec.structs.replace(file, **changes | {"extends": ""})


def _world(file: FleetFile, clock: Clock | None) -> World:
    if file.account is None:
        raise FleetError("The fleet has no [account] with an id.")
    world = World(clock, _timing(file))
    world.regions = file.regions or ["us-east-1"]
    world.limits = Limits() if file.limits else None
    world.disabled_regions = list(file.disabled_regions)
    world.default_region = file.default_region or world.regions[0]
    _add_account(world, file.account, file, file.callers or [_DEFAULT_CALLER])
    for further in file.accounts:
        if further.account.id in world.accounts:
            raise FleetError(f"The fleet has two accounts {further.account.id!r}.")
        _add_account(world, further.account, further, further.callers)
    for denied in file.denied:
        world.faults.denials.append(msgspec.convert(msgspec.to_builtins(denied), Denial))
    return world


def _add_account(world: World, part: AccountPart, contents: Contents, callers: Sequence[CallerPart]) -> None:
    quotas = Quotas(instance_profiles=part.instance_profiles_quota, roles=part.roles_quota)
    account = world.add_account(Account(part.id, part.partition, part.alias, quotas))
    account.scps = [[json.dumps(one) for one in level] for level in part.scps]
    for caller in callers:
        if caller.access_key in world.callers:
            raise FleetError(f"The fleet has two callers with access key {caller.access_key!r}.")
        world.add_caller(_caller(world, account, caller))
    add_iam(world, account, contents)
    _add_ec2(world, account, contents)


def _add_ec2(world: World, account: Account, file: Contents) -> None:
    used = [
        part.region
        for parts in (
            file.launch_templates,
            file.launch_configurations,
            file.instances,
            file.scaling_groups,
            file.spot_fleets,
            file.ec2_fleets,
            file.metadata_defaults,
            file.elsewhere,
        )
        for part in parts
    ] + [event.region for event in file.events if event.region]
    for region in used:
        if region not in world.regions:
            raise FleetError(f"The fleet uses region {region!r}, which is not among its regions.")
    add_launch_sources(world, account, file)
    for instances in file.instances:
        add_instances(world, account, instances)
    for group in file.scaling_groups:
        add_scaling_group(world, account, group)
    add_fleets(world, account, file)
    add_elsewhere(account, file)
    add_trail(world, account, file.trail)
    add_events(world, account, file.events)


def _timing(file: FleetFile) -> Timing:
    unknown = set(file.timing) - set(Timing.__dataclass_fields__)
    if unknown:
        raise FleetError(f"[timing] has no {min(unknown)!r}.")
    return Timing(**file.timing)


def _caller(world: World, account: Account, part: CallerPart) -> Caller:
    service = "sts" if part.who.startswith(("assumed-role/", "federated-user/")) else "iam"
    return Caller(
        access_key=part.access_key,
        account=account.id,
        arn=account.arn(service, part.who),
        user_id=_user_id(account, part.who),
        session_token=part.session_token,
        expires=world.clock.now() if part.expired else None,
        issued=world.clock.now(),
        chained=bool(part.session_token),
        enforced=part.enforced,
        policies=[json.dumps(one) for one in part.policies],
        boundary=json.dumps(part.boundary) if part.boundary is not None else None,
        session_policy=json.dumps(part.session_policy) if part.session_policy is not None else None,
    )


def _user_id(account: Account, who: str) -> str:
    kind, _, rest = who.partition("/")
    if kind == "root":
        return account.id
    if kind == "assumed-role":
        role, _, session = rest.partition("/")
        return f"{iam_id('AROA', account.id, role)}:{session}"
    return iam_id("AIDA", account.id, rest)
