"""What IAM keeps of denials for its Access Troubleshooter: the evaluations behind an authorization id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.partitions import iam_region
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from instance_profiles.emulator.authority import Evaluation
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.world import World

_KEPT = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Authorization:
    """The evaluations of one request up to the one that was denied; `region` is where to ask for them."""

    account: str
    region: str
    at: float
    principal: str
    principal_id: str
    service: str
    operation: str
    evaluations: tuple[Evaluation, ...]


def keep(request: Request) -> str:
    """Keep the evaluations of a request that is denied; return the authorization id."""
    world = request.world
    _forget(world, request.now)
    # Every denial goes into the trail after this, so that no two ids are the same.
    authorization_id = iam_id("", "authorization", request.account.id, world.trail.recorded).lower()
    world.authorizations[authorization_id] = Authorization(
        account=request.account.id,
        region=iam_region(request.account.partition),
        at=request.now,
        principal=_principal(request),
        principal_id=request.caller.user_id,
        service=request.service,
        operation=request.operation,
        evaluations=tuple(request.evaluations),
    )
    return authorization_id


def _principal(request: Request) -> str:
    """The user; of a session its role, as aws:PrincipalArn has it."""
    principal = principal_of(request.caller.arn)
    role = request.account.roles.get(principal.name.casefold()) if principal.kind == "session" else None
    return role.arn if role is not None else request.caller.arn


def kept(world: World, authorization_id: str, account: str, region: str) -> Authorization | None:
    """What is kept of a denial of this account in this region; None before it is there and after a day."""
    found = world.authorizations.get(authorization_id)
    if found is None or (found.account, found.region) != (account, region):
        return None
    age = world.clock.now() - found.at
    return found if world.timing.authorization_details <= age <= _KEPT else None


def _forget(world: World, now: float) -> None:
    while world.authorizations:
        oldest = next(iter(world.authorizations))
        if now - world.authorizations[oldest].at <= _KEPT:
            return
        del world.authorizations[oldest]
