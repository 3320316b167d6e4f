"""Policy documents as text: parsing, comparing, and the forms in which AWS writes the same thing."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class UnreadableDocument(ValueError):
    """The text is no policy document: no JSON, or not the shape that IAM stores."""


def parse(document: str) -> dict[str, Any]:
    """The document as a dict; raises UnreadableDocument where the text is no JSON object."""
    try:
        parsed = json.loads(document, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument("The policy document is not readable as JSON.") from error
    if not isinstance(parsed, dict):
        raise UnreadableDocument("The policy document is not a JSON object.")
    return parsed


def statements(document: dict[str, Any]) -> list[Any]:
    """The statements, also of a document whose single statement stands without a list."""
    if "Statement" not in document:
        raise UnreadableDocument("The policy document has no statements.")
    return as_list(document["Statement"])


def as_list(value: Any) -> list[Any]:
    """IAM takes a single value wherever it takes a list."""
    return value if isinstance(value, list) else [value]


def write(document: dict[str, Any]) -> str:
    """Compact: IAM counts the characters of a trust policy against a quota."""
    return json.dumps(document, separators=(",", ":"))


def same_document(a: str, b: str) -> bool:
    """Whether two documents say the same, whatever the order of their keys and lists.

    AWS returns keys in another order than they were sent in, so text never compares. Documents that cannot
    be parsed are the same only where their text is.
    """
    if a == b:
        return True
    try:
        return _canonical(parse(a)) == _canonical(parse(b))
    except (UnreadableDocument, RecursionError):
        return False


def _canonical(document: dict[str, Any]) -> str:
    shaped = dict(document)
    if "Statement" in shaped:
        shaped["Statement"] = [_canonical_statement(item) for item in as_list(shaped["Statement"])]
    return json.dumps(shaped, sort_keys=True)


def _canonical_statement(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    return {key: _canonical_element(key, value) for key, value in statement.items()}


def _canonical_element(key: str, value: Any) -> Any:
    if key in ("Action", "NotAction"):
        return _as_sorted_set(value)
    if key in ("Principal", "NotPrincipal") and isinstance(value, dict):
        return {kind: _as_sorted_set(names) for kind, names in value.items()}
    if key == "Condition" and isinstance(value, dict):
        return {
            operator: {name: _as_sorted_set(wanted) for name, wanted in keys.items()}
            if isinstance(keys, dict)
            else keys
            for operator, keys in value.items()
        }
    return value


def _as_sorted_set(value: Any) -> list[str]:
    return sorted({json.dumps(item, sort_keys=True) for item in as_list(value)})


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
