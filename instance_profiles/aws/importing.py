"""One thread at a time imports the SDK.

Its packages import one another. Two threads that come to them from different sides wait for each other, and
Python ends that with an error in one of them. At the start the config files are read beside the event loop
while the session is made, and both need the SDK.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

importing_sdk: Final = Lock()
"""Hold it around an import of the SDK that may be the first one."""
