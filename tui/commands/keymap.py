"""Whether the keys of the settings name commands that the screen has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings_file import SettingsError, check_keymap
from tui.commands.exits import CommandError, Exit

if TYPE_CHECKING:
    from config.settings import ResolvedSettings


def checked(resolved: ResolvedSettings) -> None:
    """Raises CommandError naming file, line and the nearest command for a key of `[keymap]` that is none."""
    if not resolved.settings.keymap:
        return
    from tui.keys import MAIN  # draws in Textual, which the other commands do without

    try:
        check_keymap(resolved.settings.keymap, [command.id for command in MAIN], resolved.settings_file)
    except SettingsError as error:
        raise CommandError(str(error), Exit.USAGE) from error
