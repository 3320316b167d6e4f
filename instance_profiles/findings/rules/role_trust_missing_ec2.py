from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles_in_question, is_service_linked
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import count, names, refs, sentences, verb
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View
    from instance_profiles.policies import TrustJudgement


@rule(
    id="role-trust-missing-ec2",
    order=210,
    kind="role",
    severity="error",
    title="Role inside an instance profile that does not trust EC2",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=inner_roles_in_question,
    ways={
        "repair-trust": "adds one statement for EC2 and keeps all others; EC2 tries again by itself",
        "replace-association": "moves a running instance to an instance profile whose role trusts EC2",
        "swap-role": "puts another role in; takes up to an hour to arrive, and AWS advises against it",
    },
    meaning=(
        "No statement of the role's trust policy lets EC2 assume it, so EC2 has no credentials to hand out. "
        "The instance profile attaches all the same; the association stays `associating`. It is an error "
        "where an instance uses it and a warning where none does."
    ),
    detection=(
        "No statement with Effect Allow, an action that matches sts:AssumeRole, and a principal that is `*` "
        "or EC2's service principal of the partition. Only roles inside an instance profile are looked at. "
        "Unknown where the only such statement has a form that AWS does not document."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives=(
        "A role that is meant for Lambda, ECS or people is only looked at if someone put it into an "
        "instance profile. Regional forms (ec2.eu-west-1.amazonaws.com) count as EC2, and in China both "
        "endings do. Service-linked roles, and an Allow for EC2 with a condition, with another action or "
        "with the name of another partition have rules of their own and are not told here."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def role_trust_missing_ec2(inner: InnerRole, view: View) -> Draft | None:
    judgement = inner.trust
    if judgement.decision == "allow" or _is_told_apart(inner, judgement):
        return None
    use = view.use_of_all(inner.instance_profiles)
    related = refs(
        [
            *(profile.ref for profile in inner.instance_profiles),
            *(instance.ref for instance in use.instances),
        ]
    )
    if judgement.decision == "no-statement":
        number = len(use.instances)
        effect = (
            f"{count(number, 'instance')} {verb(number, 'uses', 'use')} it and "
            f'{verb(number, "gets", "get")} no credentials: IMDS says "AssumeRoleUnauthorizedAccess".'
            if number
            else "No instance uses it now; the next one that does will get no credentials."
        )
        return Present(
            cause="role does not trust EC2",
            detail=sentences(
                judgement.reason,
                f"It is inside the instance profile {names(p.ref for p in inner.instance_profiles)}.",
                effect,
            ),
            related=related,
            severity="error" if number else "warning",
        )
    statement = judgement.statement or {}
    if judgement.decision == "unknown" and statement.get("Effect") != "Deny":
        return Unsure(
            cause="trust policy cannot be judged",
            detail=sentences(judgement.reason, "Whether EC2 may assume the role cannot be told from here."),
            related=related,
        )
    return None


def _is_told_apart(inner: InnerRole, judgement: TrustJudgement) -> bool:
    """Whether another rule knows better why EC2 is not let in."""
    if is_service_linked(inner):
        return True
    if judgement.decision == "no-statement":
        return bool(judgement.wrong_actions or judgement.wrong_partition_principals)
    return bool(judgement.conditions)
