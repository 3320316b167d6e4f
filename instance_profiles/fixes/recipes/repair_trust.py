"""R10: let EC2 assume the role, without touching anything else in its trust policy."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import calls
from instance_profiles.fixes.assemble import assemble, typeable
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import AnyCondition, AssociationIs, TrustPolicyIs
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import TrustPolicyFits
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.situation import (
    Situation,
    is_service_linked,
    nothing_there,
    subject_instance,
    subject_role,
)
from instance_profiles.policies import (
    MatchingDeny,
    UnreadableDocument,
    judge_ec2_trust,
    same_document,
    with_ec2_trusted,
    without_ec2_deny,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import Role

QUARANTINE = (
    "A Deny keeps EC2 from assuming this role, perhaps on purpose, to quarantine it. Find out who wrote it "
    "(CloudTrail, UpdateAssumeRolePolicy) before you take it away."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = subject_role(situation)
    if role is None:
        raise nothing_there(situation)
    if is_service_linked(role):
        raise CannotPlan(
            f"{role.role_name} is a service-linked role that only AWS may change; use another role."
        )
    document, narrows = _repaired(role, situation.partition)
    old = TrustPolicyIs(role.role_name, role.role_id, role.assume_role_policy_document)
    new = TrustPolicyIs(role.role_name, role.role_id, document)
    step = Step(
        calls.update_trust_policy(role, document),
        before=(old,),
        after=(new,),
        taken_back=(old,),
        timeout=40.0,
        interval=1.0,
    )
    waiting = _waiting(situation)
    plan = assemble(
        RECIPE,
        situation,
        title=f"Let EC2 assume {role.role_name}",
        steps=(step,),
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        typed=narrows,
        probes=(TrustPolicyFits(document),),
        verify=(new, *waiting),
        verify_timeout=180.0,
        warnings=(QUARANTINE,) if narrows else (),
        alone="A Deny keeps EC2 out, perhaps on purpose; find out why, and fix it by itself."
        if narrows
        else "",
        notes=_diff(role.assume_role_policy_document, document),
        delay=(
            "EC2 tries again by itself with growing gaps (3, 6, 11, 21 s, ...); reattach forces it."
            if waiting
            else "EC2 assumes the role at the next refresh of each instance; reattach forces it."
        ),
        undo="Puts the old trust policy back, letter by letter.",
    )
    return _typed_as_role(plan, role)


def _repaired(role: Role, partition: str) -> tuple[str, bool]:
    """The new trust policy, and whether a Deny had to be narrowed for it."""
    old, narrows = role.assume_role_policy_document, False
    try:
        try:
            document = with_ec2_trusted(old, partition)
        except MatchingDeny:
            narrows = True
            document = with_ec2_trusted(without_ec2_deny(old, partition), partition)
    except MatchingDeny as deny:
        raise CannotPlan(
            f"A Deny in the trust policy of {role.role_name} cannot be narrowed to spare EC2; "
            "edit it by hand."
        ) from deny
    except UnreadableDocument as unreadable:
        raise CannotPlan(f"{unreadable} Edit the trust policy of {role.role_name} by hand.") from unreadable
    if same_document(old, document):
        reason = judge_ec2_trust(old, partition).reason
        raise CannotPlan(f"The trust policy of {role.role_name} needs no repair: {reason}")
    return document, narrows


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


def _diff(old: str, new: str) -> tuple[str, ...]:
    return tuple(
        difflib.unified_diff(_pretty(old), _pretty(new), "trust policy now", "trust policy then", lineterm="")
    )


def _pretty(document: str) -> list[str]:
    try:
        return json.dumps(json.loads(document), indent=2).splitlines()
    except ValueError:
        return document.splitlines()


def _typed_as_role(plan: Plan, role: Role) -> Plan:
    """It is the role that changes, whatever object the finding is about."""
    return msgspec.structs.replace(plan, typed_name=plan.typed_name and typeable(role.ref))


RECIPE = Recipe(
    name="repair-trust",
    number="R10",
    title="Repair the trust policy",
    summary="Adds the one statement that lets EC2 assume the role; all other statements stay.",
    build=build,
)
