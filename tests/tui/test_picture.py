"""A start begins with what stood on the screen the last time, and goes over to what is there now."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from config.settings import resolve
from instance_profiles.inventory.snapshot import Snapshots
from tests.tui.seeing import Seen
from tests.tui.test_instant_start import Who, one_whole_run, who
from tui.app import IptuiApp
from tui.headline import title_of
from tui.picture import PictureSource, last_picture
from tui.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from instance_profiles.inventory.snapshot import Place

    Iptui = Callable[..., AbstractAsyncContextManager[Seen]]

__all__ = ["who"]
LEFT_OVER = "    ▸ ▲ left-over"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What the last time left is read from disk while this is set, or as soon as it is."""
    may_be_read, read = threading.Event(), Snapshots.read
    may_be_read.set()

    def later(snapshots: Snapshots, account: str) -> Iterator[Place]:
        may_be_read.wait(60)
        yield from read(snapshots, account)

    monkeypatch.setattr(Snapshots, "read", later)
    yield may_be_read
    may_be_read.set()


@pytest.fixture
async def start(
    who: Who, files: threading.Event, iptui: Iptui
) -> Callable[[], AbstractAsyncContextManager[Seen]]:
    """A second start, on its main screen, while AWS is silent and nothing has been read from disk."""
    await one_whole_run(iptui)
    files.clear()
    who.answers.clear()

    @asynccontextmanager
    async def start() -> AsyncIterator[Seen]:
        async with iptui(wait=False, remembering=True) as at:
            await at.wait("as of", "left-over")
            yield at
            files.set()

    return start


def signs(at: Seen) -> list[str]:
    """What stands left in the tree."""
    return [line[:30].rstrip() for line in at.lines[3:12]]


async def test_the_first_frame_shows_what_the_last_one_did(who: Who, iptui: Iptui, tmp_path: Path) -> None:
    async with iptui(remembering=True) as at:
        await at.until(lambda: not any(one.group == "snapshot" for one in at.app.workers), "waited for files")
        before = signs(at)
    folders = {f"IPTUI_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    resolved, go_on = resolve({}, folders), threading.Event()
    app = IptuiApp(resolved, lambda: open_workspace(resolved), go_on.wait, picture=last_picture(resolved))
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            at = Seen(app, pilot)
            await at.wait("as of", "asking AWS who calls", "acme-test", "5 instances", "4 errors")
            assert app.screen is app.opening
            assert signs(at) == before
            assert LEFT_OVER[2:] in at.text
    finally:
        go_on.set()


async def test_the_cursor_stays_where_it_was_moved_to(
    start: Callable[[], AbstractAsyncContextManager[Seen]], files: threading.Event
) -> None:
    async with start() as at:
        store = at.app.store
        assert not len(store.inventory.instance_profiles)
        assert store.picture is not None
        await at.press("down", "down", "down")
        chosen = at.tree.cursor_key
        assert "left-over" in at.row("left-over")
        assert "no role" not in at.text
        files.set()
        await at.until(lambda: store.picture is None, "waited for the data")
        await at.wait("no role")
        assert at.tree.cursor_key == chosen
        assert at.app.main.selected is not None
        assert at.app.main.selected.ref is not None
        assert at.app.main.selected.ref.name == "left-over"


async def test_what_is_not_judged_yet_is_not_said_to_be_in_order(
    start: Callable[[], AbstractAsyncContextManager[Seen]],
    monkeypatch: pytest.MonkeyPatch,
    files: threading.Event,
) -> None:
    monkeypatch.setattr("tui.store.Store.judge_some", lambda *_: False)
    async with start() as at:
        files.set()
        await at.until(lambda: len(at.app.store.inventory.instances), "waited for the data")
        await at.stand_on("AIPAJQ4GXM7RG3H55MZ63")
        await at.wait("judged anew", gone="Nothing is wrong")
        await at.press("f")
        await at.wait("Wait a moment")


async def test_what_is_still_being_taken_in_is_neither_in_order_nor_progress(
    start: Callable[[], AbstractAsyncContextManager[Seen]],
    monkeypatch: pytest.MonkeyPatch,
    files: threading.Event,
    who: Who,
) -> None:
    monkeypatch.setattr("tui.store.Store.judge_some", lambda *_: False)
    async with start() as at:
        await at.press("2")  # without the picture
        files.set()
        await at.until(lambda: len(at.app.store.inventory.instances), "waited for the data")
        await at.stand_on("AIPAJQ4GXM7RG3H55MZ63")
        await at.press("f")
        said = [one.message for one in at.app._notifications]
        assert said == ["Still reading; nothing wrong was seen with left-over so far."]
        who.answers.set()
        await at.wait("reading", gone="asking AWS")
        assert title_of(at.app.store, read_only=False).progress == (0, 0)


async def test_another_view_shows_what_is_there(
    start: Callable[[], AbstractAsyncContextManager[Seen]], files: threading.Event
) -> None:
    async with start() as at:
        await at.press("3")
        await at.wait(gone="left-over")
        assert at.app.store.picture is None
        files.set()
        await at.press("2")
        await at.wait("Instance profiles")
        assert not isinstance(at.tree.source, PictureSource)


async def test_whoever_wants_more_than_it_has_gets_the_whole_tree(
    start: Callable[[], AbstractAsyncContextManager[Seen]], files: threading.Event
) -> None:
    async with start() as at:
        await at.press("asterisk")
        await at.until(lambda: at.app.store.picture is None, "waited for the whole tree")
        files.set()
        await at.wait("left-over", "no role")


async def test_where_the_files_are_gone_it_goes_once_aws_has_answered(
    start: Callable[[], AbstractAsyncContextManager[Seen]],
    who: Who,
    files: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Snapshots, "read", lambda *_: iter(()))
    async with start() as at:
        who.answers.set()
        await at.loaded()
        text = await at.wait("no role", gone="as of")
        assert "asking AWS" not in text
        assert at.app.store.picture is None
