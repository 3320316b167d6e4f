"""A line to type or paste into, which holds no character that a terminal would obey."""

from __future__ import annotations

import unicodedata

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class LineInput(Input):
    """Control, direction and invisible characters are left out of whatever it is given."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """How long the text is. As wide as there is room, a line is nothing to lay the whole screen out anew for
    with each letter, as Textual does."""

    def validate_value(self, value: str) -> str:
        if value.isascii() and value.isprintable():
            return value
        return "".join(one for one in value if unicodedata.category(one) not in _OBEYED)
