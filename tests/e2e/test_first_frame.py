"""The first frame shows what needs no engine, so nothing else stands in its way; a fresh process tells."""

from __future__ import annotations

import sys
from contextlib import suppress

import ptyprocess
import pytest

from tests.e2e.terminal import ROOT
from tests.e2e.test_second_start import read_once

WATCHED = """
import sys
from pathlib import Path
from textual.drivers.linux_driver import LinuxDriver
from tui.cli import main

write, told, awaited = LinuxDriver.write, Path(sys.argv[1]), sys.argv[2]

def watched(driver, data):
    write(driver, data)
    if awaited in data and not told.exists():
        told.write_text("\\n".join(sys.modules))

LinuxDriver.write = watched
sys.exit(main(sys.argv[3:]))
"""
HEAVY = {"aiobotocore", "aiohttp", "boto3", "botocore", "rapidfuzz"}
LIGHT = {
    "instance_profiles",
    "instance_profiles.aws",
    "instance_profiles.aws.connection",
    "instance_profiles.aws.errors",
    "instance_profiles.aws.secrets",
    "instance_profiles.aws.way_in",
    "instance_profiles.emulator",
    "instance_profiles.emulator.demo_folder",
    "instance_profiles.inventory",
    "instance_profiles.inventory.whole_file",
}
"""All of the engine that may be there by then: what an error and a line of the log look like, and what tells
whether it is the last caller who calls."""


@pytest.mark.parametrize("arguments", [(), ("--demo",)])
def test_the_first_frame_is_drawn_before_the_engine_and_the_sdk_are_imported(arguments, program, tmp_path):
    assert_light(modules_once("Looking for credentials", program, tmp_path, *arguments))


def test_so_is_one_that_shows_what_stood_there_the_last_time(iptui, tmp_path):
    read_once(iptui)
    assert_light(modules_once("left-over", iptui, tmp_path))


def modules_once(awaited, program, folder, *arguments):
    """The modules that are imported when these words are drawn for the first time."""
    told = folder / "modules.txt"
    running = ptyprocess.PtyProcess.spawn(
        [sys.executable, "-c", WATCHED, str(told), awaited, *arguments],
        cwd=str(ROOT),
        env={**program.environment, "TERM": "xterm-256color"},
        dimensions=(40, 120),
    )
    try:
        while not told.exists():
            running.read()
        running.write(b"q")
        with suppress(EOFError):
            while True:
                running.read()
    finally:
        running.close(force=True)
    assert running.exitstatus == 0
    return told.read_text().split()


def assert_light(loaded):
    assert not HEAVY & {name.partition(".")[0] for name in loaded}
    assert {name for name in loaded if name.partition(".")[0] == "instance_profiles"} <= LIGHT
