"""The trust policy that a fault asks for: what is wrong goes right, everything else stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.policies import (
    MatchingDeny,
    UnreadableDocument,
    judge_ec2_trust,
    same_document,
    with_ec2_trusted,
    without_ec2_deny,
)
from instance_profiles.policies.document import parse, statements
from instance_profiles.policies.trust_repair import (
    with_every_ec2_name,
    with_principal,
    without_dead_principals,
    without_ec2_conditions,
)

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Role

DEAD = (
    "Principals that are bare unique ids go as well: those users and roles were deleted, and IAM takes no "
    "trust policy that names them."
)


class Repair(msgspec.Struct, frozen=True):
    """`narrows`: a Deny is narrowed for it. `can_go_back`: IAM would take the old document again."""

    title: str
    document: str
    narrows: bool = False
    can_go_back: bool = True
    warnings: tuple[str, ...] = ()


def repaired_trust(rule: str, role: Role, partition: str) -> Repair:
    """The repair for a rule's fault in the trust policy of a role; raises CannotPlan."""
    old = role.assume_role_policy_document
    try:
        living = without_dead_principals(old)
        document, narrows = _by_rule(rule, living, role, partition)
        left = statements(parse(document))
    except MatchingDeny as deny:
        raise CannotPlan(
            f"A Deny in the trust policy of {role.role_name} cannot be narrowed to spare EC2; "
            "edit it by hand."
        ) from deny
    except UnreadableDocument as unreadable:
        raise CannotPlan(f"{unreadable} Edit the trust policy of {role.role_name} by hand.") from unreadable
    if not left:
        raise CannotPlan(
            f"The trust policy of {role.role_name} names nobody that is left; edit it by hand, or delete "
            "the role."
        )
    if same_document(old, document):
        reason = judge_ec2_trust(old, partition).reason
        raise CannotPlan(f"The trust policy of {role.role_name} needs no repair: {reason}")
    dead = living != old
    return Repair(
        _title(rule, role),
        document,
        narrows,
        can_go_back=not dead,
        warnings=(DEAD,) if dead and rule != "role-trust-dead-principal" else (),
    )


def _by_rule(rule: str, document: str, role: Role, partition: str) -> tuple[str, bool]:
    """The new document, and whether a Deny had to be narrowed for it."""
    if rule == "role-trust-dead-principal":
        return document, False
    if rule == "role-self-assume-denied":
        return with_principal(document, role.arn), False
    if rule == "role-trust-condition":
        document = without_ec2_conditions(document, partition)
    try:
        trusted, narrows = with_ec2_trusted(document, partition), False
    except MatchingDeny:
        trusted, narrows = with_ec2_trusted(without_ec2_deny(document, partition), partition), True
    return with_every_ec2_name(trusted, partition) if partition == "aws-cn" else trusted, narrows


def _title(rule: str, role: Role) -> str:
    if rule == "role-trust-dead-principal":
        return f"Take deleted principals out of the trust policy of {role.role_name}"
    if rule == "role-self-assume-denied":
        return f"Let {role.role_name} assume itself"
    return f"Let EC2 assume {role.role_name}"
