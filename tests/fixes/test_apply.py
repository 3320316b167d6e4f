"""Stopping, rolling back, dry runs, the journal's refusal, and connections that break for real."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from instance_profiles.aws.errors import Rejected
from instance_profiles.fixes.apply import apply, roll_back
from instance_profiles.fixes.journal import Journal
from instance_profiles.fixes.plan import Check
from instance_profiles.fixes.plan_json import plan_json
from tests.fixes.bench import Bench, Trouble, connected
from tests.fixes.cases import CASES, attached, holds
from tests.fixes.estate import profile, shape

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from instance_profiles.fixes.outcome import Progress
    from instance_profiles.fixes.plan import Plan

BY_ID = {case.id: case for case in CASES}


async def stopped_after(bench: Bench, plan: Plan, calls: int) -> Any:
    """Apply and ask to stop once so many calls are done."""
    stop = asyncio.Event()
    done: set[int] = set()

    def observe(progress: Progress) -> None:
        if progress.state == "done":
            done.add(progress.step)
        if len(done) == calls:
            stop.set()

    return await apply(plan, bench.account, bench.journal, observe=observe, stop=stop, timing=bench.timing)


async def test_stopping_ends_after_the_current_call_and_keeps_what_is_done(bench: Bench) -> None:
    plan = BY_ID["reattach-running"].plan(bench)
    outcome = await stopped_after(bench, plan, 1)
    assert outcome.result == "stopped"
    assert [call.state for call in outcome.calls] == ["done", "not-sent"]
    assert {state for _, _, state in attached(bench.world, "crawl")} <= {"disassociating"}
    assert bench.journal.entries()[0].state == "interrupted"
    assert plan_json(plan, outcome)["result"] == "failed"


async def test_what_was_stopped_can_be_taken_back(bench: Bench) -> None:
    before = shape(bench.world)
    plan = BY_ID["delete-instance-profile"].plan(bench)
    outcome = await stopped_after(bench, plan, 1)
    assert profile(bench.world, "unused").role is None
    back = await roll_back(plan, outcome, bench.account, bench.journal, timing=bench.timing)
    assert back.result == "rolled-back"
    assert [call.state for call in back.calls] == ["rolled-back", "not-sent"]
    assert shape(bench.world) == before
    assert [entry.state for entry in bench.journal.entries()] == ["rolled-back"]


async def test_stopping_does_not_wait_for_what_takes_minutes(bench: Bench) -> None:
    """EC2 does not see the new instance profile for long; the person has enough of waiting."""
    bench.world.timing.propagation = 10_000.0
    plan = BY_ID["create-for-orphans"].plan(bench)
    stop = asyncio.Event()

    def observe(progress: Progress) -> None:
        if "Invalid IAM Instance Profile" in progress.detail:
            stop.set()

    started = bench.world.clock.now()
    outcome = await apply(plan, bench.account, bench.journal, observe=observe, stop=stop, timing=bench.timing)
    assert bench.world.clock.now() - started < 60
    assert outcome.result == "stopped"
    assert profile(bench.world, "reporting").role is not None
    assert attached(bench.world, "orphan-1") != []


async def test_an_instance_that_was_just_detached_is_attached_again(bench: Bench) -> None:
    before = shape(bench.world)
    plan = BY_ID["reattach-running"].plan(bench)
    outcome = await stopped_after(bench, plan, 1)
    back = await roll_back(plan, outcome, bench.account, bench.journal, timing=bench.timing)
    assert back.result == "rolled-back"
    bench.world.clock.advance(60)
    assert shape(bench.world) == before


async def test_stopping_before_anything_is_done_changes_nothing(bench: Bench) -> None:
    stop = asyncio.Event()
    stop.set()
    before = shape(bench.world)
    plan = BY_ID["add-role"].plan(bench)
    outcome = await bench.apply(plan, stop)
    assert outcome.result == "stopped"
    assert shape(bench.world) == before
    assert bench.journal.entries() == ()
    back = await roll_back(plan, outcome, bench.account, bench.journal, timing=bench.timing)
    assert back.result == "rolled-back"


async def test_a_failed_check_refuses_whoever_asks(bench: Bench) -> None:
    plan = msgspec.structs.replace(
        BY_ID["add-role"].plan(bench), checks=(Check("role trusts EC2", "failed", "It does not."),)
    )
    outcome = await bench.apply(plan)
    assert (outcome.result, outcome.journal) == ("refused", None)
    assert bench.writes() == []


async def test_nothing_is_sent_whose_intent_is_not_on_disk(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    bench.journal = Journal(tmp_path / "in-the-way" / "journal.jsonl")
    outcome = await bench.apply(BY_ID["add-role"].plan(bench))
    assert outcome.result == "refused"
    assert "cannot be written" in outcome.message
    assert bench.writes() == []


async def test_attaching_is_rehearsed_before_detaching(bench: Bench) -> None:
    """Nobody loses credentials to a missing iam:PassRole."""
    before = shape(bench.world)
    bench.world.deny("iam:PassRole")
    outcome = await bench.apply(BY_ID["reattach-running"].plan(bench))
    assert outcome.result == "refused"
    assert "iam:PassRole" in outcome.message
    assert bench.writes() == ["AssociateIamInstanceProfile"]
    assert shape(bench.world) == before
    assert [entry.state for entry in bench.journal.entries()] == ["failed"]
    assert bench.journal.entries()[0].done == ()


async def test_a_new_instance_profile_is_waited_for_until_ec2_sees_it(bench: Bench) -> None:
    bench.world.timing.propagation = 150.0
    outcome = await bench.apply(BY_ID["create-for-orphans"].plan(bench))
    assert outcome.result == "applied"
    assert any("Invalid IAM Instance Profile" in progress.detail for progress in bench.seen)
    assert holds(bench.world, "orphan-1", "reporting")


async def test_patience_with_a_new_instance_profile_ends(bench: Bench) -> None:
    before = shape(bench.world)
    bench.world.timing.propagation = 10_000.0
    outcome = await bench.apply(BY_ID["create-for-orphans"].plan(bench))
    assert outcome.result == "rolled-back"
    assert "Invalid IAM Instance Profile" in outcome.message
    assert shape(bench.world) == before


async def test_concurrent_modification_is_waited_for(bench: Bench) -> None:
    busy = Rejected("Busy.", code="ConcurrentModification", message="try later", http_status=409)
    bench.account.troubles = [Trouble("AddRoleToInstanceProfile", busy, times=3)]
    outcome = await bench.apply(BY_ID["add-role"].plan(bench))
    assert outcome.result == "applied"


async def test_what_does_not_show_in_time_is_unverified_not_applied(bench: Bench) -> None:
    bench.world.account.roles["web"].trust = bench.world.account.roles["mailer"].trust
    bench.world.changed()
    outcome = await bench.apply(BY_ID["attach"].plan(bench))
    assert outcome.result == "unverified"
    assert "associating" in outcome.message
    assert bench.journal.entries()[0].state == "applied"


async def test_a_call_of_which_nothing_can_be_told_leaves_the_entry_to_recovery(bench: Bench) -> None:
    plan = BY_ID["add-role"].plan(bench)
    lost = Rejected("Server trouble.", http_status=503)
    bench.account.troubles = [
        Trouble("AddRoleToInstanceProfile", lost, after=True),
        Trouble("GetInstanceProfile", lost, times=100, skip=2),
    ]
    outcome = await bench.apply(plan)
    assert outcome.result == "unverified"
    assert outcome.calls[0].state == "unknown"
    assert bench.journal.entries()[0].state == "interrupted"


async def test_progress_tells_each_stage_of_each_call(bench: Bench) -> None:
    await bench.apply(BY_ID["swap-role"].plan(bench))
    stages = [(progress.step, progress.state) for progress in bench.seen]
    assert stages.index((0, "checking")) < stages.index((0, "sending")) < stages.index((0, "done"))
    assert stages.index((0, "done")) < stages.index((1, "sending")) < stages.index((1, "done"))


@pytest.mark.parametrize("case_id", ["add-role", "attach", "replace-association", "enable-imds"])
async def test_a_connection_cut_after_the_request_is_found_out_although_the_sdk_tries_again(
    bench: Bench, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK repeats a call whose answer was lost, and then meets the effect of the first."""
    case = BY_ID[case_id]
    plan = case.plan(bench)
    async with cutting_once(bench, case.calls[0]) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        async with connected() as account:
            bench.account = account
            outcome = await bench.apply(plan)
    assert outcome.result == "applied"
    assert case.healthy(bench.world)


@asynccontextmanager
async def cutting_once(bench: Bench, operation: str) -> AsyncIterator[str]:
    """A proxy that hands one real request of an operation on, and cuts the line instead of answering."""
    host, _, port = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://").rpartition(":")
    left = [1]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = _length(head)
                body = await reader.readexactly(size)
                answer = await _forward(host, int(port), head, body)
                real = f"Action={operation}&".encode() in body and b"DryRun=true" not in body
                if real and left[0]:
                    left[0] = 0
                    return
                writer.write(answer)
                await writer.drain()
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert left == [0], "the line was not cut"
    finally:
        server.close()


async def _forward(host: str, port: int, head: bytes, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    lines.insert(1, b"Connection: close")
    writer.write(b"\r\n".join(lines) + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer


def _length(head: bytes) -> int:
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(lengths[0].partition(b":")[2]) if lengths else 0
