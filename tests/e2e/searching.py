"""Searching as a person does it, who looks before the next key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.terminal import Terminal


def search(terminal: Terminal, words: str, gone: str) -> None:
    """Narrow the tree to what matches, and stand on the first instance profile; `gone` does not match."""
    terminal.press("/")
    terminal.wait_for("name, id, ARN or tag")
    terminal.press(words)
    terminal.wait_for(f"/ {words}", gone=gone)
    terminal.press("enter")
    terminal.press_until("left", "▸ Instance profiles")
    terminal.press("right", "down")
    terminal.wait_for("▾ Instance profiles")
