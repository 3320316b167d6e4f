from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles_in_question
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import count, refs, sentences, verb
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-trust-explicit-deny",
    order=220,
    kind="role",
    severity="error",
    title="Role whose trust policy denies EC2",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=inner_roles_in_question,
    ways={
        "repair-trust": "narrows the Deny so that it leaves EC2 out; ask first whether it is a quarantine",
        "replace-association": "moves a running instance to an instance profile whose role trusts EC2",
        "swap-role": "puts another role in; takes up to an hour to arrive, and AWS advises against it",
    },
    meaning=(
        "A Deny in the trust policy is about EC2, and a Deny wins over every Allow. Credentials that were "
        "handed out before go on working until they expire; then applications find none. Someone may have "
        "written it to cut the role off on purpose. It is an error where an instance uses the role and a "
        "warning where none does."
    ),
    detection=(
        "A statement with Effect Deny, without conditions, whose action matches sts:AssumeRole and whose "
        "principal is `*` or EC2's service principal. Unknown where such a Deny has a condition."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives="A Deny that exempts EC2 by NotPrincipal, or is about other actions, does not count.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
)
def role_trust_explicit_deny(inner: InnerRole, view: View) -> Draft | None:
    judgement = inner.trust
    if judgement.decision == "allow":
        return None
    use = view.use_of_all(inner.instance_profiles)
    related = refs(
        [
            *(profile.ref for profile in inner.instance_profiles),
            *(instance.ref for instance in use.instances),
        ]
    )
    if judgement.decision == "explicit-deny":
        number = len(use.instances)
        effect = (
            f"{count(number, 'instance')} {verb(number, 'uses', 'use')} it and {verb(number, 'gets', 'get')} "
            "no new credentials from EC2."
            if number
            else "No instance uses it now."
        )
        return Present(
            cause="trust policy denies EC2",
            detail=sentences(
                judgement.reason,
                "A Deny wins over any Allow.",
                effect,
                "It may be a quarantine: ask before lifting it.",
            ),
            related=related,
            severity="error" if number else "warning",
        )
    statement = judgement.statement or {}
    if judgement.decision == "unknown" and statement.get("Effect") == "Deny":
        return Unsure(
            cause="a Deny may hold for EC2",
            detail=sentences(judgement.reason, "Whether EC2 may assume the role cannot be told from here."),
            related=related,
        )
    return None
