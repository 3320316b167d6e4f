"""A line to type or paste into, which holds no character that a terminal would obey."""

from __future__ import annotations

import unicodedata

from textual.widgets import Input

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class LineInput(Input):
    """Control, direction and invisible characters are left out of whatever it is given."""

    def validate_value(self, value: str) -> str:
        if value.isascii() and value.isprintable():
            return value
        return "".join(one for one in value if unicodedata.category(one) not in _OBEYED)
