from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import belongs
from instance_profiles.findings.ownership import owner_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILE_TAGS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import InstanceProfile


def _all(view: View) -> Iterable[InstanceProfile]:
    return view.instance_profiles


@rule(
    id="profile-in-service-ownership",
    order=160,
    kind="instance-profile",
    severity="info",
    title="Instance profile that a tool or a service owns",
    listings=(INSTANCE_PROFILES, INSTANCE_PROFILE_TAGS),
    needs=(INSTANCES,),
    subjects=_all,
    meaning=(
        "Nothing is wrong with it. But what is changed here comes back or becomes drift: the lasting change "
        "belongs to the tool or service that made it. Every fix of it asks for its name first."
    ),
    detection=(
        "Tags that only the owner writes (CloudFormation, Karpenter, EKS, Elastic Beanstalk, Terraform and "
        "others), or, as a hint, a name or path of their habit: eks-<uuid>, aws-elasticbeanstalk-ec2-role, "
        "EMR_EC2_DefaultRole, ecsInstanceRole and the like."
    ),
    false_positives=(
        "A name proves nothing and is told as a hint. It is a note and never more, and it leaves the row of "
        "the instance profile its facts."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
)
def profile_in_service_ownership(profile: InstanceProfile, view: View) -> Draft | None:
    owner = owner_of(profile, view.inventory)
    if owner is None:
        return None
    role = view.inventory.role_in(profile)
    sure = "belongs" if owner.certainty != "name" else "seems to belong"
    return Present(
        cause=f"{sure} to {owner.tool}",
        detail=sentences(
            belongs(owner, profile.instance_profile_name),
            owner.drift,
            f"The lasting change belongs in {owner.where}.",
            f"`{owner.command}` shows or makes it there." if owner.command else "",
        ),
        related=refs([role.ref if role else None]),
    )
