from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.role_policies import REVOCATION, revoked_before
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View

LASTING = timedelta(hours=24)


@rule(
    id="role-sessions-revoked",
    order=274,
    kind="role",
    severity="warning",
    title="Role whose sessions were revoked",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    ways={
        "reattach": "gives instances new credentials, which the policy does not touch; it stays in force",
        "unrevoke-sessions": "takes the policy away, so that older sessions work again; once it is over",
    },
    meaning=(
        f"Somebody revoked the sessions of the role: the inline policy {REVOCATION} denies everything with "
        "credentials that are older than a moment. Instances keep such credentials for more than six "
        "hours, and every call with them is denied until they get new ones. A day later no credentials of "
        "the time are left and it is no longer told. It is an error where the moment lies in the future: "
        "then new credentials are denied as well."
    ),
    detection=(
        f"The inline policy {REVOCATION} has a Deny with DateLessThan on aws:TokenIssueTime, and that "
        "moment is less than 24 hours ago."
    ),
    error_texts=("… is not authorized to perform: … with an explicit deny in an identity-based policy",),
    false_positives="A revocation that is older than a day touches nobody any more and is left out.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
)
def role_sessions_revoked(inner: InnerRole, view: View) -> Draft | None:
    role = inner.details
    moments = [
        moment
        for policy in (role.inline_policies if role else None) or ()
        if policy.policy_name == REVOCATION and (moment := revoked_before(policy.policy_document))
    ]
    if not moments or view.now - max(moments) >= LASTING:
        return None
    moment = max(moments)
    ahead = moment > view.now
    older = [i for i in view.use_of_all(inner.instance_profiles).instances if i.launch_time < moment]
    use = use_of(inner, view)
    return Present(
        cause="sessions revoked, also of times to come" if ahead else "sessions revoked within a day",
        detail=sentences(
            f"{REVOCATION} denies everything with credentials from before {moment:%Y-%m-%d %H:%M} UTC.",
            "That is in the future, so new credentials do not help." if ahead else "",
            use.told(f", {len(older):,} of them since before that" if older else ""),
            (
                "It is done after an incident: ask before taking it back. New credentials come by "
                "themselves within hours."
            ),
        ),
        related=use.related,
        severity="error" if ahead else "warning",
    )
