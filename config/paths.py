"""Where iptui keeps its files, by platform, movable with three environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping


class Paths(msgspec.Struct, frozen=True):
    """The three folders of iptui and what lies in them; nothing is created by asking."""

    config_dir: Path
    state_dir: Path
    cache_dir: Path

    @property
    def settings_file(self) -> Path:
        return self.config_dir / "config.toml"

    @property
    def journal(self) -> Path:
        return self.state_dir / "journal.jsonl"

    @property
    def log(self) -> Path:
        return self.state_dir / "iptui.log"

    @property
    def first_seen(self) -> Path:
        return self.cache_dir / "first-seen.json"

    @property
    def snapshots(self) -> Path:
        return self.cache_dir / "inventory"

    @property
    def frames(self) -> Path:
        return self.cache_dir / "frames"


def paths(environ: Mapping[str, str]) -> Paths:
    """IPTUI_CONFIG_DIR, IPTUI_STATE_DIR and IPTUI_CACHE_DIR where set, else the platform's folders."""
    return Paths(
        config_dir=_folder(environ.get("IPTUI_CONFIG_DIR"), platformdirs.user_config_path("iptui")),
        state_dir=_folder(environ.get("IPTUI_STATE_DIR"), platformdirs.user_state_path("iptui")),
        cache_dir=_folder(environ.get("IPTUI_CACHE_DIR"), platformdirs.user_cache_path("iptui")),
    )


def _folder(moved: str | None, usual: Path) -> Path:
    return Path(moved).expanduser() if moved else usual
