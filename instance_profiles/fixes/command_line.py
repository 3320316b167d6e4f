"""A call as one line for a shell: `aws ...`, which runs as it stands."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from instance_profiles.fixes.calls import LOCAL
from instance_profiles.fixes.currents import in_shell, is_current

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Call

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN = re.compile(r"[\w:/.*@+-]+", re.ASCII)
"""Values that the CLI's shorthand takes without quoting; its equals signs and commas are not among them."""
_SPECIAL = re.compile(r"[][\\/.*^$]")
"""What means something in a pattern of sed."""
_FIRST = re.compile(r"[\w*/.]", re.ASCII)


def aws_command(call: Call, named_profile: str | None = None) -> str:
    """The `aws` command line that makes the same call; `named_profile` adds --profile everywhere in it."""
    if call.service == LOCAL:
        return _configure(call)
    options = f" --profile {shlex.quote(named_profile)}" if named_profile else ""
    words = ["aws", call.service, kebab(call.operation)]
    if call.region:
        words += ["--region", shlex.quote(call.region)]
    line = " ".join(words) + options
    for name, value in call.parameters.items():
        text = _argument(f"--{kebab(name)}", value, options)
        line += f" {text}" if text else ""
    return line


def kebab(name: str) -> str:
    """An operation or parameter as the aws command spells it: GetRole is get-role."""
    return _WORDS.sub("-", name).lower()


def _argument(option: str, value: Any, options: str) -> str | None:
    if isinstance(value, bool):
        return option if value else option.replace("--", "--no-", 1)
    if is_current(value):
        text = in_shell(value, options)
        return f"{option} {text}" if text else None
    if isinstance(value, list) and all(is_current(item) for item in value):
        return " ".join([option, *(in_shell(item, options) or "" for item in value)])
    if isinstance(value, list):
        return " ".join([option, *(shlex.quote(_text(item)) for item in value)])
    text = _text(value)
    # A value that begins with a dash would be taken for an option.
    joint = " " if _FIRST.match(text) or text[:1] in "{[" else "="
    return f"{option}{joint}{shlex.quote(text)}"


def _text(value: Any) -> str:
    if isinstance(value, dict):
        plain = {key: _scalar(item) for key, item in value.items()}
        if all(text is not None and _PLAIN.fullmatch(text) for text in plain.values()):
            return ",".join(f"{key}={text}" for key, text in plain.items())
        return json.dumps(_plain(value), separators=(",", ":"))
    return str(value)


def _scalar(value: Any) -> str | None:
    if is_current(value):
        return in_shell(value)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _plain(value: Any) -> Any:
    if is_current(value):
        return in_shell(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _configure(call: Call) -> str:
    wanted = call.parameters
    if wanted.get("Value") is None:
        return _unset(str(wanted["File"]), str(wanted["NamedProfile"]), str(wanted["Key"]))
    return " ".join(
        [
            f"AWS_CONFIG_FILE={shlex.quote(str(wanted['File']))}",
            "aws configure set",
            shlex.quote(str(wanted["Key"])),
            shlex.quote(str(wanted["Value"])),
            "--profile",
            shlex.quote(str(wanted["NamedProfile"])),
        ]
    )


def _unset(file: str, named_profile: str, key: str) -> str:
    """The aws command can set a key and not take one out."""
    name = _SPECIAL.sub(r"\\\g<0>", named_profile)
    header = "default" if named_profile == "default" else f"profile *[\"']*{name}[\"']*"
    script = f"/^\\[{header} *]/,/^\\[/{{/^{key} *[=:]/d;}}"
    return f"sed -i.before {shlex.quote(script)} {shlex.quote(file)}"
