from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.role_policies import readable, texts
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import count, listed, sentences, verb
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES
from instance_profiles.policies import permits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.inner_roles import RoleUse
    from instance_profiles.findings.role_policies import RolePolicy
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-boundary-blocks",
    order=270,
    kind="role",
    severity="warning",
    title="Role whose boundary forbids what its policies allow",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    ways={
        "change-boundary": "sets another boundary, or a version of it that allows these actions too",
        "replace-association": "moves a running instance to an instance profile whose role is not capped so",
        "grant-role-permissions": "gives it other permissions, within what the boundary allows",
    },
    meaning=(
        "A permissions boundary caps what the policies of a role may allow; what it leaves out is denied, "
        "whatever they say. It is an error where everything that they allow is outside it and an instance "
        "uses the role: then no call works. Otherwise it is a warning."
    ),
    detection=(
        "Each action that the inline and customer managed policies name without a wildcard is judged "
        "against the document of the boundary. Only roles that something uses are judged. Unknown where "
        "it is not known whether anything does, and where the boundary was not read, as when it is a policy "
        "of AWS's own."
    ),
    error_texts=(
        "… is not authorized to perform: … because no permissions boundary allows the … action",
        "… is not authorized to perform: … with an explicit deny in a permissions boundary",
    ),
    false_positives=(
        "Actions with wildcards, and the wide policies of AWS, are left out: to cap those is what a "
        "boundary is for. Where a condition or a resource of the boundary decides, it is not told."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
)
def role_boundary_blocks(inner: InnerRole, view: View) -> Draft | None:
    role = inner.details
    if role is None or role.permissions_boundary_arn is None:
        return None
    use = use_of(inner, view)
    if not use.use:
        return _unsure_of_use(role.permissions_boundary_arn, inner, view)
    policies = inner.policies or ()
    named = _allowed_by_name(policies)
    if not named:
        return None
    known = view.inventory.managed_policy(role.account, role.permissions_boundary_arn)
    if known is None or known.document is None:
        return _unread(role.permissions_boundary_arn, inner, view, use)
    boundary = known.document
    blocked = [action for action in named if permits(boundary, action) in ("none", "explicit-deny")]
    if not blocked:
        return None
    return _blocked(role.permissions_boundary_arn, named, blocked, _allows_more(policies), use)


def _blocked(boundary: str, named: list[str], blocked: list[str], more: bool, use: RoleUse) -> Present:
    everything = len(blocked) == len(named)
    name = boundary.rpartition("/")[2]
    return Present(
        cause=f"boundary forbids {count(len(blocked), 'allowed action')}",
        detail=sentences(
            f"Its policies name {count(len(named), 'action')}; the boundary {name} does not allow "
            f"{'any' if everything else f'{len(blocked):,}'} of them: {listed(blocked)}.",
            use.told(f", and {verb(use.instances, 'its', 'their')} calls of these are denied", ""),
            "Widen the boundary, or keep the policies inside it.",
        ),
        related=use.related,
        severity="error" if everything and not more and use.instances else "warning",
    )


def _unsure_of_use(boundary: str, inner: InnerRole, view: View) -> Unsure | None:
    """Nothing that was read uses it, and not everything was read."""
    known = view.use_coverage(inner.account)
    if known.state != "partial":
        return None
    return Unsure(
        cause=known.cause,
        detail=f"It has the permissions boundary {boundary}. Whether anything uses the role is not known. "
        + known.detail,
    )


def _unread(boundary: str, inner: InnerRole, view: View, use: RoleUse) -> Unsure | None:
    if view.state(inner.account, None, AUTHORIZATION_DETAILS) == "loading":
        return None
    return Unsure(
        cause=f"boundary {boundary.rpartition('/')[2]} not read",
        detail=(
            f"It has the permissions boundary {boundary}, whose document was not read: IAM lists those of "
            "this account's own policies. Whether it allows what the role's policies allow is not known."
        ),
        related=use.related,
    )


def _allowed_by_name(policies: Iterable[RolePolicy]) -> list[str]:
    """The actions that the policies allow by name, without wildcards, each once."""
    return [action for action in _allowed(policies) if "*" not in action and "?" not in action]


def _allows_more(policies: Iterable[RolePolicy]) -> bool:
    """Whether the policies allow, or may allow, what no action names: by wildcards, or in texts not read."""
    return any(policy.document is None for policy in policies) or any(
        "*" in action or "?" in action for action in _allowed(policies)
    )


def _allowed(policies: Iterable[RolePolicy]) -> list[str]:
    found = [
        action
        for policy in policies
        if policy.document is not None
        for statement in readable(policy.document)
        if statement.get("Effect") == "Allow"
        for action in (*texts(statement, "Action"), *("*" for _ in texts(statement, "NotAction")))
    ]
    return list(dict.fromkeys(found))
