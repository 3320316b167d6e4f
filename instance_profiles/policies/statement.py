"""One statement of a policy, judged against one request.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from instance_profiles.policies.conditions import meets
from instance_profiles.policies.document import as_list
from instance_profiles.policies.principal_element import Naming, named_by
from instance_profiles.policies.request import Context, Request
from instance_profiles.policies.three_valued import Match, all_of, any_of, negated
from instance_profiles.policies.variables import Unresolved, filled_in
from instance_profiles.policies.wildcards import Pattern, Wild, matches, matches_resource, pattern_of

Form = Literal["identity", "resource", "trust"]
"""identity: policies without a Principal, as of users, roles, boundaries, sessions, organisations."""

_KEYS: Final = frozenset({"Sid", "Effect", "Action", "NotAction", "Condition"})
_RESOURCE_KEYS: Final = frozenset({"Resource", "NotResource"})
_PRINCIPAL_KEYS: Final = frozenset({"Principal", "NotPrincipal"})
_ALLOWED_KEYS: Final = {
    "identity": _KEYS | _RESOURCE_KEYS,
    "resource": _KEYS | _RESOURCE_KEYS | _PRINCIPAL_KEYS,
    "trust": _KEYS | _PRINCIPAL_KEYS,
}


class Judged(msgspec.Struct, frozen=True):
    """Whether a statement applies to the request, and how; `effect` is None where it cannot be read.

    `missing` are the condition keys on which it hangs.
    """

    effect: Literal["Allow", "Deny"] | None
    match: Match
    naming: Naming = "none"
    missing: tuple[str, ...] = ()


def judge(statement: Any, request: Request, form: Form, *, variables: bool = True) -> Judged:
    """Judge whether a statement applies to a request; never raises.

    `variables` is false for a document of a version that has no policy variables.
    """
    if not isinstance(statement, dict):
        return Judged(None, "maybe", "itself")
    effect = statement.get("Effect")
    context = Context(request)
    naming: Naming = "none"
    answers = [_action(statement, request.action)]
    if form != "trust":
        answers.append(_resource(statement, request.resource, context, variables))
    if form != "identity":
        named, naming = named_by(statement, context.principal)
        answers.append(named)
    if "no" in answers:
        return Judged(effect if effect in ("Allow", "Deny") else None, "no")
    if "Condition" in statement:
        answers.append(meets(statement["Condition"], context, variables=variables))
    if not statement.keys() <= _ALLOWED_KEYS[form]:
        answers.append("maybe")
    missing = tuple(sorted(context.missing))
    if effect not in ("Allow", "Deny"):
        return Judged(None, "no" if all_of(answers) == "no" else "maybe", naming, missing)
    return Judged(effect, all_of(answers), naming, missing)


def _action(statement: dict[str, Any], asked: str) -> Match:
    patterns = _texts(statement, "Action", "NotAction")
    if patterns is None:
        return "maybe"
    hit = any_of([_action_pattern(pattern, asked.lower()) for pattern in patterns])
    return negated(hit) if "NotAction" in statement else hit


def _action_pattern(pattern: str, asked: str) -> Match:
    """Actions compare without case. An asked action with wildcards is all the actions that it stands for."""
    folded = pattern.lower()
    if matches(pattern_of(folded), asked) == "yes":
        return "yes"
    if "*" not in asked and "?" not in asked:
        return "no"
    services = {text.partition(":")[0] for text in (folded, asked)}
    apart = len(services) == 2 and not any("*" in service or "?" in service for service in services)
    overlaps = "*" in folded or matches(pattern_of(asked), folded) == "yes"
    return "maybe" if overlaps and not apart else "no"


def _resource(statement: dict[str, Any], asked: str | None, context: Context, variables: bool) -> Match:
    patterns = _texts(statement, "Resource", "NotResource")
    if patterns is None:
        return "maybe"
    filled = [filled_in(text, context, wildcards=True, variables=variables) for text in patterns]
    if "Resource" in statement:
        return any_of([_resource_pattern(pattern, asked) for pattern in filled])
    if any(isinstance(pattern, Unresolved) for pattern in filled):
        return "no"
    return negated(any_of([_resource_pattern(pattern, asked) for pattern in filled]))


def _resource_pattern(pattern: Pattern | Unresolved, asked: str | None) -> Match:
    if isinstance(pattern, Unresolved):
        return "no"
    if asked is None:
        return "yes" if pattern and all(item is Wild.ANY for item in pattern) else "maybe"
    return matches_resource(pattern, asked)


def _texts(statement: dict[str, Any], element: str, opposite: str) -> list[str] | None:
    """The texts of one of two elements; None where not exactly one is there, or it holds anything else."""
    if (element in statement) == (opposite in statement):
        return None
    texts = as_list(statement[element if element in statement else opposite])
    return texts if texts and all(isinstance(text, str) for text in texts) else None
