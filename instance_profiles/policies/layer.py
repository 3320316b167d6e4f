"""A layer: policy documents that speak together, such as all that are attached to a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import msgspec

from instance_profiles.policies.document import UnreadableDocument, parse, statements
from instance_profiles.policies.request import Request
from instance_profiles.policies.statement import Form, Judged, judge

Document = str | Mapping[str, Any]
"""A policy document as JSON text or parsed."""

_VERSIONS = {"2008-10-17": False, "2012-10-17": True}
_DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})


class Hit(msgspec.Struct, frozen=True):
    """A statement that applies, or may; `document` is its document's place in the layer."""

    judged: Judged
    statement: dict[str, Any] | None
    document: int
    reason: str = ""

    @property
    def may_allow(self) -> bool:
        return self.judged.effect != "Deny"

    @property
    def may_deny(self) -> bool:
        return self.judged.effect != "Allow"

    @property
    def certain(self) -> bool:
        return self.judged.match == "yes"


def permits(
    documents: Document | Sequence[Document],
    action: str,
    resource: str = "*",
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Literal["allow", "explicit-deny", "none", "unknown"]:
    """What one layer of policies without a Principal says about an action; never raises.

    With resource `*` it is not said on which resource: what some statements allow or deny on some resources
    only is unknown then. Condition keys that `context` does not give are not known.
    """
    layer = [documents] if isinstance(documents, str | Mapping) else list(documents)
    request = Request(action, None if resource == "*" else resource, context=context or {})
    hits = hits_in(layer, request, "identity")
    denies = [hit for hit in hits if hit.may_deny]
    allows = [hit for hit in hits if hit.may_allow]
    if any(hit.certain for hit in denies):
        return "explicit-deny"
    if not allows:
        return "none"
    return "allow" if not denies and any(hit.certain for hit in allows) else "unknown"


def hits_in(documents: Sequence[Document], request: Request, form: Form) -> list[Hit]:
    """The statements that apply to a request, or may; a document that cannot be read may say anything."""
    found: list[Hit] = []
    for place, document in enumerate(documents):
        try:
            listed, variables = _read(document)
        except UnreadableDocument as error:
            found.append(Hit(Judged(None, "maybe", "itself"), None, place, str(error)))
            continue
        for statement in listed:
            judged = judge(statement, request, form, variables=variables)
            if judged.match != "no":
                shown = statement if isinstance(statement, dict) else None
                found.append(Hit(judged, shown, place))
    return found


def _read(document: Document) -> tuple[list[Any], bool]:
    if isinstance(document, str):
        return _parsed(document)
    if not isinstance(document, Mapping):
        raise UnreadableDocument("The policy document is not a JSON object.")
    return _checked(dict(document))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[list[Any], bool]:
    return _checked(parse(text))


def _checked(document: dict[str, Any]) -> tuple[list[Any], bool]:
    """The statements, and whether the version of the document has policy variables."""
    version = document.get("Version", "2008-10-17")
    if not isinstance(version, str) or version not in _VERSIONS:
        raise UnreadableDocument("The policy document has a version that IAM does not have.")
    unknown = document.keys() - _DOCUMENT_KEYS
    if unknown:
        raise UnreadableDocument(
            f"The policy document has an element that IAM does not have: {min(unknown)}."
        )
    return statements(document), _VERSIONS[version]
