"""A start shows what the last one read, marked as old, until it is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.snapshot import Snapshots

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    import pytest

    from instance_profiles.inventory.snapshot import Place
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


async def test_the_files_are_read_once_though_the_caller_is_told_again_with_the_name_of_its_account(
    instances_later: asyncio.Event, iptui: Iptui, monkeypatch: pytest.MonkeyPatch
) -> None:
    instances_later.set()
    await one_whole_run(iptui)
    asked: list[str] = []
    read = Snapshots.read

    def counted(snapshots: Snapshots, account: str) -> Iterator[Place]:
        asked.append(account)
        return read(snapshots, account)

    monkeypatch.setattr(Snapshots, "read", counted)
    async with iptui() as at:
        assert "acme-test" in at.text
        assert asked == list(at.app.store.inventory.callers)
