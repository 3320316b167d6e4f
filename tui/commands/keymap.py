"""Whether the keys of the settings name commands that the screen has, and which those are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings_file import SettingsError, check_keymap, where_in_keymap
from tui.commands.exits import CommandError, Exit

if TYPE_CHECKING:
    from config.settings import ResolvedSettings


def checked(resolved: ResolvedSettings) -> None:
    """Raises CommandError naming file and line for a command that is none, a key that is none, or a clash."""
    if not resolved.settings.keymap:
        return
    from tui.keymap import clashes, defaults, unknown_key  # draws in Textual, which other commands do without

    keymap, file = resolved.settings.keymap, resolved.settings_file
    usual = defaults()
    try:
        check_keymap(keymap, usual, file)
    except SettingsError as error:
        raise CommandError(str(error), Exit.USAGE) from error
    for command, keys in keymap.items():
        strange = unknown_key(keys)
        if strange is not None:
            where = where_in_keymap(file, command)
            raise CommandError(
                f"{where}: there is no key {strange!r} for {command!r}; keys are written as in "
                '"r", "f5", "ctrl+r", "slash", several with commas.',
                Exit.USAGE,
            )
    for clash in clashes(keymap):
        taken = keymap.get(clash.other, usual[clash.other])
        raise CommandError(
            f"{where_in_keymap(file, clash.command)}: the key {clash.key!r} for {clash.command!r} is that of "
            f"{clash.other!r} ({taken}) already; choose another one, or give {clash.other!r} another.",
            Exit.USAGE,
        )


def explained() -> list[str]:
    """Every command with its keys, as lines of a settings file that set nothing."""
    from tui.keymap import places  # as above

    lines = []
    for place in places():
        lines += ["#", f"# {place.title}:"]
        for binding in place.bindings:
            entry = f'{binding.id} = "{binding.key}"'
            lines.append(f"# {entry:<46} # {binding.description[:1].lower()}{binding.description[1:]}")
    return lines
