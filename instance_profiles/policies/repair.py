"""Changing a trust policy so that EC2 may assume the role, and nothing else of it."""

from __future__ import annotations

import copy
from typing import Any

from instance_profiles.policies.document import UnreadableDocument, as_list, parse, statements, write
from instance_profiles.policies.ec2_names import ec2_principals, names_ec2, names_ec2_of_a_region
from instance_profiles.policies.trust import ACTION, judge_ec2_trust, judge_statement


class MatchingDeny(ValueError):
    """A Deny statement is about EC2, so that no Allow can help; `statement` is that statement."""

    def __init__(self, statement: dict[str, Any]) -> None:
        super().__init__("A Deny in the trust policy is about EC2; it wins over any Allow.")
        self.statement = statement


def with_ec2_trusted(document: str, partition: str) -> str:
    """The document with one statement more that lets EC2 assume the role; all others stay as they are.

    Returned as it is where EC2 is allowed already. Raises MatchingDeny where a Deny would win over it, and
    UnreadableDocument where the text is no JSON object.
    """
    judgement = judge_ec2_trust(document, partition)
    if judgement.decision == "allow":
        return document
    if judgement.decision == "explicit-deny" and judgement.statement is not None:
        raise MatchingDeny(judgement.statement)
    parsed = parse(document) or {"Version": "2012-10-17"}
    parsed["Statement"] = [*as_list(parsed.get("Statement", [])), _allow(partition)]
    return write(parsed)


def without_ec2_deny(document: str, partition: str) -> str:
    """The document with every certain Deny of EC2 narrowed to the others it names, or removed.

    A Deny of everybody becomes a Deny of everybody but EC2. Denies under a condition stay. Returned as it is
    where no Deny is about EC2. Raises UnreadableDocument where the text is no policy document.
    """
    parsed = parse(document)
    kept: list[Any] = []
    changed = False
    for statement in statements(parsed):
        if judge_statement(statement, partition) != ("Deny", "yes"):
            kept.append(statement)
            continue
        changed = True
        narrowed = _narrowed(statement, partition)
        if narrowed is not None:
            kept.append(narrowed)
    if not changed:
        return document
    parsed["Statement"] = kept
    return write(parsed)


def _allow(partition: str) -> dict[str, Any]:
    principals = ec2_principals(partition)
    return {
        "Effect": "Allow",
        "Principal": {"Service": principals[0] if len(principals) == 1 else list(principals)},
        "Action": ACTION,
    }


def _narrowed(statement: dict[str, Any], partition: str) -> dict[str, Any] | None:
    narrowed = copy.deepcopy(statement)
    principal = narrowed["Principal"]
    if principal == "*":
        del narrowed["Principal"]
        narrowed["NotPrincipal"] = {"Service": list(ec2_principals(partition))}
        return narrowed
    others = [
        service
        for service in as_list(principal["Service"])
        if not names_ec2(service, partition) and not names_ec2_of_a_region(service)
    ]
    if others:
        principal["Service"] = others
    else:
        del principal["Service"]
    return narrowed if principal else None


__all__ = ["MatchingDeny", "UnreadableDocument", "with_ec2_trusted", "without_ec2_deny"]
