"""Access denied, in the words of each service, and EC2's encoded messages."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.authorizations import keep
from instance_profiles.emulator.circumstances import told_context
from instance_profiles.emulator.partitions import iam_region
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.authority import Evaluation
    from instance_profiles.emulator.faults import Denial
    from instance_profiles.emulator.request import Request

_READS = ("Describe", "Get", "List")


def denied(request: Request, evaluation: Evaluation, denial: Denial) -> RefusalError:
    """Return the refusal that the request's service sends for an action that is denied."""
    sentence = denial_sentence(request.caller.arn, evaluation.action, evaluation.resource, denial)
    if request.service == "ec2":
        return RefusalError("UnauthorizedOperation", _ec2_text(request, sentence, evaluation, denial))
    if request.service == "iam":
        sentence += _troubleshooter(keep(request), iam_region(request.account.partition))
    return RefusalError("AccessDenied", sentence)


def denial_sentence(who: str, action: str, resource: str, denial: Denial) -> str:
    """The sentence that all services share: who may not do what on what, and for which reason."""
    on = f" on resource: {resource}" if resource else ""
    return f"User: {who} is not authorized to perform: {action}{on} {denial.reason(action)}"


def encode(decision: dict[str, Any]) -> str:
    """Return the encoded message that `decode` reads."""
    text = json.dumps(decision, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


def decode(message: str) -> str:
    """Return the JSON text inside an encoded authorization message; raises for any other text."""
    try:
        return zlib.decompress(base64.urlsafe_b64decode(message)).decode()
    except (binascii.Error, ValueError, zlib.error) as error:
        raise RefusalError(
            "InvalidAuthorizationMessageException", "The encoded authorization message is not valid."
        ) from error


def _ec2_text(request: Request, sentence: str, evaluation: Evaluation, denial: Denial) -> str:
    text = f"You are not authorized to perform this operation. {sentence}"
    if request.operation.startswith(_READS):
        return text
    encoded = encode(_decision(request, evaluation, denial))
    return f"{text}. Encoded authorization failure message: {encoded}"


def _decision(request: Request, evaluation: Evaluation, denial: Denial) -> dict[str, Any]:
    told = told_context(request, evaluation.resource)
    explicit = denial.effect == "explicit"
    denying = [s for _, s in evaluation.matched if s.get("Effect") == "Deny"] if explicit else []
    # The action is EC2's even where PassRole was denied; only the resource tells them apart.
    return {
        "allowed": False,
        "explicitDeny": explicit,
        "matchedStatements": {"items": [_statement(request, statement) for statement in denying]},
        "failures": {"items": []},
        "context": {
            "principal": {"id": request.caller.user_id, "arn": request.caller.arn},
            "action": request.operation,
            "resource": evaluation.resource,
            "conditions": {"items": [_condition(key, [value]) for key, value in told]},
        },
    }


def _statement(request: Request, statement: dict[str, Any]) -> dict[str, Any]:
    conditions = [
        _condition(key, _listed(values))
        for keys in statement.get("Condition", {}).values()
        for key, values in keys.items()
    ]
    return {
        "statementId": statement.get("Sid", ""),
        "effect": str(statement["Effect"]).upper(),
        "principals": _items([request.caller.user_id.partition(":")[0]]),
        "principalGroups": {"items": []},
        "actions": _items(_listed(statement.get("Action", statement.get("NotAction", [])))),
        "resources": _items(_listed(statement.get("Resource", statement.get("NotResource", [])))),
        "conditions": {"items": conditions},
    }


def _condition(key: str, values: list[Any]) -> dict[str, Any]:
    return {"key": key, "values": _items(values)}


def _items(values: list[Any]) -> dict[str, Any]:
    return {"items": [{"value": str(value)} for value in values]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _troubleshooter(authorization_id: str, region: str) -> str:
    return (
        f". Go to https://{region}.console.aws.amazon.com/iam/home?region={region}#/authorization-details/"
        f"{authorization_id} for complete details, or call the GetRequestAuthorizationDetails API "
        f"with the following authorization id: {authorization_id}"
    )
