"""Which keys do what where: every command that the settings may give another key, and clashes among them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from tui import keys
from tui.app import IptuiApp
from tui.screens.ask import AskScreen
from tui.screens.batch import BatchScreen
from tui.screens.denials import DenialsScreen
from tui.screens.dialog import Dialog
from tui.screens.explain import ExplainScreen
from tui.screens.help import HelpScreen
from tui.screens.journal import JournalScreen
from tui.screens.plan import PlanScreen
from widgets.choice import Choice
from widgets.filter_line import FilterLine
from widgets.item_list import ItemList
from widgets.lines_view import LinesView
from widgets.resource_tree import ResourceTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import BindingType

_PRESSED_TOGETHER = ("ctrl", "shift", "alt", "super", "meta", "hyper")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the screen and the commands that are its own."""

    title: str
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two commands that are reachable at the same time and ask for the same key."""

    command: str
    other: str
    key: str


def places() -> tuple[Place, ...]:
    """All commands, by the part of the screen where they hold."""
    return (
        Place("The window", (*(command.binding() for command in keys.MAIN), *_own(IptuiApp.BINDINGS))),
        Place("The tree", _own(ResourceTree.BINDINGS)),
        Place("The detail", _own(LinesView.BINDINGS)),
        Place("The search", _own(FilterLine.BINDINGS)),
        Place("A fix", (*_own(Dialog.BINDINGS), *_own(PlanScreen.BINDINGS), *_own(BatchScreen.BINDINGS))),
        Place("A choice", _own(Choice.BINDINGS)),
        Place("A list of fixes", _own(ItemList.BINDINGS)),
        Place("The journal", _own(JournalScreen.BINDINGS)),
        Place("Asking", _own(AskScreen.BINDINGS)),
        Place("The explanation", _own(ExplainScreen.BINDINGS)),
        Place("Recent denials", _own(DenialsScreen.BINDINGS)),
        Place("The help", _own(HelpScreen.BINDINGS)),
    )


def defaults() -> dict[str, str]:
    """The keys of every command as they are without settings, by command."""
    return {binding.id: binding.key for place in places() for binding in place.bindings if binding.id}


def clashes(keymap: Mapping[str, str]) -> list[Clash]:
    """Where the settings give a key to a command that another one in reach has.

    Commands that share a key from the start, such as escape in an open list and in its dialog, may do so.
    """
    found = []
    usual = defaults()
    for names in _reachable_together():
        for one, other in combinations(names, 2):
            if one not in keymap and other not in keymap:
                continue
            shared = _keys_of(one, keymap, usual) & _keys_of(other, keymap, usual)
            shared -= _keys_of(one, {}, usual) & _keys_of(other, {}, usual)
            if shared:
                first, second = (one, other) if one in keymap else (other, one)
                found.append(Clash(first, second, min(shared)))
    return found


def unknown_key(keys_wanted: str) -> str | None:
    """The first of some keys, as the settings write them, that no keyboard has; None where all are known."""
    for key in (part.strip() for part in keys_wanted.split(",")):
        *held, name = key.split("+") if len(key) > 1 else (key,)
        if any(part not in _PRESSED_TOGETHER for part in held) or not _is_key(name):
            return key
    return None


def _is_key(name: str) -> bool:
    if len(name) == 1 or name in {key.value for key in Keys} or name in KEY_NAME_REPLACEMENTS.values():
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _reachable_together() -> Iterable[list[str]]:
    """The commands that a key press can reach at one moment, by where the focus is."""
    names = {place.title: [b.id for b in place.bindings if b.id] for place in places()}
    always = [binding.id for binding in _own(IptuiApp.BINDINGS) if binding.id]
    yield [*names["The window"], *names["The tree"]]
    yield [*names["The window"], *names["The detail"]]
    for inner in ("A choice", "A list of fixes"):
        yield [*names["A fix"], *names[inner], *always]
    yield [*names["The journal"], *always]
    for place in ("The explanation", "Recent denials"):
        yield [*names[place], *names["The detail"], *always]
    yield [*names["The help"], *always]
    for inner in ("A choice", "The detail"):
        yield [*names["Asking"], *names[inner], *always]


def _keys_of(command: str, keymap: Mapping[str, str], usual: Mapping[str, str]) -> frozenset[str]:
    """The keys of a command in the spelling of the key events: `/` is slash."""
    made = Binding.make_bindings([Binding(keymap.get(command, usual[command]), "none")])
    return frozenset(binding.key for binding in made)


def _own(bindings: Iterable[BindingType]) -> tuple[Binding, ...]:
    return tuple(binding for binding in bindings if isinstance(binding, Binding))
