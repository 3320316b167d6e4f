from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import inner_roles, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, names, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


@rule(
    id="role-in-many-profiles",
    order=170,
    kind="role",
    severity="info",
    title="Role inside several instance profiles",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=inner_roles,
    meaning=(
        "Nothing is wrong with it. But a change of the role reaches the instances of all these instance "
        "profiles, and IAM refuses to delete it while it is inside any of them."
    ),
    detection="The same role, by its unique id, is inside two or more instance profiles.",
    error_texts=("DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",),
    false_positives="It may well be meant, as for blue and green: it is a note and never more.",
    source="https://github.com/cloud-custodian/cloud-custodian/issues/6340",
)
def role_in_many_profiles(inner: InnerRole, view: View) -> Draft | None:
    profiles = inner.instance_profiles
    if len(profiles) < 2:
        return None
    use = use_of(inner, view)
    return Present(
        cause=f"inside {count(len(profiles), 'instance profile')}",
        detail=sentences(
            f"{names((profile.ref for profile in profiles), 5)} hold this role.",
            f"Together {count(use.instances, 'instance')} {'uses' if use.instances == 1 else 'use'} it."
            if use.instances
            else "No instance uses any of them now.",
        ),
        related=use.related,
    )
