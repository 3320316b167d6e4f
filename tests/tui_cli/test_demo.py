"""The demo: nothing of the person's own AWS takes part in it, and nothing of it stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
import tomli

from instance_profiles.findings.catalogue import RULES
from tests.tui_cli.running import ROOT
from tui.demo import demo_aws, start_demo


def listens(url):
    with socket.socket() as attempt:
        return attempt.connect_ex((urlsplit(url).hostname, urlsplit(url).port)) == 0


def test_the_environment_leads_to_the_demo_alone_and_comes_back(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_PROFILE", "prod")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://somewhere.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "https://elsewhere.example")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "mine"))
    before = dict(os.environ)
    with demo_aws() as url:
        assert listens(url)
        assert os.environ["AWS_ENDPOINT_URL"] == url
        assert os.environ["AWS_CONFIG_FILE"] != str(tmp_path / "mine")
        assert "AWS_PROFILE" not in os.environ
        assert "AWS_ENDPOINT_URL_IAM" not in os.environ
    assert dict(os.environ) == before
    assert not listens(url)


async def test_it_starts_beside_other_work_and_is_awaited_when_needed():
    with start_demo() as demo:
        assert "AWS_ENDPOINT_URL" not in os.environ or "127.0.0.1" not in os.environ["AWS_ENDPOINT_URL"]
        url = await demo.wait_ready()
        assert os.environ["AWS_ENDPOINT_URL"] == url


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_it_is_gone_with_its_folder_however_the_program_dies(number, program, tmp_path):
    code = (
        "import time\nfrom tui.demo import demo_aws\n"
        "with demo_aws() as url:\n    print(url, flush=True)\n    time.sleep(600)\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**program.environment, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as running:
        url = running.stdout.readline().strip()
        assert listens(url)
        assert [folder.name[:11] for folder in temporary.iterdir()] == ["iptui-demo-"]
        running.send_signal(number)
    pause = threading.Event()
    while listens(url) or any(temporary.iterdir()):  # the test's timeout ends this if it never comes true
        pause.wait(0.02)


@pytest.mark.parametrize("name", ["home", "iptui-demo-link", "iptui-demo-gone"])
def test_no_other_folder_is_ever_taken_away(name, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "kept").touch()
    (tmp_path / "iptui-demo-link").symlink_to(tmp_path / "home")
    ended = subprocess.run(
        [sys.executable, "-m", "instance_profiles.emulator", "--demo-folder", str(tmp_path / name)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == 2
    assert "is no folder of a demo" in ended.stderr
    assert (tmp_path / "home" / "kept").exists()


def test_scan_of_the_demo_names_exactly_what_was_planted_and_leaves_the_files_of_the_person_alone(
    program, tmp_path
):
    (tmp_path / ".aws").mkdir()
    mine = tmp_path / ".aws" / "config"
    mine.write_text("[profile mine]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = mine2\n")
    elsewhere = {
        "AWS_PROFILE": "mine",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "IPTUI_REGION": "eu-north-1",
    }
    # Where no association is asked about, nobody waits for one; tests/findings waits by the emulator's clock.
    planted = tomli.loads((ROOT / "tests/emulator/demo.expected.toml").read_text(encoding="utf-8"))["present"]
    at_once = [rule for rule in RULES if not rule.startswith("association-")]
    expected = {(rule, name) for rule in at_once for name in planted.get(rule, ())}
    chosen = [word for rule in at_once for word in ("--rule", rule)]
    ended = program.run("scan", "--demo", "--format", "json", *chosen, **elsewhere)
    assert ended.code == 0
    shown = json.loads(ended.out)
    assert shown["counts"]["instances"] >= 60
    assert {finding["verdict"] for finding in shown["findings"]} == {"present"}
    found = [(finding["rule"], _place(finding["object"])) for finding in shown["findings"]]
    assert sorted(found) == sorted(expected)
    assert mine.read_text().startswith("[profile mine]")


def test_the_emulator_alone_says_where_it_listens_and_ends_on_a_signal(program):
    running = program.start("emulator", "--fleet", "demo")
    line = running.stdout.readline()
    assert line.startswith("iptui emulator listening on http://127.0.0.1:")
    assert listens(line.split()[-1])
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0
    assert running.stderr.read() == ""


def test_a_fleet_that_is_not_there_is_wrong_usage(program):
    ended = program.run("emulator", "--fleet", "nope")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "nope" in ended.err


def _place(ref):
    name = ref["id"] if ref["kind"] == "association" else ref["name"]
    return f"{ref['region']}/{name}" if ref["region"] else name
