from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import CALLER_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Caller


def _callers(view: View) -> Iterable[Caller]:
    return view.callers


@rule(
    id="caller-is-root",
    order=670,
    kind="caller",
    severity="warning",
    title="Calls made as the root user of the account",
    listings=(CALLER_IDENTITY,),
    subjects=_callers,
    meaning=(
        "The credentials in use are the root user's. It may do everything, no policy in the account limits "
        "it, and it cannot assume roles, so named profiles with a role_arn fail from it. AWS advises to have "
        "no access keys of the root user at all. What it is still denied comes from the organisation or from "
        "a resource's own policy."
    ),
    detection=(
        "sts:GetCallerIdentity answers with an ARN that ends in :root. It sees the caller of this run alone, "
        "and only its ARN: not whether MFA is on, nor whether other root keys exist."
    ),
    error_texts=("Roles may not be assumed by root accounts.",),
    false_positives="None is known: no user or role can have that ARN.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
)
def caller_is_root(caller: Caller, view: View) -> Draft | None:
    if caller.arn.rpartition(":")[2] != "root":
        return None
    where = f" (named profile {caller.named_profile})" if caller.named_profile else ""
    return Present(
        cause="calls are made as the root user",
        detail=sentences(
            f"The credentials of this run{where} are {caller.arn}.",
            "Make calls as a role or as a user of IAM Identity Center, and delete the root user's keys.",
        ),
    )
