"""Who called last: remembered for the way that was gone, and for no other."""

from __future__ import annotations

import asyncio
import stat
import time

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.errors import CredentialsExpired
from instance_profiles.inventory.model import Caller
from tests.tui_cli.aws_place import ACCOUNT
from tui.last_time import LastTime, last_times, note
from tui.workspace import open_workspace

LAST = LastTime(Caller(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/me", "AIDA1", "aws"), (ACCOUNT, "AIDA1", "a"))


@pytest.fixture
async def after_a_run(settings, aws):
    """The settings of a person whose account was read once."""
    resolved = settings(aws)
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        await workspace.keep_snapshot()
    return resolved


async def test_the_next_start_knows_who_called_and_finds_what_was_read(after_a_run):
    [last] = last_times(after_a_run)
    assert last.caller.account == ACCOUNT
    places = {place.region: place for place in last.places(after_a_run)}
    assert next(iter(places)) is None
    assert {"eu-west-1", "us-east-1"} <= set(places)
    async with open_workspace(after_a_run) as workspace:
        assert await workspace.is_as([last])


async def test_other_keys_or_another_named_profile_know_nobody(after_a_run, settings, aws, monkeypatch):
    assert last_times(settings(aws, named_profiles=("other",))) == ()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE")
    assert last_times(after_a_run) == ()


async def test_a_narrowed_run_finds_its_regions_only(after_a_run, settings, aws):
    resolved = settings(aws, regions=("eu-west-1",))
    [last] = last_times(resolved)
    assert [place.region for place in last.places(resolved)] == [None, "eu-west-1"]


async def test_nothing_is_remembered_where_nothing_is_to_be_kept(after_a_run, settings, aws):
    assert last_times(settings(aws, snapshot=False)) == ()


async def test_a_config_that_was_changed_during_the_run_is_not_taken_for_the_one_that_was_read(
    settings, aws, tmp_path
):
    resolved = settings(aws)
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        (tmp_path / "config").write_text("[default]\nregion = eu-west-1\n")
        await workspace.keep_snapshot()
    assert last_times(resolved) == ()


@pytest.mark.parametrize("trouble", [None, CredentialsExpired("The credentials have expired.")])
async def test_credentials_that_may_be_anybodys_are_not_remembered_and_forgotten_if_they_were(
    after_a_run, monkeypatch, trouble
):
    async def from_a_program(_account):
        if trouble is not None:
            raise trouble
        return "custom-process"

    assert last_times(after_a_run)
    monkeypatch.setattr(AwsAccount, "credentials_method", from_a_program)
    async with open_workspace(after_a_run) as workspace:
        await workspace.load_all()
        await workspace.keep_snapshot()
    assert last_times(after_a_run) == ()


async def test_whoever_leaves_does_not_wait_for_the_rests_of_the_writing(settings, aws, monkeypatch):
    monkeypatch.setattr("tui.workspace._REST_SECONDS", 600)
    resolved = settings(aws)
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        writing = asyncio.create_task(workspace.keep_snapshot())
        await asyncio.sleep(0.05)
        assert not writing.done()
        workspace.leave()
        await asyncio.wait_for(writing, 60)
    assert last_times(resolved)
    async with open_workspace(resolved) as workspace:
        pass
    workspace._rest()  # at once


async def test_another_caller_is_not_taken_for_the_last_one(after_a_run):
    [last] = last_times(after_a_run)
    async with open_workspace(after_a_run) as workspace:
        for owner in ((ACCOUNT, "AIDA-OTHER", *last.owner[2:]), (*last.owner[:2], "https://other", "a")):
            assert not await workspace.is_as([LastTime(last.caller, owner)])
        elsewhere = Caller("999999999999", last.caller.arn, last.caller.user_id, "aws")
        assert not await workspace.is_as([last, LastTime(elsewhere, last.owner)])


async def test_who_cannot_be_asked_is_not_taken_for_the_last_one(after_a_run, monkeypatch):
    [last] = last_times(after_a_run)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    async with open_workspace(after_a_run) as workspace:
        assert not await workspace.is_as([last])


async def test_who_calls_is_asked_once_for_the_check_and_the_load_and_anew_by_the_next(after_a_run):
    last = last_times(after_a_run)
    async with open_workspace(after_a_run) as workspace:
        await workspace.is_as(last)
        await workspace.load_all()
        assert workspace.requests()["sts:GetCallerIdentity"] == 1
        await workspace.load_all()
        assert workspace.requests()["sts:GetCallerIdentity"] == 2


async def test_the_file_is_for_its_owner_alone_and_refused_when_damaged(after_a_run, caplog):
    [path] = after_a_run.paths.snapshots.glob("*.caller")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "wJalr" not in path.read_text()
    path.write_text(path.read_text().replace('"way":"', '"way":"0'))
    assert last_times(after_a_run) == ()
    path.write_bytes(b'{"schema":"iptui.last-time/9"}')
    assert last_times(after_a_run) == ()
    assert "written anew" in caplog.text


def test_keys_that_last_an_hour_do_not_fill_the_folder(settings, aws, monkeypatch):
    resolved = settings(aws)
    for number in range(60):
        note(resolved, f"{number:02}{62 * '0'}", LAST)
        time.sleep(0.002)
    left = {path.name for path in resolved.paths.snapshots.iterdir()}
    assert len(left) == 50
    assert f"59{30 * '0'}.caller" in left
