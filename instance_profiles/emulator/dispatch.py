"""From a request's service, region, key and form to an answer: authentication, checks, operation, XML."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.answer_writing import REQUEST_ID, write_refusal, write_result
from instance_profiles.emulator.identifiers import request_id
from instance_profiles.emulator.json_wire import write_refusal as write_json_refusal
from instance_profiles.emulator.json_wire import write_result as write_json
from instance_profiles.emulator.operations.registry import OPERATIONS, Operation
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.request import Request
from instance_profiles.emulator.request_parsing import parse_form, validate
from instance_profiles.emulator.service_models import SERVICES, action_prefix, service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.resources import Caller
    from instance_profiles.emulator.world import World

_PACKING = 6
_JSON_TYPE = "application/x-amz-json-1.1"
_NAMED_RESOURCES = (
    ("InstanceProfileName", "instance profile"),
    ("RoleName", "role"),
    ("PolicyArn", "policy"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be read off a request before anything is checked.

    `form` may hold a JSON body's members; `json` tells in which form to answer.
    """

    service: str
    region: str
    operation: str
    access_key: str
    token: str
    form: Mapping[str, Any]
    json: bool = False


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    request_id: str
    content_type: str = "text/xml"
    _packed: bytes = b""

    def packed(self) -> bytes:
        """The body compressed with gzip, once for all who get this answer."""
        if not self._packed:
            self._packed = gzip.compress(self.body, _PACKING, mtime=0)
        return self._packed


class Dispatcher:
    """Answers requests against a world, and keeps the pages it wrote until the world changes."""

    def __init__(self, world: World) -> None:
        import_module("instance_profiles.emulator.operations")  # The operations register themselves.
        self._world = world
        self._pages: dict[Any, Answer] = {}
        self._revision = -1
        self._answers = 0

    def answer(self, asked: Asked) -> Answer:
        """Answer one request; every refusal comes back as the error form of the service's protocol."""
        world = self._world
        world.settle()
        if world.revision != self._revision:
            self._pages.clear()
            self._revision = world.revision
        self._answers += 1
        number = request_id(self._answers)
        try:
            return self._result(asked, number)
        except RefusalError as refusal:
            return _refused(asked, refusal, number)

    def _result(self, asked: Asked, number: str) -> Answer:
        caller = _authenticate(self._world, asked)
        _check_region(self._world, asked)
        if self._is_too_fast(caller, asked):
            raise _too_fast(asked.service)
        operation = OPERATIONS.get((asked.service, asked.operation))
        if operation is None:
            raise RefusalError("InvalidAction", _no_such_action(asked))
        key = (caller.access_key, asked.service, asked.operation, asked.region, _text_of(asked))
        known = self._pages.get(key)
        if known is not None:
            return known
        answer = self._run(operation, caller, asked, number)
        if operation.reads:
            self._pages[key] = answer
        else:
            self._world.changed()
        return answer

    def _is_too_fast(self, caller: Caller, asked: Asked) -> bool:
        world, service = self._world, action_prefix(asked.service)
        if world.faults.throttled(service, asked.operation, asked.region):
            return True
        now = world.clock.now()
        return world.limits is not None and not world.limits.allows(
            caller.account, asked.region, service, asked.operation, now
        )

    def _run(self, operation: Operation, caller: Caller, asked: Asked, number: str) -> Answer:
        request = _request(self._world, caller, asked)
        if not operation.own_checks:
            request.authorize(_resource(request))
            if asked.service == "ec2":
                request.end_dry_run()
        result = operation.run(request)
        if asked.json:
            body = write_json(asked.service, asked.operation, result)
            return Answer(200, body, number, _JSON_TYPE)
        text = write_result(asked.service, asked.operation, result)
        return Answer(200, text.replace(REQUEST_ID, number, 1).encode(), number)


def _text_of(asked: Asked) -> str:
    """What tells one request of an operation from another."""
    return json.dumps(dict(asked.form), sort_keys=True)


def _request(world: World, caller: Caller, asked: Asked) -> Request:
    if asked.json:
        parameters = dict(asked.form)
    else:
        shape = service_model(asked.service).operation_model(asked.operation).input_shape
        parameters = parse_form(asked.form, shape, ec2=asked.service == "ec2")
        if asked.service in ("iam", "sts"):
            validate(parameters, shape)
    return Request(world, caller, asked.service, asked.operation, asked.region, parameters, asked.form)


def _authenticate(world: World, asked: Asked) -> Caller:
    if not asked.access_key:
        raise RefusalError("MissingAuthenticationToken", "Request is missing Authentication Token")
    caller = world.callers.get(asked.access_key)
    ec2 = asked.service == "ec2"
    if caller is None or caller.session_token != asked.token:
        if ec2:
            raise _not_validated()
        raise RefusalError("InvalidClientTokenId", "The security token included in the request is invalid.")
    if caller.expires is not None and caller.expires <= world.clock.now():
        if ec2:
            raise RefusalError("RequestExpired", "Request has expired.")
        raise RefusalError("ExpiredToken", "The security token included in the request is expired")
    return caller


def _check_region(world: World, asked: Asked) -> None:
    if asked.service == "iam" or asked.region in world.regions:
        return
    if asked.service == "ec2":
        raise _not_validated()
    if asked.service == "sts":
        raise RefusalError(
            "RegionDisabledException",
            "STS is not activated in this region for account:"
            f"{world.callers[asked.access_key].account}. Your account administrator can activate STS in this "
            "region using the IAM Console.",
        )
    raise RefusalError("InvalidClientTokenId", "The security token included in the request is invalid.")


def _not_validated() -> RefusalError:
    return RefusalError("AuthFailure", "AWS was not able to validate the provided access credentials")


def _too_fast(service: str) -> RefusalError:
    if service == "ec2":
        return RefusalError("RequestLimitExceeded", "Request limit exceeded.")
    return RefusalError("Throttling", "Rate exceeded")


def _no_such_action(asked: Asked) -> str:
    if asked.service == "ec2":
        return f"The action {asked.operation} is not valid for this web service."
    version = service_model(asked.service).metadata["apiVersion"] if asked.service in SERVICES else ""
    return f"Could not find operation {asked.operation} for version {asked.form.get('Version', version)}"


def _resource(request: Request) -> str:
    """What a denial names: IAM writes names where an ARN would be expected, listings a path."""
    if request.service != "iam":
        return ""
    for member, kind in _NAMED_RESOURCES:
        if member in request.parameters:
            return f"{kind} {request.parameters[member]}"
    if request.operation in ("ListRoles", "ListInstanceProfiles"):
        kind = "role" if request.operation == "ListRoles" else "instance-profile"
        return request.account.arn("iam", f"{kind}{request.parameters.get('PathPrefix', '/')}")
    return "*"


def _refused(asked: Asked, refusal: RefusalError, number: str) -> Answer:
    if asked.json:
        return Answer(refusal.status, write_json_refusal(refusal), number, _JSON_TYPE)
    known = asked.service if asked.service in SERVICES else "iam"
    text = write_refusal(known, refusal).replace(REQUEST_ID, number, 1)
    return Answer(refusal.status, text.encode(), number)
