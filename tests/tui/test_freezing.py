"""When a still is made of a picture, and of what; that it is what Textual draws is tested in a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from tui.freezing import still_of
from tui.picturing import picture_of

NOW = datetime.now(UTC)


def still(seen):
    return still_of(seen.app, picture_of(seen.app.store, NOW))


async def test_it_has_the_size_of_the_terminal_and_says_nothing_of_causes(recorded, iptui):
    async with iptui(size=(120, 40)) as seen:
        await seen.loaded()
        made = still(seen)
        assert made is not None
        assert made.size == (120, 40)
        drawn = made.drawn(NOW)
        assert drawn is not None
        assert "Instance profiles" in drawn
        causes = {finding.cause for finding in seen.app.store.findings}
        assert causes
        assert not any(cause in drawn for cause in causes)


async def test_the_frame_alone_names_nothing_that_was_read(recorded, iptui):
    async with iptui(size=(120, 40)) as seen:
        await seen.loaded()
        frame = still_of(seen.app, None)
        assert frame.size == (120, 40)
        drawn = frame.drawn(NOW)
        assert "Looking for credentials" in drawn
        store = seen.app.store
        read = {caller.account for caller in store.inventory.callers.values()}
        read |= {profile.instance_profile_name for profile in store.inventory.instance_profiles}
        assert read
        assert not any(one in drawn for one in read)


async def test_it_is_the_first_view_whatever_is_shown(recorded, iptui):
    async with iptui(size=(120, 40)) as seen:
        await seen.loaded()
        first = still(seen)
        await seen.press("3", "down", "space")
        assert still(seen) == first


async def test_there_is_none_while_the_search_line_is_open_or_another_theme_was_chosen(recorded, iptui):
    async with iptui(size=(120, 40)) as seen:
        await seen.loaded()
        await seen.press("slash")
        await seen.until(lambda: seen.tree.region.y > 3, "the search line")
        assert still(seen) is None
        await seen.press("escape")
        await seen.until(lambda: still(seen) is not None, "a still")
        seen.app.theme = "nord"
        assert still(seen) is None


async def test_there_is_none_while_the_screen_is_being_taken_apart(recorded, iptui):
    async with iptui(size=(120, 40)) as seen:
        await seen.loaded()
        await seen.app.main.query_one("#left").remove_children()
        assert still(seen) is None
        assert still_of(seen.app, None) is None
