"""What every key and every sign means."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui import keys
from widgets.lines_block import LinesBlock
from widgets.lines_view import wrapped
from widgets.severity import ACCENT, STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from textual.app import ComposeResult

    from widgets.severity import Glyphs, Level

KEY_WIDTH = 20
KEY_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "escape": "esc",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "pageup": "page up",
    "pagedown": "page down",
}
SIGNS: tuple[tuple[Level, str], ...] = (
    ("error", "error: something does not work, or will not at its next use"),
    ("warning", "warning: it will hurt, or it is wasted"),
    ("info", "note: worth knowing, nothing is broken"),
    ("unknown", "unknown: AWS did not let iptui read what the verdict needs"),
    ("done", "done, or a check that passed"),
)


class _Lines(LinesBlock):
    """Signs and keys; what does not fit beside one goes on below itself."""

    def __init__(self, rows: Iterable[tuple[Content, str]]) -> None:
        super().__init__()
        self._rows = tuple(rows)

    def lines(self, width: int) -> Iterator[Content]:
        for before, words in self._rows:
            first, *rest = wrapped(plain(words), width - before.cell_length) if words else [Content("")]
            yield Content.assemble(before, first)
            for line in rest:
                yield Content.assemble(" " * before.cell_length, line)


class HelpScreen(ModalScreen[None]):
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle; background: $background 60%;
        &> VerticalScroll {
            width: 90%; max-width: 84; height: auto; max-height: 96%; scrollbar-size-vertical: 1;
            background: $surface; padding: 1 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", show=False, id="help.close"),
    ]

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys and signs"
            yield _Lines(self._rows())

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _rows(self) -> Iterator[tuple[Content, str]]:
        """What stands first on a line, and the words beside it."""
        yield plain("Signs", "bold"), ""
        for level, words in SIGNS:
            yield Content.assemble("  ", plain(self._glyphs.of(level), STYLES[level]), "  "), words
        for title, rows in (
            ("In the tree", keys.TREE),
            ("Everywhere", None),
            ("In a fix", keys.FIX),
            ("In the journal", keys.JOURNAL),
            ("In an explanation", keys.EXPLAIN),
            ("In the recent denials", keys.DENIALS),
            ("When asking about an object", keys.ASK),
        ):
            yield Content(""), ""
            yield from _section(title, self._main() if rows is None else self._explained(rows))
        yield Content(""), ""
        yield from _section("Besides", (("ctrl+p", "lists everything by name; themes are there, too"),))

    def _main(self) -> Iterator[tuple[str, str]]:
        for command in keys.MAIN:
            yield ", ".join(_names(self._keymap.get(command.id, command.key))), command.help

    def _explained(self, rows: Iterable[keys.Explained]) -> Iterator[tuple[str, str]]:
        """The first key of each command of a row, all of them where it stands alone."""
        from tui.keymap import defaults  # it knows every screen, this one too

        bound = {**defaults(), **self._keymap}
        for commands, words in rows:
            found = [list(_names(bound[name])) for name in commands]
            shown = found[0] if len(found) == 1 else [names[0] for names in found]
            yield (", " if len(found) == 1 else " ").join(shown), words


def _names(keys_bound: str) -> Iterable[str]:
    return (KEY_NAMES.get(key.strip(), key.strip()) for key in keys_bound.split(","))


def _section(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[tuple[Content, str]]:
    yield plain(title, "bold"), ""
    for key, words in rows:
        yield Content.assemble("  ", plain(f"{key:<{KEY_WIDTH}}", ACCENT)), words
