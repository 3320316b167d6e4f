from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.model import InstanceProfile, ObjectRef
from instance_profiles.inventory.sources import INSTANCE_PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


def _filled(view: View) -> Iterable[InstanceProfile]:
    return (profile for profile in view.instance_profiles if profile.role is not None)


@rule(
    id="profile-name-role-mismatch",
    order=140,
    kind="instance-profile",
    severity="info",
    title="Instance profile named otherwise than its role",
    listings=(INSTANCE_PROFILES,),
    subjects=_filled,
    ways={
        "create-instance-profile": "makes one named as the role; this one stays until nothing uses it",
        "replace-association": "moves a running instance to the one that is named as its role",
    },
    meaning=(
        "Nothing is broken. But people look for the wrong name: iam:PassRole is granted on the role's name, "
        "while launch templates ask for the instance profile's, and the EC2 console shows only the latter. "
        "The IAM console deletes an instance profile together with its role only where the names agree."
    ),
    detection="The name of the role inside differs from the instance profile's, compared with case.",
    false_positives=(
        "Tools that generate names (CloudFormation, CDK, Terraform with name_prefix) always differ, which is "
        "why this is a note and never more."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
)
def profile_name_role_mismatch(profile: InstanceProfile, view: View) -> Draft | None:
    role = profile.role
    if role is None or role.role_name == profile.instance_profile_name:
        return None
    return Present(
        cause=f"role is named {role.role_name}",
        detail=(
            f"It holds the role {role.role_name}. Whoever attaches it needs iam:PassRole on that name, not "
            f"on "
            f"{profile.instance_profile_name}. Nothing has to be done."
        ),
        related=refs([ObjectRef("role", profile.account, None, role.role_id, role.role_name, role.arn)]),
    )
