"""moto's server, a witness of AWS that knows nothing of our emulator, without what takes it long to start."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "ami-03cf127a"
"""moto launches from any image."""
REGIONS = ("eu-west-1", "us-east-1")
"""Those that are enabled there. To moto each service in each region is a world of its own, slow to make."""


@contextmanager
def moto_server() -> Iterator[str]:
    """Its URL. Every server of a process shows the same world, which other tests may have filled."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        # It makes thousands of images for each region whenever it is reset, and no test looks at one.
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        enabled = [region for region in RegionsAndZonesBackend.regions if region.name in REGIONS]
        patch.setattr(RegionsAndZonesBackend, "regions", enabled)
        server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()
