from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import count, names, refs, sentences, verb
from instance_profiles.inventory.sources import (
    AUTHORIZATION_DETAILS,
    AUTO_SCALING_GROUPS,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View


def _inner_roles(view: View) -> Iterable[InnerRole]:
    return view.inner_roles


@rule(
    id="role-no-permissions",
    order=290,
    kind="role",
    severity="warning",
    title="Role in use that allows nothing",
    listings=(INSTANCE_PROFILES, AUTHORIZATION_DETAILS),
    needs=(INSTANCES, LAUNCH_TEMPLATE_VERSIONS, AUTO_SCALING_GROUPS, LAUNCH_CONFIGURATIONS),
    subjects=_inner_roles,
    meaning=(
        "The role has neither an inline nor an attached policy. Instances get credentials, and every call "
        "with them is denied unless the other side allows the role by a policy of its own."
    ),
    detection=(
        "GetAccountAuthorizationDetails lists no policy of either kind, and an instance, a launch template "
        "or a launch configuration uses an instance profile that holds the role."
    ),
    ways={
        "grant-role-permissions": "attaches a policy or writes one into it; give no more than is needed",
        "replace-association": "moves a running instance to an instance profile whose role has what it needs",
    },
    error_texts=("… is not authorized to perform: … because no identity-based policy allows the … action",),
    false_positives=(
        "A role that bucket or key policies name, or that only proves who the instance is, needs no policy "
        "of its own: then leave it. Roles that nothing uses are not told."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
)
def role_no_permissions(inner: InnerRole, view: View) -> Draft | None:
    if view.state(inner.account, None, AUTHORIZATION_DETAILS) != "complete":
        return None
    role = inner.details
    if role is None or role.attached_policies or role.inline_policies:
        return None
    holders = [profile.ref for profile in inner.instance_profiles]
    use = view.use_of_all(inner.instance_profiles)
    related = refs([*holders, *(instance.ref for instance in use.instances), *use.templates])
    if role.attached_policies is None or role.inline_policies is None:
        return Unsure(
            cause="policies of the role not read",
            detail="Not all policies of the role were read; reload to judge it.",
            related=related,
        )
    if use:
        number = len(use.instances)
        return Present(
            cause="role allows nothing",
            detail=sentences(
                "It has neither an inline nor an attached policy.",
                f"{count(number, 'instance')} {verb(number, 'uses', 'use')} it through {names(holders)}."
                if number
                else f"{names(use.templates)} will start instances with it.",
                "Calls with its credentials are denied, unless the resource's own policy allows the role.",
            ),
            related=related,
        )
    known = view.use_coverage(inner.account)
    if known.state != "partial":
        return None
    return Unsure(
        cause=known.cause,
        detail=f"The role has no policies. Whether anything uses it is not known. {known.detail}",
        related=related,
    )
