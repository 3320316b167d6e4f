"""One class and one model for all clients of a service.

For every client the SDK makes a class anew, with a documented method for each operation of the service (for
EC2 some seven hundred), and walks the service's model anew: 20 ms in which nothing else runs and half a
megabyte, for each region, and again at the first call of each operation. Classes and models of a service are
all the same; what differs (region, endpoint, credentials, event hooks) is in the client. Nobody reads the
documentation here.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any


@cache
def share_client_classes() -> None:
    """From now on let the SDK take the class and model that it made for a service's first client.

    Each client has what keeps its pace once AWS asked to slow down, `pace_keeper`. Imports the SDK.
    """
    from aiobotocore import session  # the SDK: imported on first use, in `Ground`
    from aiobotocore.retries import adaptive
    from botocore import xform_name

    creator: Any = vars(session)["AioClientCreator"]  # the SDK has no public way
    models: dict[tuple[Any, str, str | None], Any] = {}
    classes: dict[int, Any] = {}

    def load_service_model(self: Any, service_name: str, api_version: str | None = None) -> Any:
        # Its loader is where the model comes from: there is one for each folder of models.
        key = (self._loader, service_name, api_version)
        made = models.get(key)
        if made is None:
            made = models[key] = creator._load_service_model(self, service_name, api_version)
        return made

    def run_class_making(self: Any, service_name: str, service_model: Any) -> Any:
        # Begun in the thread: whoever stops before its turn comes would leave it begun and never awaited.
        return asyncio.run(creator._create_client_class(self, service_name, service_model))

    async def create_client_class(self: Any, service_name: str, service_model: Any) -> Any:
        made = classes.get(id(service_model))
        if made is None:
            # Nothing is awaited in there; for EC2 it takes as long as five frames of the screen.
            made = await asyncio.to_thread(run_class_making, self, service_name, service_model)
            classes[id(service_model)] = made
        return made

    def create_methods(self: Any, service_model: Any) -> dict[str, Any]:
        return {xform_name(operation): _method(operation) for operation in service_model.operation_names}

    def adapt_pace(self: Any, client: Any) -> None:
        client.pace_keeper = adaptive.register_retry_handler(client)

    def no_discovery(self: Any, client: Any, endpoint_url: Any, config: Any) -> None:
        """None: only DynamoDB and Timestream discover endpoints, and finding that out takes long."""

    shared = {
        "_load_service_model": load_service_model,
        "_create_client_class": create_client_class,
        "_create_methods": create_methods,
        "_register_endpoint_discovery": no_discovery,
        "_register_v2_adaptive_retries": adapt_pace,
    }
    vars(session)["AioClientCreator"] = type("SharingCreator", (creator,), shared)


def _method(operation: str) -> Any:
    def call(self: Any, **parameters: Any) -> Any:
        return self._make_api_call(operation, parameters)

    return call
