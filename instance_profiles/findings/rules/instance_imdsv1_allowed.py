from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.in_region import InRegion, in_regions
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, names, sentences, verb
from instance_profiles.inventory.sources import INSTANCES, METADATA_DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


def _answering_without_token(view: View) -> Iterable[InRegion]:
    return in_regions(view.instances_of_regions("hands-out-without-token"))


@rule(
    id="instance-imdsv1-allowed",
    order=364,
    kind="instance",
    severity="info",
    title="Instances that hand out credentials without a token",
    listings=(INSTANCES,),
    needs=(METADATA_DEFAULTS,),
    subjects=_answering_without_token,
    meaning=(
        "The first version of the metadata service (IMDSv1) answers any request from the instance, also one "
        "that a program was tricked into. Whoever gets at it has the credentials of the role. It is a note: "
        "nothing fails by it. Once all programs use tokens, require them."
    ),
    detection=(
        "`HttpTokens` is `optional` while the metadata service is on and an instance profile is attached. "
        "It is told once for a region, with all instances."
    ),
    false_positives=(
        "Instances without an instance profile, or whose metadata service is off, have no credentials to "
        "hand out and are left out. Old SDKs cannot use tokens: see the CloudWatch metric MetadataNoToken "
        "before you require them."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
)
def instance_imdsv1_allowed(found: InRegion, view: View) -> Draft | None:
    number = len(found.instances)
    defaults = view.inventory.defaults_of(found.account, found.region)
    required = defaults is not None and defaults.http_tokens == "required"
    return Present(
        cause=f"{count(number, 'instance')} {verb(number, 'allows', 'allow')} IMDSv1",
        detail=sentences(
            f"{names(found.related)} {verb(number, 'answers', 'answer')} without a token: HttpTokens is "
            "optional.",
            f"New instances of {found.region} require one: that is the default there."
            if required
            else f"New instances of {found.region} follow their launch template or image: no default "
            "requires one.",
        ),
        related=found.related,
    )
