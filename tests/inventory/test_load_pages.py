"""Loading more than a page of instances: exactly the pages that there are, and none is parsed by the SDK."""

from __future__ import annotations

import pickle
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from instance_profiles.aws import unread
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.readers import Readers
from instance_profiles.aws.xml_scanning import Scanner
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load

if TYPE_CHECKING:
    import pytest

INSTANCES = 1001
FLEET = {
    "account": {"id": "123456789012"},
    "roles": [{"name": "web", "instance_profile": True}],
    "instances": [
        {
            "region": "us-east-1",
            "name": "web",
            "count": INSTANCES,
            "instance_profile": "web",
            "ping_status": "none",
            "tags": {"note": "a & b"},
        }
    ],
}
LISTINGS = sorted({*sources.USE_SOURCES, sources.INSTANCE_PROFILES, sources.AUTHORIZATION_DETAILS})


async def loaded(monkeypatch: pytest.MonkeyPatch) -> tuple[AwsAccount, Inventory]:
    """The fleet, read to the end, and the account that it was read with."""
    world, inventory = build_world(FLEET), Inventory()
    async with serve(world) as url:
        for name, value in world.environment(url).items():
            monkeypatch.setenv(name, value)
        async with AwsAccount(Connection()) as account:
            async for event in load(account):
                inventory.take(event)
    return account, inventory


async def test_each_page_is_asked_for_once_and_scanned_once(monkeypatch: pytest.MonkeyPatch):
    scanned: list[bytes] = []
    scan = Scanner.read

    def watched(self: Scanner, body: bytes) -> dict[str, Any]:
        answer = scan(self, body)
        scanned.append(body)
        return answer

    monkeypatch.setattr(Scanner, "read", watched)
    monkeypatch.setattr(unread, "_known", {})  # another test may have had scanners made
    account, inventory = await loaded(monkeypatch)
    two = {sources.INSTANCES, sources.ASSOCIATIONS}
    pages = {source: 2 if source in two else 1 for source in LISTINGS}
    assert {source: account.requests[source] for source in LISTINGS} == pages
    # A page whose scan had failed would be missing here: it would have gone to a slower way.
    assert len(scanned) == sum(pages.values())
    assert inventory.counts()["instances"] == inventory.counts()["associations"] == INSTANCES


async def test_pages_of_the_main_listings_can_be_read_by_another_process(monkeypatch: pytest.MonkeyPatch):
    """What makes objects of them must lean on nothing that is known in this process only."""
    sendable: set[str] = set()

    async def take(self: Readers, unread: Any, cursor: Any, make: Any) -> None:
        with suppress(AttributeError, pickle.PicklingError):
            pickle.dumps(make)
            sendable.add(make.args[0])

    monkeypatch.setattr(Readers, "take", take)
    await loaded(monkeypatch)
    main = {sources.INSTANCES, sources.ASSOCIATIONS, sources.INSTANCE_PROFILES, sources.AUTHORIZATION_DETAILS}
    assert main <= sendable
