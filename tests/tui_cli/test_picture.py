"""The picture for the next start: what is in it, and whose start it is shown to."""

from __future__ import annotations

import stat

import pytest

from instance_profiles.aws.account import AwsAccount
from tests.tui_cli.aws_place import ACCOUNT
from tui.mutes import mutes_of
from tui.picture import PictureSource, last_picture
from tui.picturing import MOST_LINES, leave_behind
from tui.store import Store
from tui.workspace import open_workspace


async def read_and_leave(resolved):
    """Read everything, as the screen does, and leave what the next start needs; what was found."""
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        store = Store(workspace.inventory, mutes=mutes_of(resolved.settings))
        store.judge()
        await leave_behind(workspace, store, lambda _picture: None)
    return store


@pytest.fixture
async def after_a_run(settings, aws):
    resolved = settings(aws)
    return resolved, await read_and_leave(resolved)


async def test_it_says_what_the_first_view_said_but_not_why(after_a_run):
    resolved, store = after_a_run
    picture = last_picture(resolved)
    assert picture.account_id == ACCOUNT
    assert picture.counts == store.counts()
    source = PictureSource(picture.lines)
    below = {source.row(key).label: source.row(key) for key in source.children("profiles")}
    assert below["left-over"].severity == "warning"
    assert not any(row.cause for row in below.values())
    finding = next(one for one in store.findings if one.object.name == "left-over")
    [path] = resolved.paths.snapshots.glob("*.picture")
    assert finding.cause not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_of_many_rows_it_has_as_many_as_a_screen_may_have(settings, aws, monkeypatch):
    monkeypatch.setattr("tui.picturing.MOST_LINES", 2)
    resolved = settings(aws)
    await read_and_leave(resolved)
    assert len(last_picture(resolved).lines) == 2 < MOST_LINES


async def test_nobody_else_sees_it(after_a_run, settings, aws, monkeypatch):
    resolved, _ = after_a_run
    assert last_picture(settings(aws, named_profiles=("other",))) is None
    assert last_picture(settings(aws, regions=("eu-west-1",))) is None
    assert last_picture(settings(aws, snapshot=False)) is None
    assert last_picture(settings(aws)) == last_picture(resolved)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE")
    assert last_picture(resolved) is None


async def test_with_other_mutes_it_would_say_what_is_not_to_be_shown(after_a_run, tmp_path, settings, aws):
    folder = tmp_path / "CONFIG"
    folder.mkdir()
    (folder / "config.toml").write_text('[[mute]]\nobject = "left-over"\nreason = "known"\n')
    muting = settings(aws)
    assert muting.settings.mute
    assert last_picture(muting) is None


async def test_a_narrowed_run_leaves_that_of_the_whole_one(after_a_run, settings, aws):
    resolved, _ = after_a_run
    before = last_picture(resolved)
    await read_and_leave(settings(aws, regions=("eu-west-1",)))
    assert last_picture(resolved) == before


async def test_that_of_credentials_which_may_be_anybodys_is_forgotten(after_a_run, monkeypatch):
    async def from_a_program(_account):
        return "custom-process"

    resolved, _ = after_a_run
    assert last_picture(resolved)
    monkeypatch.setattr(AwsAccount, "credentials_method", from_a_program)
    await read_and_leave(resolved)
    assert last_picture(resolved) is None
    assert not list(resolved.paths.snapshots.glob("*.picture"))


async def test_a_damaged_file_is_refused_and_written_anew(after_a_run, caplog):
    resolved, _ = after_a_run
    [path] = resolved.paths.snapshots.glob("*.picture")
    whole = path.read_text()
    for damaged in (
        whole[:-20],
        whole.replace("iptui.picture/", "iptui.picture/0"),
        whole.replace("warning", "worse"),
    ):
        path.write_text(damaged)
        assert last_picture(resolved) is None
    path.write_text(whole.replace('"good_for":"', '"good_for":"0'))
    assert last_picture(resolved) is None
    assert caplog.text.count("written anew") == 3
    await read_and_leave(resolved)
    assert last_picture(resolved)


async def test_a_folder_that_cannot_be_written_ends_nothing(settings, aws, monkeypatch, caplog):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("instance_profiles.inventory.whole_file.os.fsync", full)
    resolved = settings(aws)
    await read_and_leave(resolved)
    assert last_picture(resolved) is None
    assert "no space left" in caplog.text
