"""The mutes of the settings as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.muting import Mute

if TYPE_CHECKING:
    from config.settings import Settings


def mutes_of(settings: Settings) -> tuple[Mute, ...]:
    """What the settings mute, in the order of the file."""
    return tuple(Mute(mute.reason, mute.rule, mute.object, mute.until) for mute in settings.mute)
