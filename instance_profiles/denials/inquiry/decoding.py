"""sts:DecodeAuthorizationMessage: what EC2 put into the encoded part of its message."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.denials.inquiry.known import Known, Learnt, NothingToAsk, Question, Scope
from instance_profiles.denials.inquiry.step import Ruling
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from instance_profiles.aws.account import AwsAccount

_LONGEST: Final = 10_240
_DERIVED: Final = ("aws:ARN", "aws:Account", "aws:Region", "aws:Resource", "aws:Service", "aws:Type")
"""What AWS lists of the resource itself; no policy can ask for these."""
_CONDITION_KEY: Final = re.compile(r"[a-zA-Z][\w-]*:\S+")
_SHOWN: Final = 8


def _why_not(known: Known, _scope: Scope) -> str | None:
    encoded = known.error.encoded
    if encoded is None:
        return "The message has no encoded part."
    if not encoded:
        return "The encoded part of the message was cut off."
    if len(encoded) > _LONGEST:
        return "The encoded part is longer than AWS takes: it holds something else besides."
    return None


async def _ask(account: AwsAccount, known: Known, _scope: Scope) -> AsyncIterator[str | Learnt]:
    answer = await account.call(
        "sts", "DecodeAuthorizationMessage", {"EncodedMessage": str(known.error.encoded)}
    )
    try:
        decoded = json.loads(str(answer.get("DecodedMessage")))
    except ValueError as error:
        raise NothingToAsk("AWS decoded it to something that iptui cannot read.") from error
    yield learnt_from(decoded if isinstance(decoded, dict) else {}, known)


QUESTION: Final = Question(
    "decoded-message", "Decoded message", "sts:DecodeAuthorizationMessage", _why_not, _ask
)


def learnt_from(decoded: Mapping[str, Any], known: Known) -> Learnt:
    """What a decoded message says. Its action is that of the call, even where passing the role was denied:
    only the resource, a role, tells that (recorded).
    """
    context = _mapping(decoded.get("context"))
    resource = str(context.get("resource") or "") or None
    action = _action(str(context.get("action") or ""), resource) or known.action
    values = dict(_conditions(context))
    region = next(iter(values.get("aws:Region", ())), None)
    principal = str(_mapping(context.get("principal")).get("arn") or "") or None
    error = known.error
    if error.principal is None and principal is not None:
        error = msgspec.structs.replace(error, principal=principal)
    keys = {
        key: told for key, told in values.items() if key not in _DERIVED and _CONDITION_KEY.fullmatch(key)
    }
    facts = [f"action  {action}"] if action else []
    facts += [f"resource  {resource}"] if resource else []
    facts += [f"{key}  {', '.join(told)}" for key, told in list(keys.items())[:_SHOWN]]
    ruling = _ruling(decoded, known)
    told = msgspec.structs.replace(
        known,
        error=error,
        action=action,
        resource=resource or known.resource,
        region=known.region or region,
        context={**known.context, **keys},
        rulings=(*known.rulings, ruling) if ruling else known.rulings,
    )
    return Learnt(_said(decoded, action, resource), told, ruling, tuple(facts))


def _action(action: str, resource: str | None) -> str | None:
    """With its service. Only EC2 encodes messages; a role as the resource means that PassRole was denied."""
    if resource and principal_of(resource).kind == "role" and not action.lower().endswith(":passrole"):
        return "iam:PassRole"
    if not action or ":" in action:
        return action or None
    return f"ec2:{action}"


def _ruling(decoded: Mapping[str, Any], known: Known) -> Ruling | None:
    if decoded.get("allowed") is not False:
        return None
    if not decoded.get("explicitDeny"):
        return Ruling("deny", "implicit", known.error.denied_by, known.error.policy)
    for one in _items(decoded.get("matchedStatements")):
        if str(one.get("effect")).upper() == "DENY":
            statement: dict[str, Any] = {"Effect": "Deny"}
            if one.get("statementId"):
                statement = {"Sid": str(one["statementId"]), **statement}
            for ours, theirs in (("Action", "actions"), ("Resource", "resources")):
                listed = [item.get("value") for item in _items(one.get(theirs)) if item.get("value")]
                if listed:
                    statement[ours] = listed
            return Ruling("deny", "explicit", known.error.denied_by, known.error.policy, statement)
    return Ruling("deny", "explicit", known.error.denied_by, known.error.policy)


def _said(decoded: Mapping[str, Any], action: str | None, resource: str | None) -> str:
    how = "A Deny statement matched" if decoded.get("explicitDeny") else "No statement allowed it"
    passing = (
        " What was denied is passing the role, not the call that carried it."
        if (action == "iam:PassRole")
        else ""
    )
    return f"{how}: {action or 'the call'}{f' on {resource}' if resource else ''}.{passing}"


def _conditions(context: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in _items(context.get("conditions")):
        values = tuple(str(value["value"]) for value in _items(one.get("values")) if "value" in value)
        if one.get("key") and values:
            yield str(one["key"]), values


def _items(value: Any) -> list[Mapping[str, Any]]:
    listed = _mapping(value).get("items")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
