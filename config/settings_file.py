"""The settings file: reading it, saying in one sentence what is wrong with it, and a commented first one."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from config.keys import KEY_BY_NAME, KEYS, Key
from config.mutes import MuteError, mutes_from
from config.trail import TrailError, trail_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from config.mutes import MuteSetting


class SettingsError(Exception):
    """The settings cannot be understood; the text is one plain sentence that says what to do."""


def read_settings_file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    """The checked values of the file by setting name; empty where there is no file and none was asked for.

    Raises SettingsError naming the file, the line where it is known, the key and the nearest valid key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if must_exist:
            raise SettingsError(
                f"There is no settings file {path}; `iptui config init` writes one."
            ) from error
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"The settings file {path} cannot be read: {reason}.") from error
    import tomli  # most people have no settings file, and no first frame should wait for this

    try:
        raw = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}"
        raise SettingsError(f"The settings file {where}, is not TOML: {_lower_first(error.msg)}.") from error
    return {name: _checked(path, text, name, value) for name, value in raw.items()}


def check_keymap(keymap: dict[str, str], binding_ids: Iterable[str], path: Path) -> None:
    """Raises SettingsError for a key of `[keymap]` that is no command of the screen."""
    known = sorted(binding_ids)
    for name in keymap:
        if name not in known:
            where = where_in_keymap(path, name)
            raise SettingsError(f"{where}: there is no command {name!r} for [keymap]{_nearest(name, known)}.")


def check_mutes(mutes: Iterable[MuteSetting], rule_ids: Iterable[str], path: Path) -> None:
    """Raises SettingsError for a `[[mute]]` of a rule that does not exist."""
    known = sorted(rule_ids)
    for number, mute in enumerate(mutes, start=1):
        if mute.rule is not None and mute.rule not in known:
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            hint = _nearest(mute.rule, known, "`iptui rules` lists them")
            raise SettingsError(
                f"{_where_of_mute(path, text, number, 'rule')}: there is no rule {mute.rule!r} to mute{hint}."
            )


def where_in_keymap(path: Path, name: str) -> str:
    """File and line of a key of `[keymap]`, for people."""
    return _where(path, path.read_text(encoding="utf-8") if path.is_file() else "", name, "keymap")


def template(keymap: Iterable[str] = ()) -> str:
    """A settings file in which every setting is explained and none is set; `keymap` lists the commands."""
    parts = ["# Settings of iptui. A flag beats the environment, the environment beats this file.\n"]
    for key in KEYS:
        also = [how for how in (key.flag, key.variable) if how]
        note = f" Also: {', '.join(also)}." if also else ""
        example = key.example if key.example.startswith(("[", "#")) else f"# {key.example}"
        more = "".join(f"{line}\n" for line in keymap) if key.name == "keymap" else ""
        parts.append(f"# {key.meaning}{note}\n{example}\n{more}")
    return "\n".join(parts)


def _checked(path: Path, text: str, name: str, value: Any) -> Any:
    key = KEY_BY_NAME.get(name)
    if key is None:
        known = [key.name for key in KEYS]
        raise SettingsError(
            f"{_where(path, text, name)}: there is no setting {name!r}{_nearest(name, known)}."
        )
    if key.name == "mute":
        return _checked_mutes(path, text, value)
    if key.name == "trail":
        return _checked_trail(path, text, value)
    if key.type == dict[str, str] and isinstance(value, dict):
        value = _flat(value)
    try:
        return msgspec.convert(value, key.type)
    except msgspec.ValidationError as error:
        inner = _inner_name(key, value)
        where = _where(path, text, inner, name) if inner else _where(path, text, name)
        wanted = f"{name} must be {key.kind}" if not inner else f"{name}.{inner} must be text"
        example = "" if key.example.startswith("[") else f", as in {key.example}"
        raise SettingsError(f"{where}: {wanted}{example}.") from error


def _checked_mutes(path: Path, text: str, value: Any) -> Any:
    try:
        return mutes_from(value)
    except MuteError as error:
        where = _where_of_mute(path, text, error.number, error.key)
        raise SettingsError(f"{where}: {error}.") from error


def _checked_trail(path: Path, text: str, value: Any) -> Any:
    try:
        return trail_from(value)
    except TrailError as error:
        where = _where(path, text, error.key, "trail") if error.key else _where(path, text, "trail")
        raise SettingsError(f"{where}: {error}.") from error


def _where_of_mute(path: Path, text: str, number: int, key: str | None) -> str:
    """The line of an entry of one `[[mute]]`, or that of its heading."""
    headings = 0
    found: int | None = None
    for place, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*\[", line):
            headings += bool(re.match(r"""\s*\[\[\s*["']?mute["']?\s*\]\]""", line))
            found = place if found is None and headings == number else found
        elif (
            headings == number
            and key is not None
            and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line)
        ):
            return f"{path}, line {place}"
    return f"{path}, line {found}" if found else _where(path, text, "mute")


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """A command's name may hold dots, and TOML reads `view.roles = "3"` as a table in a table."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _inner_name(key: Key, value: Any) -> str | None:
    """The entry of a table that is at fault."""
    if key.type != dict[str, str] or not isinstance(value, dict):
        return None
    return next((name for name, entry in value.items() if not isinstance(entry, str)), None)


def _where(path: Path, text: str, name: str, table: str | None = None) -> str:
    line = _line_of(text, name, table)
    return f"{path}, line {line}" if line else str(path)


def _line_of(text: str, name: str, table: str | None) -> int | None:
    """The line where a key or a table of that name begins; tomli tells no positions of what it read well."""
    spelled = rf"""(?:{re.escape(name)}|"{re.escape(name)}"|'{re.escape(name)}')"""
    begins = re.compile(rf"\s*(?:{spelled}\s*[=.]|\[+\s*{spelled}\s*[\].])")
    inside: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if header and table is None and begins.match(line):
            return number
        if header:
            inside = header[1].strip("\"'")
        elif inside == table and begins.match(line):
            return number
    return None


def _nearest(name: str, known: list[str], otherwise: str = "") -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?".removesuffix("?")
    return f"; {otherwise}" if otherwise else "; the valid ones are " + ", ".join(known)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
