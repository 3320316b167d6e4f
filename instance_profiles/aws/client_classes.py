"""One class for all clients of a service.

For every client the SDK makes a class anew, with a method for each operation of the service: for EC2 some
seven hundred, 5 to 10 ms in which nothing else runs and half a megabyte, for each region. The classes of a
service are all the same; what differs (region, endpoint, credentials, event hooks) is in the client.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def share_client_classes() -> None:
    """From now on let the SDK take the class that it made for a service's first client. Imports the SDK."""
    from aiobotocore import session  # the SDK: imported on first use, in `Ground`

    creator: Any = vars(session)["AioClientCreator"]  # the SDK has no public way
    classes: dict[tuple[Any, str, str], Any] = {}

    async def create_client_class(self: Any, service_name: str, service_model: Any) -> Any:
        # Its loader is where the model comes from: there is one for each folder of models.
        key = (self._loader, service_name, service_model.api_version)
        made = classes.get(key)
        if made is None:
            made = classes[key] = await creator._create_client_class(self, service_name, service_model)
        return made

    def no_discovery(self: Any, client: Any, endpoint_url: Any, config: Any) -> None:
        """None: only DynamoDB and Timestream discover endpoints, and finding that out takes long."""

    own = {"_create_client_class": create_client_class, "_register_endpoint_discovery": no_discovery}
    vars(session)["AioClientCreator"] = type("SharingCreator", (creator,), own)
