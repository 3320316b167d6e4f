from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.arns import partition_of
from instance_profiles.findings.inner_roles import inner_roles_in_question, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.trusting import conditioned, only_ec2_assumes
from instance_profiles.findings.wording import listed, sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.trusting import Conditioned
    from instance_profiles.findings.view import View

LATELY = timedelta(days=1)


@rule(
    id="role-trust-condition",
    order=230,
    kind="role",
    severity="warning",
    title="Role that trusts EC2 only under a condition",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES, AUTHORIZATION_DETAILS),
    subjects=inner_roles_in_question,
    ways={
        "repair-trust": "adds a statement for EC2 without a condition; the others keep theirs",
        "replace-association": "moves a running instance to an instance profile whose role trusts EC2",
    },
    meaning=(
        "The only statement that lets EC2 in has a condition. EC2 sends next to nothing that a condition "
        "could ask for. An external id, MFA, an organisation, a principal's ARN or tag and SAML never come "
        "with it, and a date may have passed: then EC2 cannot assume the role, which is an error where an "
        "instance uses it. Of other keys it is not known whether EC2 sends them: a warning."
    ),
    detection=(
        "The only Allow for EC2 has a Condition that does not hold for certain. Dates are compared with "
        "the time now. Keys that EC2 never sends: sts:ExternalId, aws:MultiFactorAuthPresent and -Age, "
        "aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalArn, aws:PrincipalTag/…, saml:…."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives=(
        "A condition on a date that holds now, or one that is content without its key (…IfExists), is not "
        "told. Where EC2 alone may assume the role and it was used within a day, the condition is "
        "evidently met. Several Allows under conditions are never called impossible."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
)
def role_trust_condition(inner: InnerRole, view: View) -> Draft | None:
    if not inner.trust.conditions:
        return None
    under = conditioned(inner.trust_policy, partition_of(inner.role.arn), view.now)
    if under is None or under.standing == "met":
        return None
    never = under.standing == "never met"
    if not never and _may_be_met(inner, view):
        return None
    use = use_of(inner, view)
    return Present(
        cause=_cause(under),
        detail=sentences(
            under.reason,
            "So EC2 cannot assume the role." if never else "Whether EC2 meets it is not known.",
            use.told(use.without_credentials if never else ""),
        ),
        related=use.related,
        severity=use.severity if never else "warning",
    )


def _cause(under: Conditioned) -> str:
    keys = listed((condition.key for condition in under.conditions), 2)
    return f"EC2 never meets the condition on {keys}" if under.standing == "never met" else f"asks for {keys}"


def _may_be_met(inner: InnerRole, view: View) -> bool:
    """EC2 is the only one who may assume it and somebody did a short while ago, or that is not read yet."""
    role = inner.details
    if role is None and view.state(inner.account, None, AUTHORIZATION_DETAILS) == "loading":
        return True
    used = role.last_used.last_used_date if role and role.last_used else None
    return (
        used is not None
        and view.now - used < LATELY
        and only_ec2_assumes(inner.trust_policy, partition_of(inner.role.arn))
    )
