"""The journal on disk: durable, private, shared, and never more than it knows."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.calls import edit_named_profile
from instance_profiles.fixes.currents import CurrentAssociation, NewVersion
from instance_profiles.fixes.journal import Journal, JournalUnwritable
from instance_profiles.fixes.journal_entry import entry_json
from instance_profiles.fixes.journal_lines import Opened
from instance_profiles.fixes.plan import Call, Plan, Step
from instance_profiles.inventory.model import ObjectRef

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixes.bench import Bench

SUBJECT = ObjectRef("instance", "111122223333", "eu-west-1", "i-0a", "web-1")
INVERSE = Call("ec2", "B", "eu-west-1", {"AssociationId": CurrentAssociation("eu-west-1", "i-0a")})


def a_plan(*calls: Call) -> Plan:
    return Plan("f1", "reattach", "Title", SUBJECT, SUBJECT.account, tuple(Step(call) for call in calls))


def opened(*calls: Call) -> Opened:
    return Opened(a_plan(*calls), "arn:aws:iam::111122223333:user/kim", None, {})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    moments = iter(datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=n) for n in range(1000))
    return Journal(tmp_path / "deep" / "journal.jsonl", clock=lambda: next(moments))


def test_without_a_file_there_are_no_entries(journal: Journal) -> None:
    assert journal.entries() == ()
    assert journal.entry("x") is None


def test_the_file_is_for_its_owner_alone(journal: Journal) -> None:
    with journal.open(opened()):
        pass
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_an_intent_without_result_is_an_interrupted_entry_whose_call_is_unknown(journal: Journal) -> None:
    call = Call("ec2", "A", "eu-west-1", {"DefaultVersion": NewVersion(4)}, INVERSE)
    with journal.open(opened(call)) as entry:
        entry.intent(
            step=0,
            direction="forward",
            service="ec2",
            operation="A",
            region="eu-west-1",
            parameters={"DefaultVersion": "4"},
            inverse=INVERSE,
        )
        assert journal.entries()[0].running
    (found,) = journal.entries()
    assert (found.state, found.running) == ("interrupted", False)
    assert found.calls[0].state == "unknown"
    assert found.calls[0].call.parameters == {"DefaultVersion": "4"}
    assert found.calls[0].inverse == INVERSE
    assert found.plan.steps[0].call == call


def test_a_torn_last_line_is_stepped_over_and_never_glued_to_the_next(journal: Journal) -> None:
    with journal.open(opened()) as entry:
        entry.close("applied", "")
    with journal.path.open("ab") as file:
        file.write(b'{"line":"end","id":"')
    assert [found.state for found in journal.entries()] == ["applied"]
    assert journal.damaged == 1
    with journal.open(opened()) as entry:
        entry.close("rolled-back", "")
    assert [found.state for found in journal.entries()] == ["applied", "rolled-back"]
    assert journal.damaged == 1


def test_ids_sort_by_time_and_are_found_by_their_beginning(journal: Journal) -> None:
    ids = []
    for _ in range(5):
        with journal.open(opened()) as entry:
            ids.append(entry.id)
    assert sorted(ids) == ids
    found = journal.entry(ids[2][:11])
    assert found is not None
    assert found.id == ids[2]
    assert journal.entry(ids[2][:3]) is None


def test_what_cannot_be_written_is_refused_and_leaves_no_half_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalUnwritable, match="cannot be written"):
        Journal(tmp_path / "file" / "journal.jsonl").open(opened())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110 - a device
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    link = tmp_path / "journal.jsonl"
    link.symlink_to("/dev/full")
    with pytest.raises(JournalUnwritable, match="No space left"):
        Journal(link).open(opened())


def test_several_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.fixes.test_journal import opened\n"
        "from instance_profiles.fixes.journal import Journal\n"
        "for _ in range(20):\n"
        "    with Journal(Path(sys.argv[1])).open(opened()) as entry: entry.close('applied', 'x' * 5000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    journal = Journal(path)
    assert len(journal.entries()) == 80
    assert journal.damaged == 0
    assert list(path.parent.glob(".journal*")) == []


def test_entries_show_as_scripts_want_them(journal: Journal) -> None:
    call = edit_named_profile("/home/kim/.aws/config", "nightly", "duration_seconds", "3600", "43200")
    with journal.open(opened(call)) as entry:
        entry.close("refused", "Denied.")
    shown = entry_json(journal.entries()[0])
    assert {key: shown[key] for key in ("id", "finding", "recipe", "account", "state")} == {
        "id": entry.id,
        "finding": "f1",
        "recipe": "reattach",
        "account": "111122223333",
        "state": "failed",
    }
    assert shown["started"].endswith("Z")
    assert shown["calls"][0]["outcome"]["state"] == "not-sent"
    json.dumps(shown)


async def test_the_records_hold_what_an_auditor_asks_for_and_no_credentials(bench: Bench) -> None:
    plan = bench.plan("add-role", bench.finding("profile-without-role", bench.profile_ref("crawler")))
    await bench.apply(plan)
    text = bench.journal.path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["line"] for line in lines] == ["plan", "intent", "result", "result", "end"]
    head, intent, result, shown, _ = lines
    assert head["caller"] == "arn:aws:iam::111122223333:user/kim"
    assert set(head["endpoints"]) == {"iam", "ec2", "autoscaling"}
    assert intent["parameters"] == {"InstanceProfileName": "crawler", "RoleName": "crawler"}
    assert intent["inverse"]["operation"] == "RemoveRoleFromInstanceProfile"
    assert intent["before_image"][0]["role"] is None
    assert (result["state"], result["http_status"]) == ("done", 200)
    assert result["request_id"]
    assert shown["after_image"][0]["role"]["role_name"] == "crawler"
    for secret in (bench.world.caller.access_key, bench.world.caller.secret_key):
        assert secret not in text
