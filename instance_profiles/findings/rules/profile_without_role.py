from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, names, refs, sentences, verb
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    EC2_FLEETS,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    SPOT_FLEETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import Use
    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import InstanceProfile


def _empty(view: View) -> Iterable[InstanceProfile]:
    return (profile for profile in view.instance_profiles if profile.role is None)


@rule(
    id="profile-without-role",
    order=110,
    kind="instance-profile",
    severity="error",
    title="Instance profile without a role",
    listings=(INSTANCE_PROFILES,),
    needs=(
        INSTANCES,
        LAUNCH_TEMPLATE_VERSIONS,
        AUTO_SCALING_GROUPS,
        LAUNCH_CONFIGURATIONS,
        SPOT_FLEETS,
        EC2_FLEETS,
    ),
    subjects=_empty,
    ways={
        "add-role": "heals every instance and template that uses it; instances follow at their next refresh",
        "replace-association": "moves a running instance to an instance profile that has a role, at once",
        "reattach": "does the same for a stopped instance, by detaching and attaching",
        "delete-instance-profile": "where nothing uses it, it is of no use either",
    },
    meaning=(
        "An instance profile hands the role inside it to an instance. This one is empty. Attaching it works "
        "and looks right in every console, but the instance gets no credentials; launching a new instance "
        "with it is refused. It is an error where an instance, a launch template, a launch configuration, "
        "a scaling group or a fleet uses it, and a warning where nothing does: then it fails at its first "
        "use."
    ),
    detection="`Roles` is empty in ListInstanceProfiles.",
    error_texts=(
        'IAM Instance Profile "arn:aws:iam::…:instance-profile/…" has no associated IAM Roles',
        "Unable to locate credentials",
        "404 - Not Found at http://169.254.169.254/latest/meta-data/iam/",
        "No roles attached to instance profile: …",
    ),
    false_positives=(
        "None is known: IAM lists the roles of every instance profile. Right after an instance profile was "
        "created it is empty until the next call adds the role; reload to see it go."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
)
def profile_without_role(profile: InstanceProfile, view: View) -> Draft | None:
    use = view.use(profile)
    related = refs(
        [
            *(instance.ref for instance in use.instances),
            *use.templates,
            *(group.ref for group in use.groups),
            *(fleet.ref for fleet in use.fleets),
        ]
    )
    if use:
        return Present(cause="no role", detail=_what_fails(use), related=related)
    known = view.use_coverage(profile.account)
    unseen = "" if known.state == "complete" else "Not everything that could use it has been read."
    return Present(
        cause="no role",
        detail=sentences(
            "Nothing that was read uses it. Attaching it to an instance would succeed and give no "
            "credentials, "
            "and launching an instance with it would be refused.",
            unseen,
        ),
        severity="warning",
        fixes=("add-role", "delete-instance-profile"),
    )


def _what_fails(use: Use) -> str:
    number = len(use.instances)
    instances = (
        f"{count(number, 'instance')} {verb(number, 'uses', 'use')} it. Applications there find no "
        'credentials: IMDS answers 404 at /iam/, SDKs say "Unable to locate credentials".'
        if number
        else "No instance uses it yet."
    )
    sources = names(use.templates)
    groups = f" (scaling group {names(group.ref for group in use.groups)})" if use.groups else ""
    launches = f"New instances from {sources}{groups} will not start." if sources else ""
    fleets = f"Fleet {names(fleet.ref for fleet in use.fleets)} cannot launch with it." if use.fleets else ""
    return sentences(instances, launches, fleets)
