"""What CloudTrail records: every change and every refused call, as events with AWS's record inside.

Rests on https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.circumstances import SOURCE_IP
from instance_profiles.emulator.identifiers import iam_id, request_id
from instance_profiles.emulator.partitions import iam_region
from instance_profiles.emulator.trail_contents import (
    request_parameters,
    resources_of,
    response_elements,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.emulator.refusal import RefusalError
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Account, Caller

_MOST = 50_000
_READS = ("Decode", "Describe", "Get", "List", "Lookup", "Simulate", "Validate")
# CloudTrail calls some errors of IAM by the names of their shapes, not by their codes.
_IAM_CODES = {
    code: f"{code}Exception"
    for code in (
        "DeleteConflict",
        "EntityAlreadyExists",
        "LimitExceeded",
        "MalformedPolicyDocument",
        "NoSuchEntity",
    )
}
_USER_AGENT = "aws-cli/2.31.9"


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """`shown_at` is when CloudTrail tells it to those who ask; `number` orders events of one moment."""

    account: str
    region: str
    at: float
    shown_at: float
    number: int
    user_name: str
    resources: tuple[tuple[str, str], ...]
    """Type and name."""
    record: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.record["eventName"])

    @property
    def text(self) -> str:
        """The record as JSON."""
        return json.dumps(self.record, separators=(",", ":"), default=str)


@dataclass(slots=True)
class Trail:
    """The events of all accounts, the oldest of very many forgotten."""

    events: deque[TrailEvent] = field(default_factory=lambda: deque(maxlen=_MOST))
    recorded: int = 0
    """How many there have been in all."""

    def shown(self, account: str, now: float, region: str | None = None) -> Iterator[TrailEvent]:
        """The events of an account that CloudTrail tells by now, in one region or all."""
        for event in self.events:
            if event.account == account and event.shown_at <= now and region in (None, event.region):
                yield event


def record(
    request: Request,
    refusal: RefusalError | None,
    number: str = "",
    result: dict[str, Any] | None = None,
    *,
    delay: float = 0.0,
) -> None:
    """Put a call into the trail, with its request id `number`, told to others `delay` seconds later."""
    world, account, caller = request.world, request.account, request.caller
    world.trail.recorded += 1
    place = world.trail.recorded
    region = iam_region(account.partition) if request.service == "iam" else request.region_name
    answered = response_elements(request, result) if refusal is None else None
    asked = _asked(request, refusal)
    event = {
        "eventVersion": "1.11",
        "userIdentity": _identity(account, caller),
        "eventTime": _written(request.now),
        "eventSource": f"{request.service}.amazonaws.com",
        "eventName": request.operation,
        "awsRegion": region,
        "sourceIPAddress": SOURCE_IP,
        "userAgent": _USER_AGENT,
        **_error(request, refusal),
        "requestParameters": asked,
        "responseElements": answered,
        "requestID": number or request_id(-2 * place - 1),
        "eventID": request_id(-2 * place),
        "readOnly": request.operation.startswith(_READS),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account.id,
        "eventCategory": "Management",
    }
    world.trail.events.append(
        TrailEvent(
            account=account.id,
            region=region,
            at=request.now,
            shown_at=request.now + delay,
            number=place,
            user_name=_user_name(caller),
            resources=resources_of(asked, answered),
            record=event,
        )
    )


def _asked(request: Request, refusal: RefusalError | None) -> dict[str, Any] | None:
    # Records of calls that IAM and STS deny come without parameters; those of EC2 have them.
    if refusal is not None and refusal.code == "AccessDenied":
        return None
    return request_parameters(request)


def _error(request: Request, refusal: RefusalError | None) -> dict[str, str]:
    if refusal is None:
        return {}
    code = refusal.code
    if request.service == "ec2":
        code = f"{'Client' if refusal.status < 500 else 'Server'}.{code}"
    elif request.service == "iam":
        code = _IAM_CODES.get(code, code)
    return {"errorCode": code, "errorMessage": refusal.message}


def _identity(account: Account, caller: Caller) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    rest = caller.arn.split(":", 5)[5]
    known = {
        "principalId": caller.user_id,
        "arn": caller.arn,
        "accountId": caller.account,
        "accessKeyId": caller.access_key,
    }
    if rest == "root":
        return {"type": "Root", **known}
    if not rest.startswith("assumed-role/"):
        return {"type": "IAMUser", **known, "userName": _user_name(caller)}
    name = rest.split("/")[1]
    role = account.roles.get(name.casefold())
    issuer = {
        "type": "Role",
        "principalId": role.id if role else iam_id("AROA", account.id, name),
        "arn": role.arn if role else account.arn("iam", f"role/{name}"),
        "accountId": account.id,
        "userName": name,
    }
    attributes = {"creationDate": _written(caller.issued), "mfaAuthenticated": "false"}
    return {
        "type": "AssumedRole",
        **known,
        "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
    }


def _user_name(caller: Caller) -> str:
    """The user's name, or that of the session."""
    return caller.arn.rpartition(":")[2].rpartition("/")[2]


def _written(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
