"""The cases of the recipe that asks for a higher quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.resources import QuotaRequest
from instance_profiles.inventory.model import ObjectRef
from tests.fixes.case import Case
from tests.fixes.estate import ACCOUNT

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World

ACCOUNT_REF = ObjectRef("account", ACCOUNT, None, ACCOUNT, ACCOUNT)
INSTANCE_PROFILES, ROLES = "L-6E65F664", "L-FE177D64"


def asks(world: World, code: str, desired: float, status: str = "PENDING") -> None:
    """Somebody else asks for more."""
    made = QuotaRequest("r-0", code, desired, world.clock.now(), status)
    world.account.quota_requests.append(made)
    world.changed()


def asked_for(world: World) -> list[tuple[str, float]]:
    return [(made.quota_code, made.desired) for made in world.account.quota_requests]


QUOTA_CASES = (
    Case(
        "request-quota",
        "request-quota",
        lambda b: b.finding("profile-quota-near", ACCOUNT_REF, "request-quota"),
        ("RequestServiceQuotaIncrease",),
        lambda w: asked_for(w) == [(ROLES, 2000)],
        lambda w: asks(w, ROLES, 1500),
        undoable=False,
    ),
)
