from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles_in_question, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, listed, sentences, verb
from instance_profiles.inventory.sources import INSTANCE_PROFILES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-trust-dead-principal",
    order=260,
    kind="role",
    severity="warning",
    title="Trust policy that names somebody who was deleted",
    listings=(INSTANCE_PROFILES,),
    subjects=inner_roles_in_question,
    ways={"repair-trust": "takes the deleted ones out of the trust policy; all others stay"},
    meaning=(
        "IAM shows the unique id of a role or user in place of its ARN once that was deleted. It lets "
        "nobody in any more, also not one that was made again under the same name. IAM refuses every "
        "change of the trust policy while the id stands in it, so other repairs fail as well."
    ),
    detection="A principal of the trust policy is a bare unique id: AROA…, AIDA… or AGPA….",
    error_texts=("MalformedPolicyDocument: Invalid principal in policy",),
    false_positives="None is known: IAM itself puts the id there, and only for what is gone.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
)
def role_trust_dead_principal(inner: InnerRole, view: View) -> Draft | None:
    dead = inner.trust.dead_principals
    if not dead:
        return None
    use = use_of(inner, view)
    return Present(
        cause=f"trust policy names {count(len(dead), 'deleted principal')}",
        detail=sentences(
            (
                f"{listed(dead)} {verb(len(dead), 'stands', 'stand')} where an ARN stood: "
                f"{verb(len(dead), 'it was', 'they were')} deleted."
            ),
            "Take it out of the trust policy; until then IAM refuses to change anything else of it.",
            f"The role is inside the instance profile {use.holders}.",
        ),
        related=use.related,
    )
