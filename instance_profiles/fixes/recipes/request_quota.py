"""R18: ask Service Quotas for more instance profiles or roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.regions import home_region
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.conditions import QuotaRequested
from instance_profiles.fixes.currents import CurrentQuota
from instance_profiles.fixes.plan import Call, CannotPlan, Permission, Plan, Step
from instance_profiles.fixes.probes import QuotaAdjustable
from instance_profiles.fixes.quota_reading import SERVICE
from instance_profiles.fixes.recipe import Candidate, Need, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

INSTANCE_PROFILES: Final = "Instance profiles per account"
ROLES: Final = "Roles per account"
MOST: Final = 5000
"""As many as AWS grants by itself (IAM quotas); more needs a person there."""
_ROUND: Final = 1000


class _Room(msgspec.Struct, frozen=True):
    """One of the quotas of IAM that the account summary counts."""

    name: str
    used: int
    quota: int


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    room = _chosen(situation, answers)
    desired = _desired(room, answers)
    region = home_region(situation.partition)
    if region is None:
        raise CannotPlan(
            f"Where Service Quotas keeps the quotas of IAM in partition {situation.partition} is not known; "
            "ask AWS Support for it."
        )
    made = QuotaRequested(region, room.name, float(desired), True)
    step = Step(
        _request(situation, region, room.name, desired),
        before=(QuotaRequested(region, room.name, float(desired), False),),
        after=(made,),
        interval=5.0,
    )
    return assemble(
        RECIPE,
        situation,
        title=f"Ask AWS for {desired:,} instead of {room.quota:,}: {room.name[:1].lower()}{room.name[1:]}",
        steps=(step,),
        probes=(QuotaAdjustable(region, room.name),),
        verify=(made,),
        warnings=()
        if desired <= MOST
        else (f"AWS grants up to {MOST:,} by itself; a person there decides about more.",),
        delay="AWS answers within minutes to days; Service Quotas shows the state of the request.",
        undo="Cannot be undone: a request cannot be withdrawn, and a higher quota does no harm.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    rooms = _rooms(situation)
    if key == "name":
        return tuple(Candidate(room.name, room.name, f"{room.used:,} of {room.quota:,}") for room in rooms)
    if key == "quota" and rooms:
        return tuple(Candidate(str(number), f"{number:,}") for number in _steps_up(rooms[0].quota))
    return ()


def _rooms(situation: Situation) -> tuple[_Room, ...]:
    """The quotas of the account, the fullest first; one that is full has a finding of its own."""
    summary = situation.inventory.account_summaries.get(situation.account)
    if summary is None:
        return ()
    rooms = (
        _Room(INSTANCE_PROFILES, summary.instance_profiles, summary.instance_profiles_quota),
        _Room(ROLES, summary.roles, summary.roles_quota),
    )
    known = [room for room in rooms if room.quota > 0]
    near = situation.finding.rule == "profile-quota-near"
    return tuple(sorted(known, key=lambda room: (near and room.used >= room.quota, -room.used / room.quota)))


def _chosen(situation: Situation, answers: Mapping[str, str]) -> _Room:
    rooms = _rooms(situation)
    if not rooms:
        raise CannotPlan("The quotas of the account were not read (iam:GetAccountSummary); reload.")
    wanted = answers.get("name", rooms[0].name)
    found = next((room for room in rooms if room.name.casefold() == wanted.casefold()), None)
    if found is None:
        names = " and ".join(room.name for room in rooms)
        raise CannotPlan(f"There is no quota {wanted} here; known are {names}.", "name")
    return found


def _desired(room: _Room, answers: Mapping[str, str]) -> int:
    told = answers.get("quota")
    if told is None:
        return _steps_up(room.quota)[0]
    plain = told.replace(",", "").replace("_", "")
    if not (plain.isascii() and plain.isdecimal()) or int(plain) <= room.quota:
        raise CannotPlan(f"{told} will not do: say a number above the present {room.quota:,}.", "quota")
    return int(plain)


def _steps_up(quota: int) -> tuple[int, ...]:
    """The next full thousands, as far as AWS grants them by itself; one more thousand where it does not."""
    following = (quota // _ROUND + 1) * _ROUND
    return tuple(range(following, MOST + 1, _ROUND)) or (following,)


def _request(situation: Situation, region: str, name: str, desired: int) -> Call:
    arn = f"arn:{situation.partition}:servicequotas:{region}:{situation.account}:{SERVICE}/*"
    context = {"aws:RequestedRegion": region}
    return Call(
        "service-quotas",
        "RequestServiceQuotaIncrease",
        region,
        {"ServiceCode": SERVICE, "QuotaCode": CurrentQuota(region, name), "DesiredValue": desired},
        permissions=(Permission("servicequotas:RequestServiceQuotaIncrease", arn, context),),
    )


RECIPE = Recipe(
    name="request-quota",
    number="R18",
    title="Ask for a higher quota",
    summary="Asks Service Quotas for more instance profiles or roles in this account.",
    needs=(
        Need("name", "Which quota", optional=True),
        Need("quota", "New quota", optional=True),
    ),
    actions=("servicequotas:RequestServiceQuotaIncrease",),
    build=build,
    choices=choices,
)
