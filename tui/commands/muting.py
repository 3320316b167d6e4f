"""Whether what the settings mute is there to be muted, and which mutes hold no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings_file import SettingsError, check_mutes
from tui.commands.exits import CommandError, Exit

if TYPE_CHECKING:
    from datetime import date

    from config.settings import ResolvedSettings


def checked(resolved: ResolvedSettings) -> None:
    """Raises CommandError naming file, line and the nearest rule for a mute of a rule that is none."""
    mutes = resolved.settings.mute
    if not mutes:
        return
    from instance_profiles.findings.catalogue import RULES  # every rule; most commands mute nothing

    try:
        check_mutes(mutes, RULES, resolved.settings_file)
    except SettingsError as error:
        raise CommandError(str(error), Exit.USAGE) from error


def ended_sentences(resolved: ResolvedSettings, today: date) -> list[str]:
    """One sentence for each mute whose last day has passed."""
    if not resolved.settings.mute:
        return []
    from instance_profiles.findings.muting import ended, said_ended  # as above
    from tui.mutes import mutes_of

    return [said_ended(mute) for mute in ended(mutes_of(resolved.settings), today)]
