"""R12: change what limits a role: another permissions boundary, none, or a new version of the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble, counted
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.documents import given_document
from instance_profiles.fixes.managed_policies import chosen_policy, own_policies
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import PolicyThere, PolicyValid, Probe, VersionsLeft
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.role_state import about_role, changeable_role
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Role

NONE = "none"
"""The answer that takes the boundary away."""
MORE = (
    "Without its permissions boundary the role may do everything that its policies allow, which can be more "
    "than anybody meant."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    if "document" in answers:
        return _new_version(situation, role, answers)
    wanted = answers.get("policy")
    if wanted is None:
        raise CannotPlan(
            "Say which policy is to be the permissions boundary (or none), or give a document for a new "
            "version of the present one.",
            "policy",
        )
    arn = None if wanted == NONE else chosen_policy(situation, wanted)
    if arn == role.permissions_boundary_arn:
        state = "has no permissions boundary" if arn is None else f"has {wanted} as its boundary"
        raise CannotPlan(f"{role.role_name} {state} already.", "policy")
    title = (
        f"Take the permissions boundary off {role.role_name}"
        if arn is None
        else f"Make {arn.rpartition('/')[2]} the permissions boundary of {role.role_name}"
    )
    probes: tuple[Probe, ...] = (PolicyThere(arn),) if arn else ()
    warnings = (MORE,) if arn is None else ()
    return _plan(situation, role, title, (role_steps.set_boundary(role, arn),), probes, warnings)


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    if key != "policy":
        return ()
    role = changeable_role(situation)
    in_use = {
        other.permissions_boundary_arn
        for other in situation.inventory.roles
        if other.account == situation.account and other.permissions_boundary_arn
    }
    # None of them is ever chosen by itself: a boundary is somebody's decision.
    found = [
        Candidate(c.value, c.label, "boundary of other roles" if c.value in in_use else c.hint, fit=False)
        for c in own_policies(situation)
        if c.value != role.permissions_boundary_arn
    ]
    found.sort(key=lambda candidate: candidate.value not in in_use)
    if role.permissions_boundary_arn:
        found.append(Candidate(NONE, "no boundary", "the role may then do more", fit=False))
    return tuple(found)


def _new_version(situation: Situation, role: Role, answers: Mapping[str, str]) -> Plan:
    if "policy" in answers:
        raise CannotPlan("Give either a policy or a document, not both.", "policy")
    document = given_document(answers["document"])
    arn = role.permissions_boundary_arn
    if arn is None:
        raise CannotPlan(f"{role.role_name} has no permissions boundary; say which policy it is to be.")
    if ":iam::aws:" in arn:
        raise CannotPlan(f"{arn.rpartition('/')[2]} is AWS's own policy; name another one instead.")
    policy = situation.inventory.managed_policy(role.account, arn)
    if policy is None or policy.document is None or policy.default_version_id is None:
        raise CannotPlan(f"The policy {arn.rpartition('/')[2]} was not read; reload and try again.")
    if same_document(policy.document, document):
        raise CannotPlan(f"{policy.policy_name} says that already.", "document")
    steps = role_steps.new_policy_version(arn, document, policy.default_version_id, policy.document)
    return _plan(
        situation,
        role,
        f"Put a new version of {policy.policy_name} in force",
        steps,
        (PolicyValid(document, "IDENTITY_POLICY"), VersionsLeft(arn)),
        _shared(situation, role, arn),
    )


def _plan(
    situation: Situation,
    role: Role,
    title: str,
    steps: tuple[Step, ...],
    probes: tuple[Probe, ...],
    warnings: tuple[str, ...],
) -> Plan:
    plan = assemble(
        RECIPE,
        situation,
        title=title,
        steps=steps,
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        typed=bool(warnings),
        probes=probes,
        verify=steps[-1].after,
        warnings=warnings,
        alone=f"{warnings[0].rstrip('.')}; change it by itself." if warnings else "",
        delay="Within seconds to minutes, for credentials that are out already as well.",
        undo="Puts the present boundary back as it is.",
    )
    return about_role(plan, role)


def _shared(situation: Situation, role: Role, arn: str) -> tuple[str, ...]:
    """Who else feels a new version of the policy."""
    others = [
        other.role_name
        for other in situation.inventory.roles
        if other.account == role.account
        and other.role_id != role.role_id
        and (
            other.permissions_boundary_arn == arn
            or any(policy.policy_arn == arn for policy in other.attached_policies or ())
        )
    ]
    if not others:
        return ()
    return (f"The policy holds for {counted(len(others), 'other role')} as well: {', '.join(others[:3])}.",)


RECIPE = Recipe(
    name="change-boundary",
    number="R12",
    title="Change the permissions boundary",
    summary="Sets another boundary, takes it away, or puts a new version of its policy in force.",
    needs=(
        Need("policy", "Boundary", unless="document", hint="the ARN of a policy, or none"),
        Need(
            "document",
            "Version",
            optional=True,
            hint="optional: a new version of the boundary, JSON or @file",
        ),
    ),
    actions=(
        "iam:PutRolePermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
    ),
    build=build,
    choices=choices,
)
