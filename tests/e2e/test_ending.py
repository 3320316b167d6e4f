"""However the program ends, the terminal, the journal and the machine are left in order."""

from __future__ import annotations

import json
import signal
import threading

import pytest

from tests.e2e.processes import children_of, runs
from tests.e2e.searching import search
from tests.e2e.terminal import Terminal
from tests.tui_cli.aws_place import served


@pytest.fixture
def silent():
    """An AWS that never answers."""
    with served() as place:
        place.world.hang()
        yield place


@pytest.mark.parametrize("key", ["ctrl+c", "q"])
def test_the_keys_answer_while_aws_does_not(program, silent, key):
    with Terminal(environ={**program.environment, **silent.environment}) as terminal:
        terminal.wait_for("iptui", "quit")
        silent.wait_for("GetCallerIdentity")
        terminal.press(key)
        assert terminal.wait_exit() in (0, 130)
        assert terminal.is_restored
    assert "Traceback" not in terminal.text()


def test_told_to_end_it_puts_the_terminal_in_order(program):
    with Terminal("--demo", environ=program.environment) as terminal:
        terminal.wait_for("Instance profiles")
        terminal.process.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert terminal.is_restored


def kill_while_applying(iptui, aws):
    """Add a role to `worker`, and be killed before the answer to the call arrives."""
    with Terminal(environ=iptui.environment) as terminal:
        terminal.wait_for("Instance profiles", "s ago")
        search(terminal, "worker", gone="left-over")
        terminal.press("f")
        terminal.wait_for("Fix worker", "Type the name to go on: worker")
        aws.world.hang(operation="AddRoleToInstanceProfile")
        terminal.press("worker", "enter")
        aws.wait_for("AddRoleToInstanceProfile")
        terminal.process.kill(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    aws.world.recover()


def recovered(iptui):
    """The interrupted entry, and what came of each of its calls."""
    (entry,) = json.loads(iptui.run("journal", "recover", "--format", "json").out)["entries"]
    return entry, [call["happened"] for call in entry["recovery"]["calls"]]


def test_killed_before_aws_took_the_call_recover_says_that_it_did_not_happen(iptui, aws):
    """The intent is on disk before the call, so what was cut off is found, and what came of it is read."""
    kill_while_applying(iptui, aws)
    (entry,) = json.loads(iptui.run("journal", "list", "--format", "json").out)["entries"]
    assert (entry["state"], entry["recipe"]) == ("interrupted", "add-role")
    found, happened = recovered(iptui)
    assert found["id"] == entry["id"]
    assert happened == ["not"]
    assert "did not" in iptui.run("journal", "recover").out


def test_killed_after_aws_took_the_call_recover_says_that_it_happened(iptui, aws):
    """AWS did it; only the answer got lost."""
    kill_while_applying(iptui, aws)
    account = aws.world.account
    (worker,) = (held for held in account.instance_profiles.values() if held.name == "worker")
    (worker.role,) = (role for role in account.roles.values() if role.name == "worker")
    aws.world.changed()
    assert recovered(iptui)[1] == ["happened"]


def test_killed_the_demo_leaves_no_process_behind(program):
    with Terminal("--demo", environ=program.environment) as terminal:
        terminal.wait_for("Instance profiles")
        started = children_of(terminal.process.pid)
        assert started
        terminal.process.kill(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    pause = threading.Event()
    while any(runs(pid) for pid in started):  # the test's timeout ends this if it never comes true
        pause.wait(0.02)


def test_the_program_ends_with_its_terminal_where_no_signal_tells_it(program):
    with Terminal("--demo", environ=program.environment, ignoring=signal.SIGHUP) as terminal:
        terminal.wait_for("Instance profiles")
        (pid, *started) = (terminal.process.pid, *children_of(terminal.process.pid))
        assert started
        terminal.process.fileobj.close()
        pause = threading.Event()
        while any(runs(one) for one in (pid, *started)):  # as above
            pause.wait(0.02)
