"""The classes of clients are made beside the event loop, and nothing is left of one that nobody waits for."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

from aiobotocore import session as aio
from botocore.loaders import Loader

from instance_profiles.aws.client_classes import share_client_classes


async def test_who_stops_before_the_class_is_begun_leaves_nothing_behind():
    share_client_classes()
    session = aio.AioSession()
    # A loader of its own: its models are known to nobody, so that the class has to be made.
    session.register_component("data_loader", Loader())
    go_on = threading.Event()
    # The one thread is taken: the class waits for its turn.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    asyncio.get_running_loop().run_in_executor(None, go_on.wait)
    making = session.create_client(
        "sts", region_name="eu-west-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="none"
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        task = asyncio.create_task(making.__aenter__())
        await asyncio.sleep(0.5)
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])
        go_on.set()
        await asyncio.get_running_loop().shutdown_default_executor()
        del task, making
        gc.collect()
    assert [str(one.message) for one in told if "never awaited" in str(one.message)] == []
