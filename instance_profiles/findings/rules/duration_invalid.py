from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.durations import (
    LONGEST,
    SHORTEST,
    asking_hop,
    hours,
    is_capped_by_chaining,
    named_profiles,
)
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.inventory.sources import LOCAL_CONFIG

if TYPE_CHECKING:
    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import NamedProfile


@rule(
    id="duration-invalid",
    order=714,
    kind="named-profile",
    severity="error",
    title="Session duration that no role can have",
    listings=(LOCAL_CONFIG,),
    subjects=named_profiles,
    ways={"edit-named-profile": "sets duration_seconds to an hour, which every role gives"},
    meaning=(
        f"duration_seconds must be a whole number from {SHORTEST} to {LONGEST}. Below and above that every "
        "call with the named profile fails: an error. What is no whole number is silently ignored, and the "
        "session lasts an hour instead of what was meant: a warning."
    ),
    detection=f"duration_seconds of a named profile with a role_arn is no whole number from {SHORTEST} to "
    f"{LONGEST}.",
    error_texts=(
        "Invalid value for parameter DurationSeconds, value: …, valid min value: 900",
        "Value '…' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or…",
    ),
    false_positives=(
        "Named profiles that assume no role, and those with a web identity, never use the value and are left "
        "out. Where the role is chained, too long is `chain-duration-over-1h`."
    ),
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
)
def duration_invalid(named_profile: NamedProfile, view: View) -> Draft | None:
    hop = asking_hop(named_profile, view)
    written = named_profile.duration_seconds
    if hop is None or written is None:
        return None
    asked = hop.duration_seconds
    if asked is None:
        return Present(
            cause="duration_seconds is no whole number",
            detail=f'duration_seconds is "{written}", which SDKs ignore: the session lasts an hour, and not '
            "what was meant. Write the number of seconds and nothing else.",
            severity="warning",
        )
    if asked < SHORTEST:
        return Present(
            cause=f"asks {asked:,} s, the least is {SHORTEST}",
            detail=f"It asks for {asked:,} seconds; STS gives no session of less than {SHORTEST} seconds (15 "
            "minutes). Every call with this named profile fails.",
        )
    if asked <= LONGEST or is_capped_by_chaining(hop):
        return None
    return Present(
        cause=f"asks {hours(asked)}, the most is {hours(LONGEST)}",
        detail=f"It asks for {asked:,} seconds; no role gives sessions of more than {LONGEST:,} seconds. "
        "Every call with this named profile fails.",
    )
