"""What workers tell the application; handlers of the application own the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Caller, LoadEvent
    from instance_profiles.inventory.snapshot import Place
    from tui.workspace import Workspace


@dataclass
class WorkspaceOpened(Message):
    """The accounts can be asked from now on."""

    workspace: Workspace


@dataclass
class LoadStarted(Message):
    """A reading of everything began."""


@dataclass
class Recalled(Message):
    """What the last time left of one place of an account, to be shown until it is read anew."""

    caller: Caller
    place: Place


@dataclass
class RecallEnded(Message):
    """Nothing more of the last time comes of this account."""


@dataclass
class Arrived(Message):
    """One piece of a load."""

    event: LoadEvent


@dataclass
class LoadEnded(Message):
    """Everything was read as far as it could be."""


@dataclass
class Reread(Message):
    """Single objects were read again; the inventory has them already."""


@dataclass
class LoadBroke(Message):
    """No reading was possible at all; `sentence` says why and what to do."""

    sentence: str
