from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.role_policies import is_administrator
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-admin-on-instance",
    order=294,
    kind="role",
    severity="warning",
    title="Administrator role on an instance",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    meaning=(
        "Whatever runs on the instance, and whoever gets in, may do everything in the account. Nothing is "
        "broken; it is about security. It is a warning where an instance, a launch template or a launch "
        "configuration uses the role and a note where nothing does."
    ),
    detection=(
        "AdministratorAccess is attached, or an inline or customer managed policy allows all actions on "
        "all resources without a condition."
    ),
    false_positives=(
        "A role with a permissions boundary is left out: the boundary says what it may. Managed policies "
        "of the account count only where their document was read."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
)
def role_admin_on_instance(inner: InnerRole, view: View) -> Draft | None:
    role = inner.details
    if role is None or role.permissions_boundary_arn is not None:
        return None
    wide = [policy.name for policy in inner.policies or () if is_administrator(policy)]
    if not wide:
        return None
    use = use_of(inner, view)
    return Present(
        cause=f"{listed(wide, 1)} allows everything",
        detail=sentences(
            f"{listed(wide)} allows every action on every resource.",
            use.told(),
            "Give it what its applications need, and no more.",
        ),
        related=use.related,
        severity="warning" if use.use else "info",
    )
