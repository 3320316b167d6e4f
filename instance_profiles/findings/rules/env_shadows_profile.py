from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import LOCAL_CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import NamedProfile


def _chosen(view: View) -> Iterable[NamedProfile]:
    """The named profile that the environment names, where it exists."""
    environment = view.inventory.environment
    named = environment.named_profile if environment else None
    return (profile for profile in view.named_profiles if profile.name == named)


@rule(
    id="env-shadows-profile",
    order=780,
    kind="named-profile",
    severity="warning",
    title="Named profile that keys in the environment push aside",
    listings=(LOCAL_CONFIG,),
    subjects=_chosen,
    meaning=(
        "AWS_PROFILE names this named profile, but AWS_ACCESS_KEY_ID is set as well and wins: programs call "
        "AWS as whoever those keys belong to, perhaps in another account. Only where the named profile is "
        "given on the command line (--profile) does it count."
    ),
    detection=(
        "AWS_ACCESS_KEY_ID is not empty in the environment that iptui was started with, and "
        "AWS_DEFAULT_PROFILE or AWS_PROFILE names a named profile that exists. The keys themselves are not "
        "looked at."
    ),
    false_positives=(
        "Some tools that hand out credentials set both on purpose, for the same identity. Other shells and "
        "services have environments of their own, which are not seen."
    ),
    source="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html",
)
def env_shadows_profile(named_profile: NamedProfile, view: View) -> Draft | None:
    environment = view.inventory.environment
    if environment is None or not environment.access_key:
        return None
    return Present(
        cause="AWS_ACCESS_KEY_ID in the environment wins over it",
        detail=sentences(
            f"The environment names {named_profile.name} and has AWS_ACCESS_KEY_ID set, which wins.",
            f"Unset AWS_ACCESS_KEY_ID, or give --profile {named_profile.name} to each program.",
        ),
    )
