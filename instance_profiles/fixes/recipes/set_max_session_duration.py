"""Let a role give sessions as long as a named profile asks for (iam:UpdateRole)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.role_state import refuse_unmodifiable
from instance_profiles.fixes.situation import subject_role
from instance_profiles.inventory.chains import walk, whole_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Role

SHORTEST, LONGEST = 3600, 43200
"""Seconds: what IAM takes as a role's maximum session duration."""
CHAINED = (
    "The role is assumed with the credentials of another role, so that AWS ends its sessions after 1 hour "
    "whatever the role allows; lower duration_seconds instead."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role, asked = _role_and_wish(situation)
    refuse_unmodifiable(role)
    old = role.max_session_duration
    if old is None:
        raise CannotPlan(f"The longest session of {role.role_name} was not read; reload and try again.")
    seconds = _seconds(answers, asked)
    if seconds == old:
        raise CannotPlan(f"{role.role_name} allows sessions of {old} seconds already.", "duration")
    step = role_steps.set_session_duration(role, seconds, old)
    plan = assemble(
        RECIPE,
        situation,
        title=f"Let {role.role_name} give sessions of {seconds} seconds instead of {old}",
        steps=(step,),
        verify=step.after,
        warnings=(
            ("Credentials of this role, once leaked, work for longer; lowering duration_seconds is safer.",)
            if seconds > old
            else ()
        ),
        delay="At once, for sessions that begin from now on.",
        undo=f"Sets it back to {old} seconds; sessions that have begun keep their length.",
    )
    return msgspec.structs.replace(plan, subject=role.ref, account=role.account)


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    if key != "duration":
        return ()
    _, asked = _role_and_wish(situation)
    wanted = (asked, LONGEST) if asked and SHORTEST <= asked < LONGEST else (LONGEST,)
    return tuple(
        Candidate(
            str(seconds),
            f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s",
            "what the named profile asks for" if seconds == asked else "the most that IAM takes",
        )
        for seconds in wanted
    )


def _role_and_wish(situation: Situation) -> tuple[Role, int | None]:
    """The role in question, and how many seconds somebody asks of it."""
    if situation.subject.kind != "named-profile":
        role = subject_role(situation)
        if role is None:
            raise CannotPlan(f"{situation.subject.name} is not there any more; reload and look again.")
        return role, None
    inventory, name = situation.inventory, situation.subject.name
    if name not in inventory.named_profiles:
        raise CannotPlan(f"There is no named profile {name} any more; reload and look again.")
    for hop in walk(inventory.named_profiles, name).hops:
        role = inventory.role_by_arn(hop.role_arn)
        asked = hop.duration_seconds or 0
        if role is not None and role.max_session_duration and asked > role.max_session_duration:
            if hop.chained == "yes":
                raise CannotPlan(CHAINED)
            return role, asked
    raise CannotPlan(
        f"No role behind {name} that was read gives shorter sessions than asked; reload with the account "
        "that owns the role among those shown."
    )


def _seconds(answers: Mapping[str, str], asked: int | None) -> int:
    told = answers.get("duration")
    if told is None and asked is None:
        raise CannotPlan("Say how many seconds a session may last.", "duration")
    seconds = whole_seconds(told) if told is not None else asked
    if seconds is None or not SHORTEST <= seconds <= LONGEST:
        raise CannotPlan(
            f"{told or asked} will not do: IAM takes {SHORTEST} to {LONGEST} seconds.", "duration"
        )
    return seconds


RECIPE = Recipe(
    name="set-max-session-duration",
    number="R19",
    title="Allow longer sessions",
    summary="Raises the role's maximum session duration to what is asked for.",
    needs=(Need("duration", "Longest session in seconds", optional=True),),
    actions=("iam:UpdateRole",),
    build=build,
    choices=choices,
)
