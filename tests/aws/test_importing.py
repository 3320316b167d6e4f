"""At the start two threads need the SDK at the same moment."""

from __future__ import annotations

import subprocess
import sys

from tests.tui_cli.running import ROOT

# Notes which thread looks for which module, and at each lets the other one go on.
WATCHED = """
import sys, threading, time
from instance_profiles.aws.config_files import read_sections
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.ground import Ground

class Watch:
    def __init__(self):
        self.turns = []

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("aiobotocore", "botocore", "urllib3", "aiohttp"):
            if self.turns[-1:] != [threading.get_ident()]:
                self.turns.append(threading.get_ident())
            time.sleep(0)

watch = Watch()
sys.meta_path.insert(0, watch)
sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=read_sections), threading.Thread(target=Ground, args=(Connection(),))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(watch.turns))
"""


def test_they_import_it_one_after_the_other() -> None:
    """Otherwise each may wait for a module that the other one holds, and the program ends with an error."""
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert ended.stderr == ""
    assert int(ended.stdout) <= 2
