from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance


def _attached_to_empty(view: View) -> Iterable[Instance]:
    for profile, instances in view.attached_profiles:
        if profile.role is None:
            yield from instances


@rule(
    id="instance-profile-empty",
    order=340,
    kind="instance",
    severity="error",
    title="Instance whose instance profile has no role",
    listings=(INSTANCES, INSTANCE_PROFILES),
    subjects=_attached_to_empty,
    ways={
        "add-role": "heals all instances of this instance profile at their next refresh",
        "replace-association": "moves this instance, while it runs, to an instance profile that has a role",
        "reattach": "does the same where it is stopped",
    },
    meaning=(
        "The instance profile is attached and EC2 calls it associated, but there is no role inside, so there "
        "are no credentials: IMDS answers as if nothing were attached."
    ),
    detection="The instance holds the id of an instance profile whose `Roles` is empty.",
    error_texts=(
        "404 - Not Found at http://169.254.169.254/latest/meta-data/iam/",
        "Unable to locate credentials",
        '"Message" : "Instance Profile does not contain a role…"',
    ),
    false_positives=(
        "None is known. An instance whose role was taken out less than an hour ago may still have "
        "credentials that work."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def instance_profile_empty(instance: Instance, view: View) -> Draft | None:
    profile = view.inventory.instance_profile_of(instance)
    if profile is None or profile.role is not None:
        return None
    return Present(
        cause="instance profile has no role",
        detail=(
            f"Its instance profile {profile.instance_profile_name} is empty. Applications on it find no "
            'credentials: IMDS answers 404 at /iam/, SDKs say "Unable to locate credentials".'
        ),
        related=refs([profile.ref]),
    )
