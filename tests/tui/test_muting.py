"""What is muted: counted on the screen, shown with one key, and told on its object with reason and end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from config.mutes import MuteSetting
from tests.widgets.conftest import screen_strips
from widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.seeing import Seen

    Iptui = Callable[..., AbstractAsyncContextManager[Seen]]

MUTE = MuteSetting("goes with the account", object="left-over", until=dt.date(2999, 12, 31))
ENDED = MuteSetting("until the move", rule="instance-no-profile", until=dt.date(2020, 1, 31))


async def test_muted_findings_are_counted_and_opened_with_one_key(recorded: None, iptui: Iptui) -> None:
    async with iptui(mute=(MUTE,)) as at:
        await at.press("1")
        await at.wait("2 muted", "Muted  2  not shown", gone="left-over")
        await at.press("m")
        await at.wait("left-over", gone="not shown")
        assert "warning" in at.row("left-over")
        await at.press("m")
        await at.wait("Muted  2  not shown", gone="left-over")


async def test_the_object_tells_why_it_is_muted_and_until_when(recorded: None, iptui: Iptui) -> None:
    async with iptui(mute=(MUTE,), size=(150, 40)) as at:
        await at.press("2")
        await at.wait("left-over")
        assert "2 muted" in at.row("left-over")
        profile = at.app.store.inventory.instance_profile_by_name("210987654321", "left-over")
        assert profile is not None
        await at.stand_on(profile.instance_profile_id)
        await at.wait("muted by the settings", "2999-12-31", "goes with the account", "Nothing is wrong here")


async def test_a_muted_finding_can_be_fixed_from_its_place(recorded: None, iptui: Iptui) -> None:
    async with iptui(mute=(MUTE,), size=(150, 40)) as at:
        await at.press("m", "down")
        await at.wait("Ways to fix it")
        finding = at.app.main.selected.finding
        assert finding in {muted.finding.id for muted in at.app.store.muted}
        await at.press("f")
        await at.until(lambda: at.app.screen is not at.app.main, "waited for the dialog")


async def test_a_tag_of_the_object_mutes_at_once(recorded: None, iptui: Iptui) -> None:
    async with iptui() as at:
        inventory = at.app.store.inventory
        bare = next(instance for instance in inventory.instances if instance.name == "bare")
        inventory.put(msgspec.structs.replace(bare, tags={**bare.tags, "iptui:ignore": "all"}))
        at.app.store.judge()
        at.app.main.data_changed()
        await at.wait("1 muted")


async def test_a_mute_that_ended_mutes_nothing_and_is_told(recorded: None, iptui: Iptui) -> None:
    async with iptui(mute=(ENDED,)) as at:
        await at.wait("The mute of instance-no-profile ended", "2020-01-31")
        assert not at.app.store.muted
        await at.press("m")
        await at.wait("Nothing is muted.")


async def test_the_owner_of_an_object_is_told_in_one_line(recorded: None, iptui: Iptui) -> None:
    async with iptui(size=(200, 40)) as at:
        inventory = at.app.store.inventory
        role = inventory.role_by_name("210987654321", "web")
        assert role is not None
        tags = {"aws:cloudformation:stack-name": "shop", "aws:cloudformation:logical-id": "WebRole"}
        inventory.put(msgspec.structs.replace(role, tags=tags))
        at.app.main.data_changed()
        await at.press("3")
        await at.stand_on(role.role_id)
        await at.wait("CloudFormation: stack shop, logical id WebRole")
        await at.press("right_square_bracket")
        await at.wait("Owner: CloudFormation: stack shop")


async def test_the_policy_tab_keeps_to_ascii_where_asked(recorded: None, iptui: Iptui) -> None:
    async with iptui(ascii=True, size=(150, 40)) as at:
        role = at.app.store.inventory.role_by_name("210987654321", "web")
        assert role is not None
        await at.press("3")
        await at.stand_on(role.role_id)
        await at.press("right_square_bracket", "right_square_bracket")
        await at.wait("Trust policy of web")
        drawn = screen_strips(at.app)
        policy = at.app.main.query_one(SheetView).content_region
        texts = [strip.crop(policy.x, policy.right).text for strip in drawn[policy.y : policy.bottom]]
        assert any("ec2.amazonaws.com" in text for text in texts)
        assert all(text.isascii() for text in texts)
