from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import ago, sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from datetime import datetime

    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View

UNUSED_DAYS = 90
TRACKED_DAYS = 400


@rule(
    id="role-unused",
    order=292,
    kind="role",
    severity="info",
    title="Role in an instance profile that nobody used lately",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES,),
    subjects=inner_roles,
    ways={
        "delete-role": "where nothing needs it: takes all off it and deletes it; asks for the name first",
    },
    meaning=(
        "Nobody has made a call with the role for months, though it is in an instance profile. Where "
        "instances use it, they may not need it, or may not get it. Access Analyzer tells the same as an "
        "unused access finding (UnusedIAMRole). It is never more than a note."
    ),
    detection=(
        f"RoleLastUsed is more than {UNUSED_DAYS} days ago, or there is none within the {TRACKED_DAYS} days "
        f"that IAM keeps while the role is older than {UNUSED_DAYS} days."
    ),
    false_positives=(
        f"A role is left alone until it is more than {UNUSED_DAYS} days old, and so is one that EC2 may not "
        "assume: that has a finding of its own. IAM notes a use some hours late. A role that is used, but "
        "by no instance, is used elsewhere: that is told in `profile-orphaned`, and is a reason not to "
        "delete it."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html",
)
def role_unused(inner: InnerRole, view: View) -> Draft | None:
    role = inner.details
    if role is None or role.last_used is None or _is_lately(role.create_date, view):
        return None
    used = role.last_used.last_used_date
    if (used is not None and _is_lately(used, view)) or not _ec2_may_assume(inner):
        return None
    age = view.days_since(role.create_date)
    use = use_of(inner, view)
    return Present(
        cause=f"role last used {ago(view.days_since(used))}"
        if used
        else f"role never used in {min(age, TRACKED_DAYS):,} days",
        detail=sentences(
            f"The role was last used {ago(view.days_since(used))}."
            if used
            else f"IAM, which remembers {TRACKED_DAYS} days, knows of no use.",
            f"It was created {ago(view.days_since(role.create_date))}.",
            use.told(" all the same", "No instance uses it."),
        ),
        related=use.related,
    )


def _is_lately(moment: datetime, view: View) -> bool:
    return not view.has_passed(moment + timedelta(days=UNUSED_DAYS + 1))


def _ec2_may_assume(inner: InnerRole) -> bool:
    decision = inner.trust.decision
    return decision not in ("no-statement", "explicit-deny")
