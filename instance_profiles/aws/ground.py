"""What stands before the first call: the SDK, a session of it, the region and partition it starts from."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.client_classes import share_client_classes
from instance_profiles.aws.importing import importing_sdk
from instance_profiles.aws.model_files import quick_loader
from instance_profiles.aws.page_reader import Cursor
from instance_profiles.aws.parsing import parser_factory
from instance_profiles.aws.translation import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.aws.connection import Connection

HOME_REGION = "us-east-1"
ALWAYS_ENABLED = {"aws": HOME_REGION, "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where IAM lives; these regions cannot be disabled."""


class MfaCodeNeeded(Exception):
    """The SDK wants to ask a person for an MFA code; the terminal belongs to the screen."""


class Ground:
    """An SDK session with its settings resolved. Blocking to make: use a thread.

    Raises:
        AwsError: the named profile does not exist, or the AWS config cannot be read.
    """

    def __init__(self, connection: Connection) -> None:
        with _collecting_nothing():
            self._begin(connection)

    def _begin(self, connection: Connection) -> None:
        # The SDK takes half a second to import: not before it is needed, and never on the event loop.
        with importing_sdk:
            from aiobotocore.session import AioSession
            from botocore.exceptions import BotoCoreError, ClientError
            from botocore.parsers import ResponseParserError
            from botocore.regions import EndpointResolver

        share_client_classes()
        self.failures: tuple[type[Exception], ...] = (
            BotoCoreError,
            ClientError,
            ResponseParserError,
            MfaCodeNeeded,
            OSError,
        )
        try:
            self.session: Any = AioSession(profile=connection.named_profile)
            data_path = self.session.get_config_variable("data_path")
            loader = _loader(data_path)
            self.session.register_component("data_loader", loader)
            self.session.register_component("response_parser_factory", parser_factory())
            places, path = loader.load_data_with_path("endpoints")
            self._places: Any = EndpointResolver(places, loader.is_builtin_path(path))
            configured = self.session.get_config_variable("region")
            self.partition, self.default_region = self._place(connection.regions, configured)
            self._refuse_to_prompt()
        except (BotoCoreError, OSError, ValueError) as exc:
            raise translate(exc, named_profile=connection.named_profile) from exc

    def partition_of(self, region: str) -> str | None:
        """The partition whose known regions or naming pattern a region fits, None if it fits none."""
        from botocore.exceptions import UnknownRegionError  # imported with the session already

        try:
            return str(self._places.get_partition_for_region(region))
        except UnknownRegionError:
            return None

    def known_regions(self, partition: str) -> tuple[str, ...]:
        """The regions of a partition that the installed SDK knows, enabled or not."""
        return tuple(sorted(self._places.get_available_endpoints("ec2", partition)))

    def may_offer(self, service: str, region: str) -> bool:
        """Whether a service has an endpoint in a region as far as the SDK knows; True where it knows none."""
        prefix = self.session.get_component("data_loader").load_service_model(service, "service-2")[
            "metadata"
        ]["endpointPrefix"]
        partition = self.partition_of(region) or self.partition
        known = self._places.get_available_endpoints(prefix, partition)
        return not known or region in known

    def differs_in_name(self, endpoint_prefix: str, region: str) -> bool:
        """Whether a region's endpoint of a service is like those of others in all but the region's name.

        False also where another list of endpoints than the SDK's own is in use (AWS_DATA_PATH).
        """
        place = self._places.construct_endpoint(endpoint_prefix, region)
        if place is None or not self._places.uses_builtin_data:
            return False
        signed_for = place.get("credentialScope", {}).get("region", region)
        return bool(place["endpointName"] == region == signed_for)

    def warm(self, services: Iterable[str]) -> None:
        """Read what the SDK needs to know of services, so that their clients are made without waiting.

        Blocking. A model that is missing is told by whoever wants its client.
        """
        from botocore.exceptions import UnknownServiceError  # imported with the session already

        loader = self.session.get_component("data_loader")
        for service in services:
            # Whoever makes a client of a service that is being read waits for it, and for no other.
            with _reading():
                for general in ("partitions", "sdk-default-configuration"):
                    loader.load_data(general)
                for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
                    with suppress(UnknownServiceError):
                        loader.load_service_model(service, kind)

    def cursor(self, service: str, operation: str) -> Cursor:
        """How a listing goes on from page to page, as the SDK knows it; blocking, the first time."""
        model = self.session.get_component("data_loader").load_service_model(service, "paginators-1")
        found = model["pagination"][operation]
        return Cursor(found["input_token"], found["output_token"], found.get("more_results"))

    def _place(self, regions: tuple[str, ...], configured: str | None) -> tuple[str, str]:
        """Where to start: in the partition of the first region asked for that exists, else of the set one.

        There it is the configured region, or the one that is always enabled: a region that was asked for may
        be disabled, and then it would refuse the very calls that tell so.
        """
        asked = [region for region in regions if region != "all" and self._exists(region)]
        first = asked[0] if asked else configured or HOME_REGION
        partition = self.partition_of(first) or "aws"
        if configured and self.partition_of(configured) == partition:
            return partition, configured
        return partition, ALWAYS_ENABLED.get(partition, first)

    def _exists(self, region: str) -> bool:
        partition = self.partition_of(region)
        return partition is not None and region in self.known_regions(partition)

    def _refuse_to_prompt(self) -> None:
        provider = self.session.get_component("credential_provider").get_provider("assume-role")

        def refuse(prompt: str) -> str:
            raise MfaCodeNeeded(prompt)

        provider._prompter = refuse  # the SDK has no public way; its default reads the terminal


@cache
def _loader(data_path: str | None) -> Any:
    """The reader of service models, shared by all sessions: what it read once stays read."""
    return quick_loader(data_path)


@cache
def _reading() -> Lock:
    """One service is read at a time: two threads would read the same twice."""
    return Lock()


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """While it lasts, look for no garbage, and never again among what came: it stays as long as the program.

    To look through the SDK and what it knows of places again and again while it comes takes longer than to
    read it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()
            gc.enable()
