"""A listing that AWS slows down is named on the screen for as long as it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.waiting import SLOWED_DOWN
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import Batch, Coverage
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES
from tui.held_up import held_up, ways_to_say

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from instance_profiles.emulator.world import World
    from tests.tui.seeing import Seen

    Iptui = Callable[..., AbstractAsyncContextManager[Seen]]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((160, 40), "ec2:DescribeInstances in eu-west-1 waits for AWS's request limit"),
        ((80, 24), "DescribeInstances waits"),
    ],
)
async def test_a_throttled_listing_is_named_until_it_goes_on(
    world: World, iptui: Iptui, size: tuple[int, int], words: str
) -> None:
    world.throttle("DescribeInstances", times=1_000, region="eu-west-1")
    async with iptui(size=size, wait=False) as at:
        await at.wait(words)
        assert "reading" in at.lines[0]
        world.recover()
        await at.loaded()
        assert "waits" not in at.lines[0]
        assert len(at.app.store.inventory.instances)


async def test_the_note_of_a_heading_says_what_waits(world: World, iptui: Iptui) -> None:
    world.throttle("DescribeInstances", times=1_000, region="eu-west-1")
    async with iptui(wait=False) as at:
        await at.wait("Waiting: AWS asked to slow down")
        assert any("│" in line and "ec2:DescribeInstances in eu-west-1" in line for line in at.lines), at.text
        world.recover()
        await at.loaded()
        await at.wait("Instance profiles", gone="Waiting: AWS asked to slow down")


def coverage(
    source: str, region: str | None, account: str = "1", cause: str | None = SLOWED_DOWN
) -> Coverage:
    return Coverage(account, region, source, "loading", cause)


@pytest.mark.parametrize(
    ("rows", "longest", "shortest"),
    [
        (
            [coverage(INSTANCES, "eu-west-1"), coverage(INSTANCES, "us-east-1")],
            "ec2:DescribeInstances in 2 regions waits for AWS's request limit",
            "2 listings wait",
        ),
        (
            [coverage(INSTANCES, "eu-west-1"), coverage(ASSOCIATIONS, "eu-west-1")],
            "2 listings wait for AWS's request limit",
            "2 listings wait",
        ),
        (
            [coverage("iam:ListRoles", None)],
            "iam:ListRoles waits for AWS's request limit",
            "1 listing waits",
        ),
        (
            [coverage(INSTANCES, "eu-west-1"), coverage(INSTANCES, "eu-west-1", account="2")],
            "ec2:DescribeInstances in several accounts waits for AWS's request limit",
            "2 listings wait",
        ),
    ],
)
def test_several_that_wait_are_counted(rows: list[Coverage], longest: str, shortest: str) -> None:
    inventory = Inventory()
    for row in [*rows, coverage(INSTANCES, "sa-east-1", cause=None)]:
        inventory.take(Batch(row))
    ways = ways_to_say(held_up(inventory))
    assert (ways[0], ways[-1]) == (longest, shortest)


def test_nothing_is_said_where_nothing_waits() -> None:
    assert ways_to_say([]) == ()
