"""R10: let EC2 assume the role, without touching anything else in its trust policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import calls
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import AnyCondition, AssociationIs, TrustPolicyIs
from instance_profiles.fixes.plan import Diff, Plan, Step
from instance_profiles.fixes.probes import PolicyValid, TrustPolicyFits
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.role_state import about_role, changeable_role
from instance_profiles.fixes.situation import subject_instance
from instance_profiles.fixes.trust_repair import repaired_trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

QUARANTINE = (
    "A Deny keeps EC2 from assuming this role, perhaps on purpose, to quarantine it. Find out who wrote it "
    "(CloudTrail, UpdateAssumeRolePolicy) before you take it away."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    repair = repaired_trust(situation.finding.rule, role, situation.partition)
    old = TrustPolicyIs(role.role_name, role.role_id, role.assume_role_policy_document)
    new = TrustPolicyIs(role.role_name, role.role_id, repair.document)
    call = calls.update_trust_policy(role, repair.document)
    step = Step(
        call if repair.can_go_back else msgspec.structs.replace(call, inverse=None),
        before=(old,),
        after=(new,),
        taken_back=(old,) if repair.can_go_back else (),
        timeout=40.0,
        interval=1.0,
    )
    waiting = _waiting(situation)
    plan = assemble(
        RECIPE,
        situation,
        title=repair.title,
        steps=(step,),
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        typed=repair.narrows,
        probes=(TrustPolicyFits(repair.document), PolicyValid(repair.document, "RESOURCE_POLICY")),
        verify=(new, *waiting),
        verify_timeout=180.0,
        warnings=(*((QUARANTINE,) if repair.narrows else ()), *repair.warnings),
        alone="A Deny keeps EC2 out, perhaps on purpose; find out why, and fix it by itself."
        if repair.narrows
        else "",
        diffs=(Diff(f"Trust policy of {role.role_name}", role.assume_role_policy_document, repair.document),),
        delay=(
            "EC2 tries again by itself with growing gaps (3, 6, 11, 21 s, ...); reattach forces it."
            if waiting
            else "EC2 assumes the role at the next refresh of each instance; reattach forces it."
        ),
        undo="Puts the old trust policy back, letter by letter."
        if repair.can_go_back
        else "Cannot be undone: IAM takes no trust policy that names a deleted user or role.",
    )
    return about_role(plan, role)


def _waiting(situation: Situation) -> tuple[AnyCondition, ...]:
    """The association in question, if it waits for EC2 to be let in."""
    instance = subject_instance(situation)
    if instance is None or instance.state != "running":
        return ()
    there = situation.inventory.associations_of(instance)
    return tuple(
        AssociationIs(
            instance.region,
            instance.instance_id,
            association.association_id,
            association.iam_instance_profile.arn,
            association.iam_instance_profile.id,
            ("associated",),
        )
        for association in there
        if len(there) == 1 and association.state == "associating"
    )


RECIPE = Recipe(
    name="repair-trust",
    number="R10",
    title="Repair the trust policy",
    summary="Changes the one thing that keeps EC2 out of the trust policy; all other statements stay.",
    actions=("iam:UpdateAssumeRolePolicy",),
    build=build,
)
