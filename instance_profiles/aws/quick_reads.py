"""Reads sent past the SDK's machinery: a tenth of what one costs there, and no client for each region.

The SDK spends three milliseconds on a request in which nothing else runs, most of it on asking its own hooks
whether they have something to say to a plain listing, and ten on the first one in a region. Here the request
is written by the SDK's serializer, signed by its signer and sent over its connections, to the address that
its rules give for the region; hooks and retries are left out. So only what needs neither is sent here: an
operation, a region or a setting that is not plain has no way (`way` is None), and an answer that is no plain
success is `Unsettled`, for the SDK to go on with.
"""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from instance_profiles.aws.answers import refuse_foreign
from instance_profiles.aws.parsing import parser_factory
from instance_profiles.aws.unread import UNREAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.ground import Ground

_SIGNATURE: Final = "v4"
_PROTOCOLS: Final = frozenset({"ec2", "json", "query"})


class Unsettled(msgspec.Struct, frozen=True):
    """What came of a request that the SDK has to go on with: an answer, or what was raised instead of one."""

    answer: Any = None
    failure: Exception | None = None


class Place(msgspec.Struct, frozen=True):
    """A region as a service is reached there: its address, and what requests are signed for."""

    region: str
    url: str
    headers: dict[str, str]
    signing_name: str
    signing_region: str


class Way(msgspec.Struct, frozen=True):
    """An operation in a region."""

    model: Any
    place: Place


class QuickReads:
    """Reads of one service in any region, by settings, credentials and connections of one of its clients."""

    def __init__(self, client: Any, region: str, ground: Ground) -> None:
        from botocore.exceptions import HTTPClientError  # the SDK: imported with the client already

        # The SDK has no public way to these parts of a client. Its version is pinned.
        self._region = region
        self._config = client.meta.config
        self._ground = ground
        self._serializer = client._serializer
        self._signer = client._request_signer
        self._rules = client._ruleset_resolver
        self._connections = client._endpoint.http_session
        self._events = client.meta.events
        self._model = client.meta.service_model
        self._failures: type[Exception] = HTTPClientError
        self._user_agent = client._user_agent_creator.to_string()
        self._plain: dict[str, Any] = {}
        self._places: dict[str, Place | None] = {}

    async def way(self, operation: str, region: str) -> Way | None:
        """How to ask for an operation in a region; None where that is not plain."""
        if operation not in self._plain:
            self._plain[operation] = self._plain_model(operation)
        model = self._plain[operation]
        if model is None:
            return None
        if region not in self._places:
            # Plain operations have no say in it.
            self._places[region] = await self._find(region, model)
        place = self._places[region]
        return None if place is None else Way(model, place)

    async def send(self, way: Way, parameters: Mapping[str, Any]) -> dict[str, Any] | Unsettled:
        """The answer of one request, as the SDK would give it, to be called once it may be sent.

        Raises:
            NotAnAwsAnswer: the answer is somebody else's.
            BotoCoreError: the parameters are wrong, or there are no credentials.
        """
        request = await self._signed(way, parameters)
        try:
            response = await self._connections.send(request)
        except self._failures as exc:
            return Unsettled(failure=exc)
        if response.status_code >= 300:
            return Unsettled(answer=response)
        return await self._read(way, response)

    async def _signed(self, way: Way, parameters: Mapping[str, Any]) -> Any:
        from botocore.awsrequest import (  # the SDK: imported with the session already
            create_request_object,
            prepare_request_dict,
        )

        asked = self._serializer.serialize_to_request(dict(parameters), way.model)
        asked["headers"] |= way.place.headers
        if isinstance(asked["body"], dict):
            # Once: the signer would ask for it time and again.
            asked["body"] = urlencode(asked["body"], doseq=True)
        prepare_request_dict(asked, endpoint_url=way.place.url, context={}, user_agent=self._user_agent)
        request = create_request_object(asked)
        # Refreshes credentials that are about to expire.
        signer = await self._signer.get_auth_instance(
            way.place.signing_name, way.place.signing_region, _SIGNATURE
        )
        signer.add_auth(request)
        prepared = request.prepare()
        # By these AWS tells a retry from another request; the SDK signs before it adds them, too.
        prepared.headers["amz-sdk-invocation-id"] = str(uuid.uuid4())
        prepared.headers["amz-sdk-request"] = "attempt=1"
        return prepared

    async def _read(self, way: Way, response: Any) -> dict[str, Any]:
        protocol = self._model.resolved_protocol
        came = {
            "headers": response.headers,
            "status_code": response.status_code,
            "body": await response.content,
            "context": {"operation_name": way.model.name},
        }
        shown = None if self._model.service_name in ("iam", "sts") else way.place.region
        refuse_foreign(self._model.service_name, way.model.name, shown, protocol, came)
        answer: dict[str, Any] = await (
            parser_factory().create_parser(protocol).parse(came, way.model.output_shape)
        )
        if UNREAD not in answer:
            # IAM's policy documents are unpacked here.
            await self._events.emit(
                f"after-call.{self._model.service_id.hyphenize()}.{way.model.name}",
                http_response=response,
                parsed=answer,
                model=way.model,
                context={},
            )
        return answer

    def _plain_model(self, operation: str) -> Any:
        known = operation in self._model.operation_names
        model = self._model.operation_model(operation) if known else None
        return model if known and _is_plain(model) else None

    async def _find(self, region: str, model: Any) -> Place | None:
        """How the service is reached in a region, by what is known of the client's own."""
        from botocore.exceptions import BotoCoreError  # the SDK: imported with the client already
        from botocore.regions import EndpointResolverBuiltins as Builtins

        if (
            self._rules is None
            or self._signer.signature_version != _SIGNATURE
            or self._config.auth_scheme_preference is not None
        ):
            return None
        rules, name, signed_for = self._rules, self._signer.signing_name, self._signer.region_name
        if region != self._region:
            if signed_for != self._region or not self._ground.differs_in_name(
                self._model.endpoint_prefix, region
            ):
                return None
            if rules._builtins[Builtins.AWS_USE_FIPS] or rules._builtins[Builtins.AWS_USE_DUALSTACK]:
                return None
            rules, signed_for = copy.copy(rules), region
            rules._builtins = {**rules._builtins, Builtins.AWS_REGION: region}
        try:
            endpoint = await rules.construct_endpoint(model, {}, {})
        except BotoCoreError:
            return None  # the SDK meets it again and says it
        if (schemes := endpoint.properties.get("authSchemes")) is not None:
            kind, signing = rules.auth_schemes_to_signing_ctx(schemes)
            if kind != _SIGNATURE:
                return None
            name, signed_for = signing.get("signing_name", name), signing.get("region", signed_for)
        return Place(region, endpoint.url, endpoint.headers, name, signed_for)


def _is_plain(model: Any) -> bool:
    """Whether an operation is a form that is posted to the service's address, and nothing else."""
    return (
        (model.http.get("method"), model.http.get("requestUri")) == ("POST", "/")
        and model.service_model.resolved_protocol in _PROTOCOLS
        and model.resolved_auth_type in (None, _SIGNATURE)
        and model.output_shape is not None
        and not (
            model.endpoint
            or model.endpoint_discovery
            or model.unsigned_payload
            or model.request_compression
            or model.http_checksum
            or model.http_checksum_required
            or model.static_context_parameters
            or model.context_parameters
            or model.operation_context_parameters
            or model.has_event_stream_input
            or model.has_event_stream_output
            or model.has_streaming_input
            or model.has_streaming_output
        )
    )
