"""Copying: through the terminal (OSC 52) and through the desktop's clipboard where there is one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

LOG = logging.getLogger(__name__)


async def copy(app: App[Any], text: str) -> None:
    """Put text on the clipboard; terminals say nothing of success, so both ways are always tried."""
    app.copy_to_clipboard(text)
    await asyncio.to_thread(_copy_to_desktop, text)


def _copy_to_desktop(text: str) -> None:
    import pyperclip  # deferred: only when something is copied

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException as error:  # no desktop here: OSC 52 has to do
        LOG.info("no desktop clipboard: %s", type(error).__name__)
