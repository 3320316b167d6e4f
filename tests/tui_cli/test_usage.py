"""Help, version and wrong usage: fast, in one sentence, with exit code 2."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tui_cli.running import ROOT

COMMANDS = ["scan", "fix", "journal", "policy", "rules", "config", "emulator", "explain", "can"]
HEAVY = ("textual", "rich", "botocore", "aiobotocore", "boto3", "aiohttp")


@pytest.mark.parametrize(
    "code",
    [
        "import tui.cli",
        "from tui.cli import main; main(['--version'])",
        "from tui.cli import main; main(['--help'])",
        *[f"from tui.cli import main; main(['{name}', '--help'])" for name in COMMANDS],
        "from tui.cli import main; main(['config', 'show'])",
    ],
)
def test_neither_the_screen_nor_the_sdk_is_imported_for(code, program):
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('MODULES', *sys.modules)"],
        capture_output=True,
        text=True,
        env=program.environment,
        cwd=ROOT,
        check=True,
    ).stdout.rpartition("MODULES")[2]
    assert not set(HEAVY) & set(loaded.split())


def test_help_lists_the_commands_there_are_and_no_others(program):
    ended = program.run("--help")
    assert ended.code == 0
    listed = ended.out.partition("Commands:")[2].partition("Options of every command")[0]
    names = [line.split()[0] for line in listed.splitlines() if line.strip()]
    assert names == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_the_common_options(program, name):
    ended = program.run(name, "-h")
    assert ended.code == 0
    for option in (
        "--profile",
        "--region",
        "--endpoint-url",
        "--config",
        "--read-only",
        "--demo",
        "--version",
    ):
        assert option in ended.out


def test_the_version_stands_before_or_after_the_command(program):
    assert program.run("--version").out.startswith("iptui ")
    assert program.run("scan", "--version").out == program.run("--version").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scn"], ["scn", "'scan'", "`iptui --help`"]),
        (["scan", "--profil", "x"], ["--profil", "'--profile'", "`iptui scan --help`"]),
        (["scan", "--format", "yaml"], ["'yaml'", "'table', 'json'"]),
        (["scan", "--rule", "profile-without-roll"], ["profile-without-roll", "'profile-without-role'"]),
        (["fix"], ["ID of a finding", "--rule ID --all"]),
        (["fix", "x", "--set", "role"], ["'role'", "KEY=VALUE"]),
        (["fix", "x", "--set", "rol=x"], ["'rol'", "'role'"]),
        (["fix", "x", "--recipe", "ad-role", "--yes"], ["ad-role", "'add-role'"]),
        (["fix", "x"], ["--yes", "--dry-run"]),
        (["journal", "show"], ["journal show"]),
        (["rules", "profile-without-roll"], ["profile-without-roll", "'profile-without-role'"]),
        (["--demo", "scan", "--endpoint-url", "http://x"], ["--endpoint-url", "--demo"]),
        ([], ["terminal", "iptui scan"]),
    ],
)
def test_wrong_usage_is_told_in_one_sentence(program, arguments, words):
    ended = program.run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    for word in words:
        assert word in ended.sentence


def test_a_wrong_settings_key_is_told_with_file_line_and_nearest_key(program):
    folder = program.folder / "config"
    folder.mkdir()
    (folder / "config.toml").write_text('theme = "iptui-dark"\nregion = ["eu-west-1"]\n')
    ended = program.run("scan")
    assert ended.code == 2
    assert f"{folder / 'config.toml'}, line 2" in ended.sentence
    assert "'regions'" in ended.sentence
    assert program.run("config", "check").code == 2
    assert program.run("config", "path").out.strip() == str(folder / "config.toml")


def test_a_closed_pipe_ends_the_program_quietly(program):
    running = program.start("rules")
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait() == 0


def test_a_mistake_of_ours_is_a_sentence_with_the_traceback_in_the_log(program):
    code = "from tui.commands.guard import guarded; raise SystemExit(guarded(lambda: 1 // 0, ['scan']))"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=program.environment,
        cwd=ROOT,
        check=False,
    )
    log = program.folder / "state" / "iptui.log"
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert str(log) in ended.stderr
    assert "ZeroDivisionError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_name_that_acts_on_the_terminal_comes_out_as_text(program):
    ended = program.run("rules", "\x1b]0;owned\x07\u202enope")
    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert "\u202e" not in ended.err


def shell(program, line):
    return subprocess.run(
        ["sh", "-c", line, sys.executable],
        capture_output=True,
        text=True,
        env=program.environment,
        cwd=ROOT,
        check=False,
    )


def test_a_full_disk_is_a_sentence(program):
    ended = shell(program, '"$0" -m tui rules > /dev/full')
    assert ended.returncode == 2
    assert ended.stderr == "iptui: The output cannot be written: No space left on device.\n"


def test_closed_outputs_are_no_trouble(program):
    assert shell(program, '"$0" -m tui rules >&-').returncode == 0
    assert shell(program, '"$0" -m tui rules nope 2>&-').returncode == 2


def test_where_no_log_can_be_kept_the_scan_goes_on(iptui):
    (iptui.folder / "state").write_text("a file where the folder should be")
    ended = iptui.run("scan", "--rule", "profile-orphaned")
    assert ended.code == 0
    assert "No log is kept" in ended.sentence
    assert "left-over" in ended.out


def test_the_log_never_holds_a_secret(program):
    code = (
        "import logging, sys; from pathlib import Path; from tui.log_file import open_log;"
        "open_log(Path(sys.argv[1]));"
        "logging.getLogger('iptui').error("
        "'aws_secret_access_key=wJalrXUtnFEMI Encoded authorization failure message: AbCd-123 end')"
    )
    path = program.folder / "log"
    subprocess.run([sys.executable, "-c", code, str(path)], env=program.environment, cwd=ROOT, check=True)
    text = path.read_text()
    assert "wJalrXUtnFEMI" not in text
    assert "AbCd-123" not in text
    assert "end" in text
