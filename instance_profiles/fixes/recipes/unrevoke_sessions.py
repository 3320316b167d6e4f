"""R22: end the revocation of a role's sessions, once the incident behind it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.role_policies import REVOCATION
from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.role_state import about_role, changeable_role, inline_policies_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

INCIDENT = (
    "Somebody revoked the sessions of this role, as one does when credentials have leaked. Credentials from "
    "before work again once the policy is gone: make sure that the incident is closed."
)
WAITING = (
    "Waiting heals it as well: sessions issued after the revocation are not refused, and instances get fresh "
    "credentials within about 6 hours; reattach forces that at once."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    document = next(
        (p.policy_document for p in inline_policies_of(role) if p.policy_name == REVOCATION), None
    )
    if document is None:
        raise CannotPlan(f"{role.role_name} has no inline policy {REVOCATION} any more; reload.")
    step = role_steps.delete_inline_policy(role, REVOCATION, document)
    plan = assemble(
        RECIPE,
        situation,
        title=f"End the revocation of the sessions of {role.role_name}",
        steps=(step,),
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        typed=True,
        verify=step.after,
        warnings=(INCIDENT,),
        alone="Sessions are revoked for a reason; make sure that it is over, and end it by itself.",
        notes=(WAITING,),
        delay="Within seconds to minutes; credentials issued before the revocation are taken again.",
        undo="Puts the policy back, letter by letter: what it refused before is refused again.",
    )
    return about_role(plan, role)


RECIPE = Recipe(
    name="unrevoke-sessions",
    number="R22",
    title="End the revocation of sessions",
    summary=f"Deletes the inline policy {REVOCATION}; only once the incident is closed.",
    actions=(
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
    ),
    build=build,
)
