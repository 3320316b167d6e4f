from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles_in_question, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-trust-wrong-action",
    order=240,
    kind="role",
    severity="error",
    title="Role that allows EC2 another action than assuming it",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=inner_roles_in_question,
    ways={
        "repair-trust": "adds a statement that allows EC2 sts:AssumeRole; all others stay",
        "replace-association": "moves a running instance to an instance profile whose role trusts EC2",
    },
    meaning=(
        "The trust policy names EC2, so all looks well, but what it allows is not sts:AssumeRole. Session "
        "tags, source identities and web identities come on top of it and never stand for it. It is an "
        "error where an instance uses the role and a warning where none does."
    ),
    detection=(
        "An Allow names EC2's service principal, and no Allow for EC2 has an action that matches "
        "sts:AssumeRole."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives=(
        "Wildcards (sts:*, *) count as sts:AssumeRole. Where another statement lets EC2 in, or may do so "
        "under a condition, it is not told."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def role_trust_wrong_action(inner: InnerRole, view: View) -> Draft | None:
    judgement = inner.trust
    if judgement.decision != "no-statement" or not judgement.wrong_actions:
        return None
    use = use_of(inner, view)
    actions = listed(judgement.wrong_actions)
    return Present(
        cause=f"allows EC2 {listed(judgement.wrong_actions, 1)}, not sts:AssumeRole",
        detail=sentences(
            f"The trust policy allows EC2 only {actions}; to assume the role it needs sts:AssumeRole.",
            use.told(use.without_credentials, "No instance uses it now; the next one will fail."),
        ),
        related=use.related,
        severity=use.severity,
    )
