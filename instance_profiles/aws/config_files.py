"""The local AWS config and credentials files, read the way the SDK reads them.

Secrets do not leave this module: the keys stay, so that one can tell that they are there, the values go.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.importing import importing_sdk
from instance_profiles.aws.secrets import HIDDEN
from instance_profiles.aws.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET_KEYS: Final = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})


class ConfigPaths(msgspec.Struct, frozen=True):
    """Where the files are, whether they exist or not (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE)."""

    config: Path
    credentials: Path


def read_sections() -> dict[str, dict[str, str]]:
    """The named profiles with their settings, config and credentials files together. Blocking: use a thread.

    Files that do not exist count as empty.

    Raises:
        ConfigUnreadable: a file is not in its own format or may not be read.
    """
    session = _session()
    try:
        profiles: Mapping[str, Mapping[str, Any]] = session.full_config.get("profiles", {})
    except _failures() as exc:
        raise translate(exc) from exc
    return {name: _without_secrets(settings) for name, settings in profiles.items()}


def config_paths() -> ConfigPaths:
    """Where the SDK looks for the two files. Blocking: use a thread."""
    session = _session()
    return ConfigPaths(
        config=Path(session.get_config_variable("config_file")).expanduser(),
        credentials=Path(session.get_config_variable("credentials_file")).expanduser(),
    )


def _without_secrets(settings: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: HIDDEN if key in SECRET_KEYS else value
        for key, value in settings.items()
        if isinstance(value, str)  # nested blocks (s3 = ...) say nothing about credentials
    }


def _session() -> Any:
    with importing_sdk:
        from botocore.session import Session  # the SDK: not before it is needed

    return Session()


def _failures() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError  # imported with the session already

    return (BotoCoreError, OSError, UnicodeDecodeError)
