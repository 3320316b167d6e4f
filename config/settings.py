"""Settings and where each came from: flags beat environment, environment beats file, file beats defaults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from config.keys import KEY_BY_NAME, KEYS, SECONDS, Key
from config.mutes import MuteSetting
from config.paths import Paths, paths
from config.settings_file import SettingsError, read_settings_file
from config.trail import DEMO_TRAIL, TrailSetting

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = ("named_profiles", "regions", "endpoint_url")
_PLACE_VARIABLES = tuple(KEY_BY_NAME[name].variable for name in _PLACE)
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be chosen; `config.keys` says what each means."""

    named_profiles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    endpoint_url: str | None = None
    read_only: bool = False
    snapshot: bool = True
    timeout: float = 30.0
    theme: str = "iptui-dark"
    ascii: bool = False
    no_color: bool = False
    keymap: dict[str, str] = {}
    filters: dict[str, str] = {}
    mute: tuple[MuteSetting, ...] = ()
    trail: TrailSetting | None = None


class Origin(msgspec.Struct, frozen=True):
    """Where a value came from; `name` is the flag, the variable or the file."""

    kind: Literal["flag", "environment", "file", "default"]
    name: str | None = None

    def __str__(self) -> str:
        return self.kind if self.name is None else f"{self.kind} {self.name}"


class ResolvedSettings(msgspec.Struct, frozen=True):
    """The settings in force, the origin of each, and the folders in use.

    `left_to_sdk` names the settings whose value comes from a variable that the AWS SDK reads by itself:
    handing such a value on again would change its meaning (a named profile given by hand hides access keys
    of the environment, one address for all hides AWS_ENDPOINT_URL_IAM).
    """

    settings: Settings
    origins: dict[str, Origin]
    paths: Paths
    settings_file: Path
    left_to_sdk: frozenset[str] = frozenset()

    @property
    def named_profiles_to_open(self) -> tuple[str | None, ...]:
        """The named profiles to open by hand; None stands for the SDK's own choice."""
        if "named_profiles" in self.left_to_sdk or not self.settings.named_profiles:
            return (None,)
        return self.settings.named_profiles

    @property
    def endpoint_url_to_set(self) -> str | None:
        """The address to put on every client; None where the SDK finds its addresses by itself."""
        return None if "endpoint_url" in self.left_to_sdk else self.settings.endpoint_url


def resolve(
    flags: Mapping[str, Any], environ: Mapping[str, str], path: Path | None = None, *, demo: bool = False
) -> ResolvedSettings:
    """The settings in force for these flags (by setting name), this environment and this settings file.

    Without `path` the file of the settings folder is read if it is there. The demo is an AWS of its own: what
    the environment and the file say about accounts, regions, addresses and trails does not hold there. Raises
    SettingsError where the file or a variable cannot be understood; its text is one sentence for people.
    """
    folders = paths(environ)
    file = path or folders.settings_file
    from_file = read_settings_file(file, must_exist=path is not None)
    if demo:
        environ = {
            name: value
            for name, value in environ.items()
            if name not in _PLACE_VARIABLES and not name.startswith("AWS_")
        }
        from_file = {name: value for name, value in from_file.items() if name not in (*_PLACE, "trail")}
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    left_to_sdk: set[str] = set()
    for key in KEYS:
        origins[key.name] = Origin("default")
        if key.name in from_file:
            values[key.name], origins[key.name] = from_file[key.name], Origin("file", str(file))
        for variable in _sdk_variables(key.name, environ):
            values[key.name] = _sdk_value(key.name, environ[variable], variable)
            origins[key.name] = Origin("environment", variable)
            left_to_sdk.add(key.name)
        if key.variable and environ.get(key.variable):
            values[key.name] = _from_text(key, environ[key.variable])
            origins[key.name] = Origin("environment", key.variable)
            left_to_sdk.discard(key.name)
        if key.name in flags:
            values[key.name], origins[key.name] = flags[key.name], Origin("flag", key.flag)
            left_to_sdk.discard(key.name)
    if demo:
        values["trail"] = DEMO_TRAIL
    if "all" in values.get("regions", ()):
        values["regions"] = ()
    return ResolvedSettings(
        Settings(**values), origins, folders, settings_file=file, left_to_sdk=frozenset(left_to_sdk)
    )


def _sdk_variables(name: str, environ: Mapping[str, str]) -> list[str]:
    """The variable of the AWS SDK that decides this setting, if one is set.

    botocore takes access keys of the environment before AWS_PROFILE, and AWS_DEFAULT_PROFILE before
    AWS_PROFILE. Such keys (aws-vault and the like set them) are the environment's word on the account, so
    they beat a named profile of the settings file.
    AWS_REGION and AWS_DEFAULT_REGION only choose the home region, they never narrow what is read.
    """
    if name == "named_profiles":
        order = ("AWS_ACCESS_KEY_ID", "AWS_DEFAULT_PROFILE", "AWS_PROFILE")
        return [variable for variable in order if environ.get(variable)][:1]
    if name == "endpoint_url":
        found = [variable for variable in environ if variable.startswith("AWS_ENDPOINT_URL")]
        return sorted(variable for variable in found if environ[variable])[:1]
    return []


def _sdk_value(name: str, text: str, variable: str) -> Any:
    if name == "named_profiles":
        return () if variable == "AWS_ACCESS_KEY_ID" else (text,)
    return text


def _from_text(key: Key, text: str) -> Any:
    """Raises SettingsError where a yes or no is wanted and something else stands there."""
    if key.name == "no_color":
        return True  # https://no-color.org: any value that is not empty
    if key.type is bool:
        if text.lower() in _YES + _NO:
            return text.lower() in _YES
        raise SettingsError(f"The variable {key.variable} is {text!r}; set it to 1 or 0.")
    if key.type is SECONDS:
        try:
            return msgspec.convert(text, key.type, strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(f"The variable {key.variable} is {text!r}; it must be {key.kind}.") from error
    if key.type == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
