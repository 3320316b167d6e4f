"""Reading the SDK's service models, three times faster than the SDK reads them.

EC2's alone is four megabytes of JSON. The SDK builds it with a Python call for every object, from times when
dictionaries had no order; and to see whether there is such a service it looks into the folders of all four
hundred, once for each kind of file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


def quick_loader(data_path: str | None) -> Any:
    """The SDK's loader for a search path (AWS_DATA_PATH), with a quicker reader of files. Imports the SDK."""
    from botocore.loaders import JSONFileLoader, create_loader

    def load_file(self: Any, full_path: str, open_method: Any) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return msgspec.json.decode(file.read())

    loader: Any = create_loader(data_path)
    loader.file_loader = type("QuickFileLoader", (JSONFileLoader,), {"_load_file": load_file})()
    list_all = loader.list_available_services
    loader.list_available_services = lambda type_name: _Services(loader, type_name, list_all)
    return loader


class _Services:
    """The services that have a file of a kind; one asked for is looked up, without a list of all."""

    def __init__(self, loader: Any, type_name: str, list_all: Any) -> None:
        self._loader = loader
        self._type_name = type_name
        self._list_all = list_all

    def __contains__(self, service: str) -> bool:
        from botocore.exceptions import DataNotFoundError  # imported with the loader already

        try:
            return bool(self._loader.list_api_versions(service, self._type_name))
        except DataNotFoundError:
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_all(self._type_name))
