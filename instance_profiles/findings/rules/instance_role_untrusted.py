from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.model import Instance, ObjectRef
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


_CAUSES = {
    "no-statement": "role does not trust EC2",
    "explicit-deny": "trust policy of its role denies EC2",
    "unknown": "its role trusts EC2 on a condition it never meets",
}


def _attached_to_untrusted(view: View) -> Iterable[Instance]:
    for profile, instances in view.attached_profiles:
        if view.refusal(profile) is not None:
            yield from instances


@rule(
    id="instance-role-untrusted",
    order=350,
    kind="instance",
    severity="error",
    title="Instance whose role EC2 may not assume",
    listings=(INSTANCES, INSTANCE_PROFILES),
    needs=(ASSOCIATIONS,),
    subjects=_attached_to_untrusted,
    ways={
        "repair-trust": "lets EC2 assume the role; heals all its instances, EC2 tries again by itself",
        "replace-association": "moves this instance, while it runs, to an instance profile whose role "
        "trusts EC2",
        "reattach": "makes EC2 try at once, after the trust policy was repaired",
    },
    meaning=(
        "The instance has an instance profile with a role, but the role's trust policy does not let EC2 "
        "assume it. It follows from what is found at the role, mostly `role-trust-missing-ec2` or "
        "`role-trust-explicit-deny`. An association that stays `associating` while the instance runs is the "
        "proof from EC2's side."
    ),
    detection=(
        "The role inside the instance profile that the instance holds has a trust policy that certainly does "
        "not allow EC2. Where the trust policy cannot be judged, the role carries the unknown."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives=(
        "Conditions are never guessed at: a trust policy that may allow EC2 is not told here, only one whose "
        "condition EC2 can never meet."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def instance_role_untrusted(instance: Instance, view: View) -> Draft | None:
    profile = view.inventory.instance_profile_of(instance)
    judgement = view.trust(profile) if profile else None
    reason = view.refusal(profile) if profile else None
    if profile is None or profile.role is None or judgement is None or reason is None:
        return None
    role = profile.role
    waiting = [
        association
        for association in view.inventory.associations_of(instance)
        if association.state == "associating" and instance.state == "running"
    ]
    return Present(
        cause=_CAUSES[judgement.decision],
        detail=sentences(
            f"EC2 cannot assume its role {role.role_name}.",
            reason,
            "EC2 shows it: the association is still associating while the instance runs." if waiting else "",
            'Applications on it get no new credentials: IMDS says "AssumeRoleUnauthorizedAccess", SDKs say '
            '"Unable to locate credentials".',
        ),
        related=refs(
            [
                profile.ref,
                ObjectRef("role", profile.account, None, role.role_id, role.role_name, role.arn),
                *(association.ref for association in waiting),
            ]
        ),
    )
