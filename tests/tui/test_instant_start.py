"""A start shows what the last one read, marked as old, until it is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.seeing import Seen

    Iptui = Callable[..., AbstractAsyncContextManager[Seen]]


async def one_whole_run(iptui: Iptui, **settings: object) -> None:
    async with iptui(**settings) as at:
        await at.until(
            lambda: not any(worker.group == "snapshot" for worker in at.app.workers), "waited for the files"
        )


async def test_the_last_data_is_shown_as_old_until_it_is_read_anew(
    instances_later: asyncio.Event, iptui: Iptui
) -> None:
    instances_later.set()
    await one_whole_run(iptui)
    instances_later.clear()
    async with iptui(wait=False) as at:
        await at.wait("as of")
        store = at.app.store
        assert store.loading
        assert len(store.inventory.instances)
        assert store.counts()["error"]
        instances_later.set()
        await at.until(lambda: store.as_of is None and not store.loading, "waited for the new data")
        assert "as of" not in at.text


async def test_nothing_is_kept_where_that_is_turned_off(instances_later: asyncio.Event, iptui: Iptui) -> None:
    instances_later.set()
    await one_whole_run(iptui, snapshot=False)
    instances_later.clear()
    async with iptui(wait=False, snapshot=False) as at:
        await at.until(lambda: at.app.store.inventory.callers, "waited for the caller")
        assert at.app.store.as_of is None
        assert not len(at.app.store.inventory.instances)


async def test_a_load_that_ends_while_the_program_is_left_is_no_trouble(recorded: None, iptui: Iptui) -> None:
    async with iptui() as at:
        await at.app.main.remove_children()  # as leaving does, some moments before the clock stops
        at.app.main.data_changed()
        assert at.app.is_running
