from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.references import (
    Reference,
    launching_from,
    misplaced,
    who_cannot_launch,
    written,
)
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, refs, sentences
from instance_profiles.inventory.model import LaunchConfiguration, LaunchTemplateVersion, ObjectRef
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    EC2_FLEETS,
    INSTANCE_PROFILES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    SPOT_FLEETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import InstanceProfile


class _Naming(msgspec.Struct, frozen=True):
    """A launch template with its launched versions, or a launch configuration."""

    references: tuple[Reference, ...]

    @property
    def ref(self) -> ObjectRef:
        return self.references[0].ref


def _naming(view: View) -> Iterable[_Naming]:
    for template in view.templates:
        yield _Naming(template.versions)
    for configuration in view.launch_configurations:
        yield _Naming((configuration,))


@rule(
    id="profile-reference-path-in-name",
    order=150,
    kind="launch-template",
    severity="error",
    title="Instance profile named with a wrong path",
    listings=(LAUNCH_TEMPLATE_VERSIONS, LAUNCH_CONFIGURATIONS, INSTANCE_PROFILES),
    needs=(AUTO_SCALING_GROUPS, SPOT_FLEETS, EC2_FLEETS),
    subjects=_naming,
    ways={
        "repair-launch-template": "makes a new version that names it by its exact ARN, and makes it the "
        "default",
        "migrate-launch-configuration": "moves the scaling group to a launch template; nobody can change a "
        "launch configuration",
    },
    meaning=(
        "The instance profile is there, but EC2 does not find it: where it is given by name the path must be "
        "left out, and where it is given by ARN the path must be in it. Every launch is refused. It is an "
        "error where a scaling group or fleet launches from it and a warning where none does."
    ),
    detection=(
        "The name in a launch template (its latest, default or a pinned version) or launch configuration "
        "holds a slash, or its ARN is not that of any instance profile, and one of that name exists at "
        "another path of the same account."
    ),
    error_texts=(
        "Value (…/…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "Value (arn:…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
        "Invalid IamInstanceProfile: …",
    ),
    false_positives=(
        "Names are unique in an account whatever their path, so the ARN that is named cannot exist beside "
        "the one that does. Where no instance profile of that name exists it is `lt-profile-missing`."
    ),
    source="https://github.com/hashicorp/terraform-provider-aws/issues/17721",
)
def profile_reference_path_in_name(naming: _Naming, view: View) -> Draft | None:
    inventory = view.inventory
    wrong = [(user, found) for user in naming.references if (found := misplaced(user, inventory))]
    if not wrong:
        return None
    launching = refs(ref for user, _ in wrong for ref in launching_from(user, inventory))
    return Present(
        cause=f"path is wrong: {_short(wrong[0][0])}",
        detail=sentences(
            *(f"{_place(user)} names {written(user)}; there is only {found.arn}." for user, found in wrong),
            who_cannot_launch(launching)
            or "No scaling group or fleet launches from it; whoever does will be refused.",
            f"Name it {listed(found.instance_profile_name for _, found in wrong)} without a path, or by its "
            "whole ARN.",
        ),
        related=refs([*launching, *(found.ref for _, found in wrong)]),
        severity="error" if launching else "warning",
        fixes=(_fix(wrong),),
    )


def _fix(wrong: list[tuple[Reference, InstanceProfile]]) -> str:
    on_configuration = isinstance(wrong[0][0], LaunchConfiguration)
    return "migrate-launch-configuration" if on_configuration else "repair-launch-template"


def _place(user: Reference) -> str:
    return f"Version {user.version_number}" if isinstance(user, LaunchTemplateVersion) else "It"


def _short(user: Reference) -> str:
    """As it is written, of an ARN only the part that people tell apart."""
    reference = written(user)
    return reference.partition(":instance-profile")[2] if reference.startswith("arn:") else reference
