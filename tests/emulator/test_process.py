"""The emulator as a process: it says where it listens, and ends with whoever started it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "instance_profiles.emulator"]


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    line = process.stdout.readline()
    found = re.fullmatch(r"iptui emulator listening on http://127\.0\.0\.1:(\d+)\n", line)
    assert found, line
    return int(found[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_ends_when_its_standard_input_ends():
    process = _start("--until-stdin-closes")
    port = _port(process)
    assert _listens(port)
    assert process.stdin
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    assert not _listens(port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_to(number: signal.Signals):
    process = _start()
    _port(process)
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    _, errors = process.communicate()
    assert errors == ""


def test_it_is_gone_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import subprocess, sys, time\n"
                f"child = subprocess.Popen({[*COMMAND, '--until-stdin-closes']!r}, stdin=subprocess.PIPE)\n"
                "print(child.pid, flush=True)\n"
                "time.sleep(600)"
            ),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert "listening on" in parent.stdout.readline()
    parent.kill()
    parent.wait(timeout=30)
    deadline = time.monotonic() + 30
    while _is_alive(child):
        assert time.monotonic() < deadline
        os.sched_yield()


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_port_that_is_taken_is_one_plain_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = _start("--port", str(port))
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith(f"Cannot listen on 127.0.0.1, port {port}: ")
    assert errors.count("\n") == 1


def test_a_fleet_that_is_not_there_is_one_plain_sentence():
    process = _start("--fleet", "no-such-fleet")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert errors == (
        "There is no fleet 'no-such-fleet' that can be read: give a TOML file or one of demo, demo-partial.\n"
    )


def test_nothing_but_the_sdk_is_answered():
    process = _start("--until-stdin-closes")
    port = _port(process)
    with pytest.raises(OSError, match="403"):
        urlopen(f"http://127.0.0.1:{port}/")
    assert process.stdin
    process.stdin.close()
    process.wait(timeout=30)
