"""What holds for every test."""

from __future__ import annotations

import os
import signal

# A runner started in the background ignores ctrl+c, and so would every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests start dozens of interpreters, each of which would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
