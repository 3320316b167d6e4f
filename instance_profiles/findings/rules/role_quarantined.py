from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.role_policies import is_quarantine
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, sentences, verb
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-quarantined",
    order=276,
    kind="role",
    severity="error",
    title="Role that is shut off by a policy",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    ways={"lift-quarantine": "takes these policies off; never by default, and it asks for the name first"},
    meaning=(
        "A policy denies everything (AWS's own quarantine policy: whatever stolen credentials are used "
        "for), so calls with the role's credentials fail. It is nearly always meant: somebody, or AWS "
        "itself, shut the role off after an incident. It is an error where an instance uses the role and a "
        "note where none does."
    ),
    detection=(
        "An inline or customer managed policy denies all actions on all resources without a condition, or "
        "AWSDenyAll or AWSCompromisedKeyQuarantine (also V2, V3) is attached."
    ),
    error_texts=("… is not authorized to perform: … with an explicit deny in an identity-based policy",),
    false_positives=(
        "A Deny under a condition, as for revoked sessions or a missing MFA, does not count, and neither "
        "does one of certain services or resources. Where the policies of a role were not read, nothing is "
        "said of it but that."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds-exposed.html",
)
def role_quarantined(inner: InnerRole, view: View) -> Draft | None:
    shut = [policy.name for policy in inner.policies or () if is_quarantine(policy)]
    if not shut:
        return None
    use = use_of(inner, view)
    return Present(
        cause=f"{listed(shut, 1)} shuts it off",
        detail=sentences(
            f"{listed(shut)} {verb(len(shut), 'denies', 'deny')} what it could do, and a Deny wins over any "
            "Allow.",
            use.told(f", and {verb(use.instances, 'its', 'their')} calls are denied"),
            "It may be a quarantine: find out who put it there (CloudTrail) before you lift it.",
        ),
        related=use.related,
        severity="error" if use.instances else "info",
    )
