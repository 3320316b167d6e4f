"""R11: give a role permissions: one managed policy more, or one inline policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.documents import given_document
from instance_profiles.fixes.managed_policies import (
    CLOUDWATCH,
    SSM_CORE,
    aws_policy_arn,
    chosen_policy,
    own_policies,
)
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import (
    AttachmentsLeft,
    BoundaryAllows,
    InlineSpaceLeft,
    PolicyThere,
    PolicyValid,
    Probe,
)
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.role_state import (
    about_role,
    attached_policies_of,
    changeable_role,
    inline_policies_of,
)
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Role

INLINE_NAME = "iptui-permissions"
_NAME = re.compile(r"[\w+=,.@-]{1,128}")
SHARED = "Whoever else assumes this role gets the permissions as well."
_NEEDS_SSM = frozenset({"instance-ssm-unmanaged"})


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    if "document" in answers:
        title, step, probes = _inline(role, answers)
    else:
        title, step, probes = _managed(situation, role, answers)
    plan = assemble(
        RECIPE,
        situation,
        title=title,
        steps=(step,),
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        probes=probes,
        verify=step.after,
        warnings=(SHARED,),
        delay="Within seconds to minutes, for credentials that are out already as well.",
        undo="Takes the permissions away again.",
    )
    return about_role(plan, role)


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    if key != "policy":
        return ()
    sure = situation.finding.rule in _NEEDS_SSM
    hints = {
        SSM_CORE: "lets Systems Manager manage the instance, and no more",
        CLOUDWATCH: "lets the CloudWatch agent write metrics and logs",
    }
    return (
        *(
            Candidate(aws_policy_arn(situation, name), name, hint, sure=sure and name == SSM_CORE)
            for name, hint in hints.items()
        ),
        *own_policies(situation),
    )


def _managed(
    situation: Situation, role: Role, answers: Mapping[str, str]
) -> tuple[str, Step, tuple[Probe, ...]]:
    arn = chosen_policy(situation, answers.get("policy") or choices(situation, "policy")[0].value)
    name = arn.rpartition("/")[2]
    if any(policy.policy_arn == arn for policy in attached_policies_of(role)):
        raise CannotPlan(f"{name} is attached to {role.role_name} already; choose another one.", "policy")
    probes = (PolicyThere(arn), AttachmentsLeft(role.role_name), BoundaryAllows(role.role_name, arn))
    return f"Attach {name} to {role.role_name}", role_steps.attach_policy(role, arn), probes


def _inline(role: Role, answers: Mapping[str, str]) -> tuple[str, Step, tuple[Probe, ...]]:
    if "policy" in answers:
        raise CannotPlan("Give either a policy to attach or a document to put, not both.", "policy")
    document = given_document(answers["document"])
    name = answers.get("name", INLINE_NAME)
    if _NAME.fullmatch(name) is None:
        raise CannotPlan(f"{name} will not do as the name of a policy: letters, digits and +=,.@-_", "name")
    old = next((p.policy_document for p in inline_policies_of(role) if p.policy_name == name), None)
    if old is not None and same_document(old, document):
        raise CannotPlan(f"The inline policy {name} of {role.role_name} says that already.", "document")
    probes = (
        PolicyValid(document, "IDENTITY_POLICY"),
        InlineSpaceLeft(role.role_name, name, document),
        BoundaryAllows(role.role_name, None, document),
    )
    verb = "Put" if old is None else "Replace"
    step = role_steps.put_inline_policy(role, name, document, old)
    return f"{verb} inline policy {name} of {role.role_name}", step, probes


RECIPE = Recipe(
    name="grant-role-permissions",
    number="R11",
    title="Give the role permissions",
    summary="Attaches a managed policy to the role, or puts an inline policy into it.",
    needs=(
        Need("policy", "Policy", unless="document"),
        Need("document", "Inline", optional=True, hint="optional: an inline policy, JSON or @file"),
        Need("name", "Name", optional=True, hint="optional: a name for the inline policy"),
    ),
    actions=(
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
    ),
    build=build,
    choices=choices,
)
