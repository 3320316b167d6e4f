"""IAM Access Analyzer: a first look at a policy document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request

_LEARN_MORE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


@operation("access-analyzer", "ValidatePolicy")
def validate_policy(request: Request) -> dict[str, Any]:
    """Finds a document that is no JSON, and statements without the elements that a trust policy needs."""
    try:
        document = json.loads(request.parameters.get("policyDocument", ""))
    except ValueError:
        return {"findings": [_finding("JSON_SYNTAX_ERROR", "Fix the JSON syntax error.", [])]}
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    listed = statements if isinstance(statements, list) else [statements]
    needed = ["Effect", "Action"]
    if request.parameters.get("policyType") == "RESOURCE_POLICY":
        needed.append("Principal")
    findings = [
        _finding(
            f"MISSING_{element.upper()}",
            f"Add {element} to the policy statement.",
            [{"value": "Statement"}, {"index": place}],
        )
        for place, statement in enumerate(listed)
        for element in needed
        if not {element, f"Not{element}"} & set(statement)
    ]
    return {"findings": findings}


def _finding(code: str, details: str, path: list[dict[str, Any]]) -> dict[str, Any]:
    start = {"line": 1, "column": 0, "offset": 0}
    return {
        "findingType": "ERROR",
        "issueCode": code,
        "findingDetails": details,
        "learnMoreLink": _LEARN_MORE,
        "locations": [{"path": path, "span": {"start": start, "end": start}}],
    }
