"""A choice in one line: left and right go through it, enter opens the list, typing narrows the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from widgets.severity import MUTED, UNICODE
from widgets.text import pad, plain, safe, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Click

    from widgets.severity import Glyphs

BOX = 34


@dataclass(frozen=True, slots=True)
class Choosable:
    """`hint` says what speaks for it or against it."""

    value: str
    label: str
    hint: str = ""


class _Box(Widget, can_focus=True):
    """The closed choice: the chosen label in a box, its hint beside it."""

    DEFAULT_CSS = """
    _Box { height: 1; }
    _Box > .choice--box { background: $panel; }
    _Box:focus > .choice--box { background: $iptui-accent; color: $background; text-style: bold; }
    _Box:focus:nocolor > .choice--box { text-style: bold underline; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--box"}

    def __init__(self, glyphs: Glyphs, width: int) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._width = width
        self._shown: Choosable | None = None
        self._more = False

    def show(self, chosen: Choosable | None, *, more: bool) -> None:
        self._shown, self._more = chosen, more
        self.refresh()

    def render(self) -> Content:
        if self._shown is None:
            return plain("nothing to choose from", MUTED)
        width = min(self._width, max(self.size.width - 4, 8))
        label = shorten(self._shown.label, width - 4)
        arrow = self._glyphs.down if self._more else " "
        box = Content(f" {pad(label, width - 4)} {arrow} ").stylize(self.get_visual_style("choice--box"))
        room = max(self.size.width - width - 2, 0)
        return Content.assemble(box, "  ", plain(shorten(self._shown.hint, room), MUTED))


class Choice(Vertical):
    """The owner gives the choosables; what was chosen comes back as a message, once for each change."""

    DEFAULT_CSS = """
    Choice { height: auto; }
    Choice > Input { display: none; height: 1; border: none; padding: 0 1; width: 34; background: $panel; }
    Choice > OptionList { display: none; height: auto; max-height: 8; border: none; padding: 0; width: 1fr; }
    Choice > OptionList { background: $surface; }
    Choice > Input:focus, Choice > OptionList:focus { border: none; }
    Choice.open > Input, Choice.open > OptionList { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous", show=False, id="choice.previous"),
        Binding("right", "step(1)", "Next", show=False, id="choice.next"),
        Binding("space", "open", "Open the list", show=False, id="choice.open"),
        Binding("down", "down", "Into the list", show=False, id="choice.down"),
        Binding("escape", "close", "Close the list", show=False, id="choice.close"),
    ]

    @dataclass
    class Chosen(Message):
        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(
        self,
        *,
        glyphs: Glyphs = UNICODE,
        width: int = BOX,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`width` is that of the box, in cells."""
        super().__init__(id=id)
        self._all: tuple[Choosable, ...] = ()
        self._index = 0
        self._box = _Box(glyphs, width)

    def compose(self) -> ComposeResult:
        yield self._box
        yield Input(placeholder="type to narrow")
        yield OptionList(markup=False)

    @property
    def value(self) -> str | None:
        return self._all[self._index].value if self._all else None

    @property
    def is_open(self) -> bool:
        return self.has_class("open")

    def offer(self, choosables: Sequence[Choosable], value: str | None = None) -> None:
        """Show these; `value` is the chosen one, else the first. Says nothing: the owner knows."""
        self._all = tuple(choosables)
        values = [choosable.value for choosable in self._all]
        self._index = values.index(value) if value in values else 0
        self._redraw()

    def focus_box(self) -> None:
        self._box.focus()

    def action_step(self, step: int) -> None:
        if self._all and not self.is_open:
            self._choose((self._index + step) % len(self._all))

    def action_open(self) -> None:
        if len(self._all) < 2 or self.is_open:
            return
        self.add_class("open")
        field = self.query_one(Input)
        field.value = ""
        self._fill("")
        field.focus()

    def action_down(self) -> None:
        if self.is_open:
            self.query_one(OptionList).focus()
        else:
            self.action_open()

    def action_close(self) -> None:
        if self.is_open:
            self.remove_class("open")
            self._box.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape belongs to the dialog while the list is closed; space and arrows to the field while open."""
        if action == "close":
            return self.is_open
        if action in ("step", "open"):
            return not self.is_open
        return True

    def on_click(self, event: Click) -> None:
        if event.widget is self._box:
            event.stop()
            self.action_open()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        options = self.query_one(OptionList)
        if options.option_count:
            highlighted = options.highlighted or 0
            self._take(options.get_option_at_index(highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option_id)

    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        options = self.query_one(OptionList)
        options.clear_options()
        for index, item in enumerate(self._all):
            text = f"{item.label} {item.hint}".casefold()
            if all(word in text for word in words):
                line = Content.assemble(plain(item.label), "  ", plain(item.hint, MUTED))
                options.add_option(Option(line, id=str(index)))
        if options.option_count:
            options.highlighted = 0

    def _take(self, option_id: str | None) -> None:
        self.action_close()
        if option_id is not None:
            self._choose(int(option_id))

    def _choose(self, index: int) -> None:
        if index != self._index:
            self._index = index
            self._redraw()
            self.post_message(self.Chosen(self, safe(self._all[index].value)))

    def _redraw(self) -> None:
        self._box.show(self._all[self._index] if self._all else None, more=len(self._all) > 1)
