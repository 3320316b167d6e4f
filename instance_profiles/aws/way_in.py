"""What decides on this machine whose credentials the SDK takes, told without the SDK and without secrets.

As long as none of it changes, the same account answers: that lets a start show what the last one left before
AWS was asked who calls.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.connection import Connection

ASSET_TAG: Final = Path("/sys/devices/virtual/dmi/id/board_asset_tag")
"""Holds the id of the instance on EC2 (Nitro), as the EC2 User Guide says, "Detect whether a host is an EC2
instance"; that belongs to one account for ever."""

_FILES: Final = {
    "AWS_CONFIG_FILE": "~/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
}
_SECRET: Final = ("secret", "token", "password")
"""Words in the names of what is left out: the id of an access key says whose it is, and is no secret."""
_TOLD_APART: Final = frozenset(
    {
        "env",
        "shared-credentials-file",
        "config-file",
        "assume-role",
        "assume-role-with-web-identity",
        "sso",
        "login",
    }
)
"""Where the SDK found credentials (`Credentials.method`), if files and variables decide the account: by the
id of an access key, by `role_arn`, by `sso_account_id` and `sso_role_name`, by `login_session`. What another
program or a container's host gives may be of any account."""
_OF_INSTANCE: Final = "iam-role"


def way_in(connection: Connection, environ: Mapping[str, str]) -> str:
    """A digest of all that decides who calls. Blocking, for some tenths of a millisecond.

    A named profile, an address, the variables of AWS, the two files of the AWS config, and the instance this
    runs on; another digest for anything that is another there.
    """
    variables = sorted(
        f"{name}={value}"
        for name, value in environ.items()
        if name.startswith("AWS_") and not _is_secret(name)
    )
    parts = [
        repr((connection.named_profile, connection.endpoint_url)),
        repr(variables),
        *(_without_secrets(Path(environ.get(name) or usual)) for name, usual in _FILES.items()),
        _instance_id() or "",
    ]
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()


def tells_account(method: str) -> bool:
    """Whether the same way in leads to the same account for ever, for credentials found by this method."""
    return method in _TOLD_APART or (method == _OF_INSTANCE and _instance_id() is not None)


def _is_secret(name: str) -> bool:
    """A file that holds a token is named, not told: its name decides who calls."""
    lowered = name.lower()
    return any(word in lowered for word in _SECRET) and not lowered.endswith("_file")


def _without_secrets(path: Path) -> str:
    try:
        lines = path.expanduser().read_text(errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return ""
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home folder
        return type(error).__name__
    return "\n".join(line for line in lines if not _is_secret(line.partition("=")[0].strip()))


def _instance_id() -> str | None:
    try:
        tag = ASSET_TAG.read_text(errors="replace").strip()
    except OSError:
        return None
    return tag if tag.startswith("i-") else None
