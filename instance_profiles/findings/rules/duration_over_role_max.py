from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.durations import asking_hop, hours, named_profiles, told_elsewhere
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import LOCAL_CONFIG, ROLE_DURATIONS

if TYPE_CHECKING:
    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import NamedProfile

EVERY_ROLE_ALLOWS = 3600


@rule(
    id="duration-over-role-max",
    order=712,
    kind="named-profile",
    severity="error",
    title="Longer sessions asked of a role than it gives",
    listings=(LOCAL_CONFIG,),
    needs=(ROLE_DURATIONS,),
    subjects=named_profiles,
    ways={
        "edit-named-profile": "lowers duration_seconds to what the role gives; SDKs renew the session by "
        "themselves",
        "set-max-session-duration": "lets the role give as long a session as is asked for, 12 hours at most",
    },
    meaning=(
        "duration_seconds of the named profile is above the maximum session duration of its role. STS "
        "refuses such a wish outright, so nothing works with this named profile."
    ),
    detection=(
        "duration_seconds is a whole number above the role's `MaxSessionDuration`, which iam:GetRole tells "
        "for roles of the accounts shown that more than an hour is asked of. Unknown where that was denied."
    ),
    error_texts=("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",),
    false_positives=(
        "Roles of accounts that this run does not read are not judged. Where the role is chained the limit "
        "is one hour whatever it allows: that is `chain-duration-over-1h`. Above 12 hours it is "
        "`duration-invalid`."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
)
def duration_over_role_max(named_profile: NamedProfile, view: View) -> Draft | None:
    hop = asking_hop(named_profile, view)
    if hop is None or hop.duration_seconds is None or told_elsewhere(hop):
        return None
    asked = hop.duration_seconds
    account = account_of(hop.role_arn)
    if asked <= EVERY_ROLE_ALLOWS or account not in view.inventory.callers:
        return None
    most = view.inventory.longest_session(hop.role_arn)
    if most is None:
        return _unsure(hop.role_arn, account, view)
    role = view.inventory.role_by_arn(hop.role_arn)
    if asked <= most:
        return None
    return Present(
        cause=f"asks {hours(asked)} of a role that gives {hours(most)}",
        detail=sentences(
            f"It asks for {asked:,} seconds of {hop.role_arn}, whose maximum session duration is {most:,} "
            "seconds.",
            "STS refuses that, so every call with this named profile fails.",
        ),
        related=refs([role.ref if role else None]),
    )


def _unsure(role_arn: str, account: str, view: View) -> Unsure | None:
    if view.state(account, None, ROLE_DURATIONS) != "broken":
        return None
    return Unsure(
        cause=f"longest session of {role_arn.rpartition('/')[2]} not read",
        detail=f"Whether {role_arn} gives sessions that long is not known. "
        + view.trouble(account, None, ROLE_DURATIONS),
    )
