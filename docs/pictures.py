"""Draw the pictures of the README from the running program against the demo: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import resolve
from tui.app import IptuiApp
from tui.demo import start_demo
from tui.workspace import open_workspace

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui.demo import Demo

WEB_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""A picture loads nothing from elsewhere; the reader's own fixed-width font will do."""
HERE = Path(__file__).parent
TO_CRAWLER = ("down", "down", "down")
PICTURES: dict[str, tuple[str, tuple[int, int], tuple[str, ...]]] = {
    "main-dark": ("iptui-dark", (120, 34), (*TO_CRAWLER, "right")),
    "main-light": ("iptui-light", (120, 34), (*TO_CRAWLER, "right")),
    "problems-dark": ("iptui-dark", (120, 34), ("1", "down", "right", "down")),
    "fix-dark": ("iptui-dark", (120, 34), (*TO_CRAWLER, "f")),
    "small-dark": ("iptui-dark", (80, 24), TO_CRAWLER),
}


async def main() -> None:
    with start_demo() as demo:
        for name, (theme, size, keys) in PICTURES.items():
            await _draw(demo, name, theme, size, keys)


async def _draw(demo: Demo, name: str, theme: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    resolved = resolve({"theme": theme}, dict(os.environ), demo=True)
    app = IptuiApp(resolved, lambda: open_workspace(resolved, demo=demo))
    async with app.run_test(size=size) as pilot:
        await _until_read(app, pilot)
        for key in keys:
            await pilot.press(key)
        checking = [worker for worker in app.workers if worker.group == "checks"]
        if checking:
            await app.workers.wait_for_complete(checking)
        await pilot.pause()
        drawn = WEB_FONTS.sub("", app.export_screenshot(title="iptui"))
        (HERE / f"{name}.svg").write_text(drawn.replace("Fira Code", "monospace"), encoding="utf-8")


async def _until_read(app: IptuiApp, pilot: Pilot[int]) -> None:
    while app.store.loading or app.store.loaded_at is None:
        await pilot.pause(0.05)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPTUI_STATE_DIR"] = os.environ["IPTUI_CONFIG_DIR"] = folder
        asyncio.run(main())
