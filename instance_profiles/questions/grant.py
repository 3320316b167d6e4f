"""From a denial to the fix that lifts it: what is to be allowed to whom, as grant-caller takes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.denials.statement import smallest_policy
from instance_profiles.denials.who import who
from instance_profiles.findings.catalogue import CATALOGUE
from instance_profiles.findings.finding import Finding, finding_id
from instance_profiles.inventory.model import ObjectRef

if TYPE_CHECKING:
    from collections.abc import Sequence

GRANT = "grant-caller"
_PASSING, _LACKING = "caller-passrole-denied", "caller-no-identity-allow"


class Wanted(msgspec.Struct, frozen=True):
    """The denial as a finding about the principal, and what its recipe is to be told."""

    finding: Finding
    answers: dict[str, str]


def wanted(principal: str, account: str, denied: Sequence[tuple[str, str | None]]) -> Wanted:
    """What a user, role or session in an account lacks: actions, each with its resource.

    For one role to pass the recipe writes the policy itself; for all else it is handed the smallest one.
    """
    name = principal.rpartition(":")[2].rpartition("/")[2] or principal
    subject = ObjectRef("caller", account, None, principal, name, principal)
    action, resource = denied[0]
    passes = len(denied) == 1 and action.lower() == "iam:passrole" and ":role/" in (resource or "")
    rule = _PASSING if passes else _LACKING
    policy = smallest_policy(denied, who(principal))
    short = (resource or "*").split(":", 5)[-1]
    more = f" and {len(denied) - 1} more" if len(denied) > 1 else ""
    finding = Finding(
        finding_id(rule, subject),
        rule,
        "error",
        "present",
        subject,
        f"may not {action} on {short}{more}"[:60],
        CATALOGUE[rule].meaning,
        fixes=(GRANT,),
        source=CATALOGUE[rule].source,
    )
    return Wanted(finding, {"role": resource or ""} if passes else {"document": json.dumps(policy)})
