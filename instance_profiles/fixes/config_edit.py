"""The local AWS config file as a thing that fixes change: found, read, compared and rewritten whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instance_profiles.fixes import config_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class EditFailed(Exception):
    """The file could not be read or written; the text is one sentence for the person."""


def config_file() -> Path:
    """Where the SDK looks for the config file."""
    return Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()


def credentials_file() -> Path:
    """Where the SDK looks for the credentials file, whose values win over those of the config file."""
    return Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials").expanduser()


def read(path: str | Path) -> str:
    """The text with its line ends as they are; raises EditFailed."""
    try:
        return Path(path).read_bytes().decode()
    except OSError as error:
        raise EditFailed(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise EditFailed(f"{path} is not UTF-8 text; edit it by hand.") from error


def digest(text: str) -> str:
    """SHA-256 of the text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def edit(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Make the edit that a local call describes; blocking. Returns where the backup is.

    The file is written beside the old one and renamed over it, so that no reader ever sees a half; a
    symbolic link stays one, and the mode stays what it was. Raises EditFailed.
    """
    path = Path(str(parameters["File"]))
    text = read(path)
    try:
        edited = _edited(text, parameters)
    except LookupError as error:
        raise EditFailed(f"{path}: {error.args[0]}; reload and look again.") from error
    try:
        target = path.resolve(strict=True)
        backup = _back_up(target, text)
        _write(target, edited)
    except OSError as error:
        raise EditFailed(f"{path} cannot be written: {error.strerror or error}.") from error
    return {"Backup": str(backup)}


def _edited(text: str, parameters: Mapping[str, Any]) -> str:
    """A value of None takes the key out; `Place` puts it where it stood."""
    named_profile, key = str(parameters["NamedProfile"]), str(parameters["Key"])
    if parameters.get("Value") is None:
        return config_text.without(text, named_profile, key)
    if place := parameters.get("Place"):
        return config_text.put_back(text, named_profile, config_text.Place(*place))
    return config_text.with_value(text, named_profile, key, str(parameters["Value"]))


def _back_up(target: Path, text: str) -> Path:
    number = 1
    while True:
        backup = target.with_name(f"{target.name}.iptui-backup-{number}")
        try:
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            os.fsync(file.fileno())
        return backup


def _write(target: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
