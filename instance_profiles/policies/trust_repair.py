"""Putting single faults of a trust policy right: dead principals, conditions on EC2, missing names."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from instance_profiles.policies.document import as_list, parse, statements, write
from instance_profiles.policies.ec2_names import ec2_principals, names_ec2, names_ec2_of_a_region
from instance_profiles.policies.trust import ACTION, judge_statement
from instance_profiles.policies.trust_details import dead_principals

if TYPE_CHECKING:
    from collections.abc import Callable


def without_dead_principals(document: str) -> str:
    """The document without the bare unique ids that deleted users and roles left behind.

    A statement that named nobody else goes. Where a NotPrincipal exempted nobody else it holds for everybody
    already, and says so then. Returned as it is where there is none; raises UnreadableDocument.
    """
    parsed = parse(document)
    listed = statements(parsed)
    dead = frozenset(dead_principals(listed))
    if not dead:
        return document
    kept = (_revived(statement, dead) for statement in listed)
    parsed["Statement"] = [statement for statement in kept if statement is not None]
    return write(parsed)


def without_ec2_conditions(document: str, partition: str) -> str:
    """The document with the conditions taken off every Allow that lets EC2, and nobody else, assume the role.

    Where a statement names others as well it stays, so that nothing changes for them. Returned as it is
    where no such statement has conditions; raises UnreadableDocument.
    """

    def freed(statement: Any) -> Any:
        if not isinstance(statement, dict) or "Condition" not in statement:
            return statement
        if not _is_for_ec2_alone(statement, partition):
            return statement
        free = {key: value for key, value in statement.items() if key != "Condition"}
        return free if judge_statement(free, partition) == ("Allow", "yes") else statement

    return _changed(document, freed)


def with_every_ec2_name(document: str, partition: str) -> str:
    """The document with one statement more for the names of EC2 in this partition that no Allow has.

    Returned as it is where none is missing; raises UnreadableDocument.
    """
    parsed = parse(document)
    named = {
        service
        for statement in statements(parsed)
        if judge_statement(statement, partition) == ("Allow", "yes")
        for service in _services(statement)
    }
    missing = [name for name in ec2_principals(partition) if name not in named]
    if not missing:
        return document
    return _with(parsed, {"Service": missing if len(missing) > 1 else missing[0]})


def with_principal(document: str, arn: str) -> str:
    """The document with one statement more that lets this user or role assume the role."""
    return _with(parse(document), {"AWS": arn})


def _with(parsed: dict[str, Any], principal: dict[str, Any]) -> str:
    allow = {"Effect": "Allow", "Principal": principal, "Action": ACTION}
    parsed["Statement"] = [*as_list(parsed.get("Statement", [])), allow]
    return write(parsed)


def _changed(document: str, change: Callable[[Any], Any]) -> str:
    parsed = parse(document)
    before = statements(parsed)
    after = [change(statement) for statement in before]
    if after == before:
        return document
    parsed["Statement"] = after
    return write(parsed)


def _revived(statement: Any, dead: frozenset[str]) -> Any:
    """The statement without the dead, None where nobody is left that it names."""
    if not isinstance(statement, dict):
        return statement
    changed = copy.deepcopy(statement)
    for element in ("Principal", "NotPrincipal"):
        named = changed.get(element)
        if not isinstance(named, dict) or "AWS" not in named:
            continue
        names = as_list(named["AWS"])
        living = [name for name in names if name not in dead]
        if len(living) == len(names):
            continue
        if living:
            named["AWS"] = living if len(living) > 1 else living[0]
            continue
        del named["AWS"]
        if not named and element == "Principal":
            return None
        if not named:
            del changed[element]
            changed["Principal"] = "*"
    return changed


def _is_for_ec2_alone(statement: dict[str, Any], partition: str) -> bool:
    principal = statement.get("Principal")
    if not isinstance(principal, dict) or principal.keys() != {"Service"}:
        return False
    return all(names_ec2(name, partition) or names_ec2_of_a_region(name) for name in _services(statement))


def _services(statement: Any) -> list[Any]:
    principal = statement.get("Principal") if isinstance(statement, dict) else None
    return as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
