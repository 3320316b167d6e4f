"""What a condition claims, in a few words for the list of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.fixes import conditions as c

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.fixes.conditions import AnyCondition


def claim(condition: AnyCondition) -> str:
    """The claim, as in `crawler is still empty`."""
    return _CLAIMS[type(condition)](condition)


def _holds(condition: c.InstanceProfileHolds) -> str:
    return (
        f"{condition.name} still holds its role" if condition.role_id else f"{condition.name} is still empty"
    )


def _policy_attached(held: c.RolePolicyAttached) -> str:
    verb = "still has" if held.attached else "does not have"
    return f"{held.role_name} {verb} {held.policy_arn.rpartition('/')[2]}"


def _inline_policy(held: c.RolePolicyIs) -> str:
    if held.document is None:
        return f"{held.role_name} has no inline policy {held.policy_name}"
    return f"inline policy {held.policy_name} of {held.role_name} is unchanged"


def _user_policy(held: c.UserPolicyIs) -> str:
    verb = "does not have" if held.document is None else "has"
    return f"user {held.user_name} {verb} inline policy {held.policy_name}"


_CLAIMS: dict[type, Callable[[Any], str]] = {
    c.InstanceProfileHolds: _holds,
    c.InstanceProfileGone: lambda held: f"there is no {held.name} yet",
    c.InstanceProfileUnused: lambda held: f"no instance uses {held.name} now",
    c.RoleUnchanged: lambda held: f"role {held.name} is the same",
    c.TrustPolicyIs: lambda held: f"the trust policy of {held.role_name} is unchanged",
    c.RoleExists: lambda held: f"role {held.name} exists",
    c.RoleGone: lambda held: f"there is no role {held.name}",
    c.RolePolicyAttached: _policy_attached,
    c.RolePolicyIs: _inline_policy,
    c.RolePoliciesAre: lambda held: f"the policies of {held.role_name} are the same",
    c.BoundaryIs: lambda held: f"the permissions boundary of {held.role_name} is unchanged",
    c.PolicyVersionIs: lambda held: f"policy {held.policy_arn.rpartition('/')[2]} is unchanged",
    c.PolicyHasVersion: lambda held: (
        f"policy {held.policy_arn.rpartition('/')[2]} {'has' if held.there else 'does not have'} that version"
    ),
    c.SessionDurationIs: lambda held: f"the longest session of {held.role_name} is unchanged",
    c.InstanceProfileTagged: lambda held: f"the tag {held.key} of {held.name} is unchanged",
    c.InstanceProfileContains: lambda held: f"{held.name} holds {held.role_name}",
    c.InstanceIn: lambda held: f"{held.instance_id} is {' or '.join(held.states)}",
    c.AssociationIs: lambda held: f"the association of {held.instance_id} is unchanged",
    c.AssociationListed: lambda held: f"{held.association_id} is still there",
    c.AssociationGone: lambda held: f"{held.association_id} is gone",
    c.AssociationMade: lambda held: f"{held.instance_id} has its association",
    c.NoAssociation: lambda held: f"{held.instance_id} has no association",
    c.InstanceShows: lambda held: f"EC2 shows the instance profile on {held.instance_id}",
    c.MetadataOptionsAre: lambda held: f"the metadata options of {held.instance_id} are unchanged",
    c.LatestVersionIs: lambda held: f"{held.version} is still the latest version",
    c.DefaultVersionIs: lambda held: f"{held.version} is still the default version",
    c.VersionNames: lambda held: f"version {held.version} names the instance profile",
    c.GroupPins: lambda held: f"scaling group {held.auto_scaling_group_name} is unchanged",
    c.GroupLaunchesWith: lambda held: f"scaling group {held.auto_scaling_group_name} is healthy",
    c.GroupConfigured: lambda held: f"scaling group {held.auto_scaling_group_name} is unchanged",
    c.LaunchTemplateNamed: lambda held: (
        f"there is {'a' if held.there else 'no'} launch template {held.launch_template_name}"
    ),
    c.RefreshBegun: lambda held: (
        f"{'an' if held.begun else 'no'} instance refresh of {held.auto_scaling_group_name} is under way"
    ),
    c.UserPolicyIs: _user_policy,
    c.QuotaRequested: lambda held: f"more is {'' if held.made else 'not yet '}asked for: {held.quota_name}",
    c.ConfigFileIs: lambda held: f"{held.path} is unchanged",
    c.NamedProfileSets: lambda held: f"{held.named_profile} sets {held.key}",
}
