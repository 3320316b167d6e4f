"""A start shows what the last one read, marked as old, until it is read anew."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.errors import CredentialsExpired
from instance_profiles.inventory.model import Caller
from instance_profiles.inventory.snapshot import Snapshots
from tests.tui.conftest import ACCOUNT, FIRST_EVENTS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from instance_profiles.inventory.model import LoadEvent
    from instance_profiles.inventory.snapshot import Place
    from tests.tui.seeing import Seen

    Iptui = Callable[..., AbstractAsyncContextManager[Seen]]


class Who:
    """What AWS answers when it is asked who calls, once `answers` is set; with `trouble` that is raised."""

    def __init__(self) -> None:
        caller = next(event for event in FIRST_EVENTS if isinstance(event, Caller))
        self.said = {"Account": caller.account, "Arn": caller.arn, "UserId": caller.user_id}
        self.trouble: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()


@pytest.fixture
def who(instances_later: asyncio.Event, monkeypatch: pytest.MonkeyPatch) -> Who:
    who = Who()

    async def identity(_account: AwsAccount, *, fresh: bool = False) -> dict[str, str]:
        await who.answers.wait()
        if who.trouble is not None:
            raise who.trouble
        return who.said

    monkeypatch.setattr(AwsAccount, "identity", identity)
    instances_later.set()
    return who


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts whose files are read, each time they are."""
    accounts: list[str] = []
    read = Snapshots.read

    def counted(snapshots: Snapshots, account: str) -> Iterator[Place]:
        accounts.append(account)
        return read(snapshots, account)

    monkeypatch.setattr(Snapshots, "read", counted)
    return accounts


def left_over(at: Seen) -> str:
    """The end of the key of the row of an instance profile that has a fault."""
    found = at.app.store.inventory.instance_profile_by_name(ACCOUNT, "left-over")
    assert found is not None
    return found.instance_profile_id


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
    instances_later: asyncio.Event, iptui: Iptui, asked: list[str]
) -> None:
    instances_later.set()
    await one_whole_run(iptui)
    asked.clear()
    async with iptui() as at:
        assert "acme-test" in at.text
        assert asked == list(at.app.store.inventory.callers)


async def test_the_last_data_is_shown_before_aws_says_who_calls_and_gone_on_with_then(
    who: Who, iptui: Iptui, asked: list[str]
) -> None:
    await one_whole_run(iptui)
    asked.clear()
    who.answers.clear()
    async with iptui(wait=False, remembering=True) as at:
        await at.wait("as of", "acme-test", "left-over")
        app = at.app
        assert app.workspace is None
        assert app.store.loading
        shown = app.store.inventory
        assert "asking AWS who calls" in at.text
        await at.stand_on(left_over(at))
        for key in ("f", "a", "u"):
            app.clear_notifications()
            await at.press(key)
            await at.wait("Wait until AWS has answered.")
            assert app.screen is app.main
        who.answers.set()
        await at.until(lambda: not app.store.loading, "waited for the new data")
        text = await at.wait(gone="as of")
        assert "asking AWS" not in text
        assert app.workspace.inventory is app.store.inventory is shown
        assert asked == [ACCOUNT]


@pytest.mark.parametrize("what", ["another caller", "no answer"])
async def test_of_another_caller_nothing_stays(
    who: Who, iptui: Iptui, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    await one_whole_run(iptui)
    who.answers.clear()
    other = Caller("999999999999", "arn:aws:iam::999999999999:user/other", "AIDAOTHER", "aws")

    async def load(*_account_and_regions: object) -> AsyncIterator[LoadEvent]:
        if what == "another caller":
            yield other

    monkeypatch.setattr("tui.workspace.load", load)
    async with iptui(wait=False, remembering=True) as at:
        await at.wait("left-over")
        shown = at.app.store.inventory
        await at.stand_on(left_over(at))
        if what == "another caller":
            who.said = {"Account": other.account, "Arn": other.arn, "UserId": other.user_id}
        else:
            who.trouble = CredentialsExpired("The credentials have expired.")
        who.answers.set()
        await at.until(lambda: at.app.store.inventory is not shown, "waited for another inventory")
        await at.until(lambda: not at.app.store.loading, "waited for the end of the load")
        text = await at.wait(gone="left-over")
        assert ACCOUNT not in at.app.store.inventory.callers
        assert "acme-test" not in text
        assert "as of" not in text
        assert not at.app.store.findings


async def test_files_that_are_read_after_it_turned_out_that_another_calls_are_not_shown(
    who: Who, iptui: Iptui, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one_whole_run(iptui)
    who.answers.clear()
    is_known, read = threading.Event(), Snapshots.read

    def slowly(snapshots: Snapshots, account: str) -> Iterator[Place]:
        for number, place in enumerate(read(snapshots, account)):
            if number:
                is_known.wait(60)
            yield place

    async def load(*_account_and_regions: object) -> AsyncIterator[LoadEvent]:
        yield Caller("999999999999", "arn:aws:iam::999999999999:user/other", "AIDAOTHER", "aws")

    monkeypatch.setattr(Snapshots, "read", slowly)
    monkeypatch.setattr("tui.workspace.load", load)
    async with iptui(wait=False, remembering=True) as at:
        await at.wait("left-over")
        shown = at.app.store.inventory
        who.said = {**who.said, "Account": "999999999999"}
        who.answers.set()
        await at.until(lambda: at.app.store.inventory is not shown, "waited for another inventory")
        is_known.set()
        await at.until(
            lambda: not any(worker.group == "start" for worker in at.app.workers), "waited for the files"
        )
        assert at.app.store.as_of is None
