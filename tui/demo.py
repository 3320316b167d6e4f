"""The demo: an AWS of our own in a process of its own, and an environment that leads nowhere else."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import instance_profiles
from instance_profiles.aws.errors import AwsError
from instance_profiles.emulator.demo_folder import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

_READY = re.compile(r"listening on (http://\S+)")
_HOME = Path(instance_profiles.__file__).parent.parent


class DemoError(AwsError):
    """The emulator did not start; the text is one sentence for people."""


class Demo:
    """The emulator process; the environment is replaced when it is ready.

    The process reads our end of a pipe and ends when that closes, so it ends with us even if we are killed,
    and takes the folder along.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, str] | None = None
        self._url: str | None = None
        self._errors = (folder / "emulator.err").open("w+", encoding="utf-8")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        """Start the process unless it runs already; it takes a second to listen."""
        if self._process is None:
            self._process = self._started()
        return self._process

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [
                *(sys.executable, "-m", "instance_profiles.emulator"),
                *("--port", "0", "--fleet", "demo", "--until-stdin-closes"),
                *("--demo-folder", str(self._folder)),
            ],
            cwd=_HOME,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,  # ctrl+c on the terminal is for us alone
        )

    def wait(self) -> str:
        """Start the emulator if need be, wait until it listens, lead the SDK there, and return its address.

        Raises DemoError where it ended instead.
        """
        if self._url is not None:
            return self._url
        stdout = self.start().stdout
        found = _READY.search(stdout.readline() if stdout else "")
        if found is None:
            self._errors.seek(0)
            logging.getLogger("iptui").error("the emulator did not start: %s", self._errors.read())
            raise DemoError("The demo did not start, because its emulator ended at once; see the log file.")
        self._lead_there(found[1])
        self._url = found[1]
        return found[1]

    async def wait_ready(self) -> str:
        """`wait` for an event loop."""
        return await asyncio.to_thread(self.wait)

    def close(self) -> None:
        """End the emulator and put the environment back."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.terminate()
            self._process.wait()
        self._errors.close()
        if self._before is not None:
            os.environ.clear()
            os.environ.update(self._before)

    def _lead_there(self, url: str) -> None:
        """Let nothing of the person's own AWS set-up reach the SDK while the demo runs."""
        from instance_profiles.emulator.demo_config import write_demo_aws_config

        write_demo_aws_config(self._folder)
        self._before = dict(os.environ)
        for name in self._before:
            if name.startswith("AWS_"):
                del os.environ[name]
        os.environ.update(
            AWS_ENDPOINT_URL=url,
            AWS_CONFIG_FILE=str(self._folder / "config"),
            AWS_SHARED_CREDENTIALS_FILE=str(self._folder / "credentials"),
            AWS_EC2_METADATA_DISABLED="true",
            NO_PROXY="127.0.0.1",  # a company's proxy would not find the way back to this machine
            no_proxy="127.0.0.1",
        )


@contextmanager
def start_demo() -> Iterator[Demo]:
    """The demo, not yet started; await `Demo.wait_ready` before the first call."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        demo = Demo(Path(folder))
        try:
            yield demo
        finally:
            demo.close()


@contextmanager
def demo_aws() -> Iterator[str]:
    """The running demo; yields its address. Raises DemoError where it does not start."""
    with start_demo() as demo:
        yield demo.wait()
