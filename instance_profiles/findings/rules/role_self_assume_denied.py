from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.role_policies import readable, texts
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View

ASSUME = "sts:assumerole"


@rule(
    id="role-self-assume-denied",
    order=298,
    kind="role",
    severity="info",
    title="Role that may not assume itself, though a policy of it says so",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    ways={"repair-trust": "names the role in its own trust policy; better take the call out"},
    meaning=(
        "Since 2023 a role may assume itself only if its trust policy names it. An application that does "
        "so on the instance is denied. It is not needed at all: the credentials it has are the role's "
        "already."
    ),
    detection=(
        "A policy of the role allows sts:AssumeRole on the role's own ARN, written out, and no statement "
        "of its trust policy names that role or its account."
    ),
    error_texts=("User: … is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::…:role/…",),
    false_positives=(
        "An Allow on * or a pattern tells nothing of the wish and does not count. A trust policy that "
        "names the account, or everybody, is taken to let the role in, conditions or not."
    ),
    source="https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/",
)
def role_self_assume_denied(inner: InnerRole, view: View) -> Draft | None:
    role = inner.details
    if role is None or not _wants_itself(inner, role.arn) or _lets_itself_in(inner.trust_policy, role.arn):
        return None
    use = use_of(inner, view)
    return Present(
        cause="trust policy does not name the role itself",
        detail=sentences(
            (
                f"A policy of it allows sts:AssumeRole on {role.arn}, its own ARN, but its trust policy "
                "does not let it in, so that call is denied."
            ),
            "Take the call out of the application, or name the role in its own trust policy.",
        ),
        related=use.related,
    )


def _wants_itself(inner: InnerRole, arn: str) -> bool:
    return any(
        statement.get("Effect") == "Allow"
        and arn in texts(statement, "Resource")
        and any(action.lower() == ASSUME for action in texts(statement, "Action"))
        for policy in inner.policies or ()
        if policy.document is not None
        for statement in readable(policy.document)
    )


def _lets_itself_in(trust_policy: str, arn: str) -> bool:
    account = account_of(arn)
    return any(
        statement.get("Effect") == "Allow"
        and ("NotPrincipal" in statement or _names(statement.get("Principal"), arn, account))
        for statement in readable(trust_policy)
    )


def _names(principal: object, arn: str, account: str | None) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    named = texts(principal, "AWS")
    return any(
        name in ("*", arn, account) or (name.endswith(":root") and account_of(name) == account)
        for name in named
    )
