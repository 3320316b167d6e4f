"""Denials, by who denied: the sentence that AWS gives names the kind of policy."""

from __future__ import annotations

from instance_profiles.findings.topic import Topic

_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
_DENIED = "User: … is not authorized to perform: … on resource: …"


def _denied_by(
    ending: str,
    order: int,
    *,
    title: str,
    reasons: tuple[str, ...],
    meaning: str,
    steps: tuple[str, ...],
    ways: dict[str, str] | None = None,
) -> Topic:
    return Topic(
        id=f"caller-{ending}",
        order=order,
        kind="caller",
        severity="error",
        title=title,
        meaning=meaning,
        detection=f"The denial ends in: {' or '.join(f'`{reason}`' for reason in reasons)}.",
        error_texts=tuple(f"{_DENIED} {reason}" for reason in reasons),
        steps=steps,
        ways=ways or {},
        false_positives=(
            "AWS names one kind of policy only, also where several deny: after that one is put right, "
            "another may come up."
        ),
        source=_PAGE,
    )


CALLER_NO_IDENTITY_ALLOW = _denied_by(
    "no-identity-allow",
    600,
    title="No policy allows the caller to do this",
    reasons=("because no identity-based policy allows the … action",),
    meaning="Nothing forbids the call, but no policy of the user or role that made it allows it either.",
    steps=("Ask for an Allow of exactly this action on this resource, for the principal in the text.",),
    ways={
        "grant-caller": "writes the Allow for iam:PassRole, or puts the policy that you hand in",
    },
)

CALLER_IDENTITY_EXPLICIT_DENY = _denied_by(
    "identity-explicit-deny",
    602,
    title="A policy of the caller denies this",
    reasons=("with an explicit deny in an identity-based policy", "…: arn:aws:iam::…:policy/…"),
    meaning=(
        "A Deny in a policy of the user or role wins over any Allow. Since 2026 the text names the policy."
    ),
    steps=(
        "Open that policy and find the Deny; conditions on MFA, address or region are the usual ones.",
        "A Deny of everything before a date means that the sessions of the role were revoked.",
    ),
)

CALLER_PERMISSIONS_BOUNDARY = _denied_by(
    "permissions-boundary",
    604,
    title="The caller's permissions boundary does not allow this",
    reasons=(
        "because no permissions boundary allows the … action",
        "with an explicit deny in a permissions boundary",
    ),
    meaning="A boundary caps what the caller's policies may allow. The action is outside it.",
    steps=("Ask the owner of the boundary to widen it; more policies for the caller do not help.",),
)

CALLER_SESSION_POLICY = _denied_by(
    "session-policy",
    606,
    title="The session was made with fewer rights",
    reasons=(
        "because no session policy allows the … action",
        "with an explicit deny in a session policy",
        "with an explicit deny in a sessions policy",
    ),
    meaning="Whoever made this session passed a policy that narrows it. No policy of the role can widen it.",
    steps=("Sign in again without the session policy, or with a wider one.",),
)

CALLER_SCP = _denied_by(
    "scp",
    608,
    title="The organisation denies this",
    reasons=(
        "with an explicit deny in a service control policy",
        "because no service control policy allows the … action",
    ),
    meaning=(
        "A service control policy of the organisation does not let this account do it, whoever calls, root "
        "included. The text may say explicit deny even where only an Allow is missing."
    ),
    steps=("Send the text to the administrators of the organisation; it names the policy (p-…).",),
)

CALLER_RCP = _denied_by(
    "rcp",
    610,
    title="The organisation protects the resource",
    reasons=("with an explicit deny in a resource control policy",),
    meaning="A resource control policy of the resource's organisation denies it, sts:AssumeRole included.",
    steps=("Send the text to the administrators of the organisation that owns the resource.",),
)

CALLER_VPCE_POLICY = _denied_by(
    "vpce-policy",
    612,
    title="The VPC endpoint does not let this through",
    reasons=(
        "because no VPC endpoint policy allows the … action",
        "with an explicit deny in a VPC endpoint policy",
    ),
    meaning="The call went through a VPC endpoint whose policy does not allow it.",
    steps=("Take another way to AWS, or have the policy of the endpoint changed.",),
)

CALLER_RESOURCE_POLICY = _denied_by(
    "resource-policy",
    614,
    title="The resource's own policy denies this",
    reasons=(
        "because no resource-based policy allows the … action",
        "with an explicit deny in a resource-based policy",
    ),
    meaning="The policy on the resource (a bucket, a key, a queue) does not let the caller in.",
    steps=("Have the owner of the resource allow the principal in the text.",),
)

CALLER_ROLE_TRUST = _denied_by(
    "role-trust",
    616,
    title="The role's trust policy does not let the caller in",
    reasons=(
        "because no role trust policy allows the sts:AssumeRole action",
        "with an explicit deny in the role trust policy",
    ),
    meaning=(
        "To assume a role in another account takes two things: the trust policy of the role names the "
        "caller, and a policy of the caller allows sts:AssumeRole on the role."
    ),
    steps=("Add the caller to the trust policy of the role, and allow it sts:AssumeRole on that role.",),
)

CALLER_PLAIN_DENIED = Topic(
    id="caller-plain-denied",
    order=618,
    kind="caller",
    severity="error",
    title="Denied without a reason",
    meaning="Some services, and EC2 in places, say no more than that it is not allowed.",
    detection="A denial that names no kind of policy.",
    error_texts=(
        "AccessDenied: User: … is not authorized to perform: …",
        "UnauthorizedOperation: You are not authorized to perform this operation.",
        "ValidationError: You are not authorized to perform this operation.",
    ),
    steps=(
        "Ask for the details behind an authorization id, or decode the encoded message, where there is one.",
        "Else simulate the caller's policies for the action, and look the call up in CloudTrail.",
    ),
    source=_PAGE,
)
