from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.references import launching_from, who_cannot_launch
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, refs, sentences
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    EC2_FLEETS,
    LAUNCH_TEMPLATE_VERSIONS,
    SPOT_FLEETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import Template
    from instance_profiles.findings.view import View


def _templates(view: View) -> Iterable[Template]:
    return view.templates


@rule(
    id="lt-profile-other-account",
    order=525,
    kind="launch-template",
    severity="error",
    title="Launch template that names an instance profile of another account",
    listings=(LAUNCH_TEMPLATE_VERSIONS,),
    needs=(AUTO_SCALING_GROUPS, SPOT_FLEETS, EC2_FLEETS),
    subjects=_templates,
    ways={"repair-launch-template": "makes a new version with an instance profile of this account"},
    meaning=(
        "A role can only be passed inside its own account, so an instance profile of another account never "
        "works. EC2 does not check it when the template is written; every launch is refused. It is an error, "
        "for nothing outside the template can make it work. Templates copied between accounts have it."
    ),
    detection=(
        "The account in the ARN that the latest, the default or a launched version names is not the account "
        "of the template."
    ),
    error_texts=(
        "Cross-account pass role is not allowed.",
        "Value (…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
    ),
    false_positives=(
        "Older versions that nothing launches from are left out, and so is what names no account. No list is "
        "needed: the ARN says it."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
)
def lt_profile_other_account(template: Template, view: View) -> Draft | None:
    foreign = [
        version
        for version in template.versions
        if version.iam_instance_profile_arn
        and account_of(version.iam_instance_profile_arn) not in (None, version.account)
    ]
    if not foreign:
        return None
    launching = refs(ref for version in foreign for ref in launching_from(version, view.inventory))
    arns = listed(version.iam_instance_profile_arn or "" for version in foreign)
    accounts = listed(str(account_of(version.iam_instance_profile_arn or "")) for version in foreign)
    return Present(
        cause=f"names an instance profile of account {accounts}",
        detail=sentences(
            f"Version {listed(str(version.version_number) for version in foreign)} names {arns}; the "
            f"template is in account {template.ref.account}. No role is passed from one to the other.",
            who_cannot_launch(launching),
        ),
        related=launching,
    )
