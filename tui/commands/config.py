"""`iptui config`: where the settings are, what holds and why, and a first file."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from config.keys import KEYS
from config.paths import paths
from config.settings_file import template
from tui.commands import keymap, muting
from tui.commands.exits import CommandError, Exit
from tui.commands.output import say, write, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from config.mutes import MuteSetting
    from config.settings import ResolvedSettings


def path(file: Path | None) -> int:
    """Print where the settings file is looked for."""
    write(str(_file(file)))
    return Exit.DONE


def show(resolved: ResolvedSettings) -> int:
    """Print every setting with its value and where that came from."""
    values = {key.name: _as_toml(getattr(resolved.settings, key.name), key.name) for key in KEYS}
    names = max(map(len, values))
    wide = max(map(len, values.values()))
    for name, value in values.items():
        write(f"{name:<{names}} = {value:<{wide}}  # {resolved.origins[name]}")
    for name, folder in (
        ("settings file", resolved.settings_file),
        ("journal", resolved.paths.journal),
        ("log", resolved.paths.log),
        ("cache", resolved.paths.cache_dir),
    ):
        write(f"# {name}: {folder}")
    return Exit.DONE


def check(resolved: ResolvedSettings) -> int:
    """Say that the settings are in order; that they are not was said when they were read."""
    keymap.checked(resolved)
    muting.checked(resolved)
    for sentence in muting.ended_sentences(resolved, datetime.now().astimezone().date()):
        say(sentence)
    if resolved.settings_file.exists():
        write(f"{resolved.settings_file} is in order.")
    else:
        write(f"There is no settings file {resolved.settings_file}; the defaults hold.")
    return Exit.DONE


def init(file: Path | None, *, overwrite: bool) -> int:
    """Write a settings file that explains every setting and sets none."""
    target = _file(file)
    if target.exists() and not overwrite:
        raise CommandError(f"{target} is there already; add --overwrite to replace it.", Exit.USAGE)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"The folder {target.parent} cannot be made: {error.strerror}.", Exit.USAGE
        ) from error
    write_file(target, template(keymap.explained()))
    write(f"Wrote {target}.")
    return Exit.DONE


def _file(file: Path | None) -> Path:
    return file or paths(os.environ).settings_file


def _as_toml(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    if name == "mute":
        return f"[{', '.join(_mute(entry) for entry in value)}]"
    if name == "trail" and value is not None:
        told = msgspec.structs.asdict(value).items()
        return f"{{{', '.join(f'{key} = {_quoted(entry)}' for key, entry in told if entry)}}}"
    if isinstance(value, tuple):
        return '["all"]' if name == "regions" and not value else f"[{', '.join(map(_quoted, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(key)} = {_quoted(entry)}' for key, entry in value.items())}}}"
    return "unset"


def _mute(mute: MuteSetting) -> str:
    parts = [
        f"{key} = {_quoted(text)}"
        for key in ("rule", "object", "reason")
        if (text := getattr(mute, key)) is not None
    ]
    parts += [f"until = {mute.until.isoformat()}"] if mute.until else []
    return f"{{{', '.join(parts)}}}"


def _quoted(text: str) -> str:
    """As a TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=True)
