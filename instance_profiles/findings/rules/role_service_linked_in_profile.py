from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.inner_roles import SERVICE_PATH, is_service_linked, use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


def _service_linked(view: View) -> Iterable[InnerRole]:
    return (inner for inner in view.inner_roles if is_service_linked(inner))


@rule(
    id="role-service-linked-in-profile",
    order=280,
    kind="role",
    severity="error",
    title="Service-linked role inside an instance profile",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES,),
    subjects=_service_linked,
    ways={
        "replace-association": "moves a running instance to an instance profile with a role of your own",
        "reattach": "does the same where it is stopped",
        "swap-role": "puts a role of your own in its place; takes up to an hour to arrive",
    },
    meaning=(
        "A service-linked role belongs to an AWS service, and that service alone may assume it. EC2 gets "
        "nothing from it, and IAM refuses every change of the role, its trust policy included. Only "
        "another role helps. It is an error where an instance uses it and a warning where none does."
    ),
    detection=f"The path of the role inside begins with {SERVICE_PATH}.",
    error_texts=(
        (
            "UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleFor…' - "
            "this role is only modifiable by AWS"
        ),
    ),
    false_positives="None is known: nobody but AWS can make a role at that path.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
)
def role_service_linked_in_profile(inner: InnerRole, view: View) -> Draft | None:
    use = use_of(inner, view)
    service = inner.role.path.removeprefix(SERVICE_PATH).strip("/")
    return Present(
        cause=f"role belongs to {service}",
        detail=sentences(
            (
                f"{inner.role.role_name} is the service-linked role of {service}; EC2 may not assume it, "
                "and nobody but AWS may change it."
            ),
            use.told(use.without_credentials),
        ),
        related=use.related,
        severity=use.severity,
    )
