"""What holds for every test."""

from __future__ import annotations

import signal

# A runner started in the background ignores ctrl+c, and so would every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
