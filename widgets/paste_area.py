"""A text to paste into, which draws whatever it holds without anything that a terminal would obey."""

from __future__ import annotations

import unicodedata

from rich.text import Text
from textual.widgets import TextArea

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SIGN = "\ufffd"


class PasteArea(TextArea):
    """A text area whose control, direction and invisible characters are drawn as `�`; the text keeps them."""

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: as long as the line itself, so that the cursor stands where it should."""
        return Text(drawable(self.document.get_line(line_index)), end="", no_wrap=True)


def drawable(line: str) -> str:
    """The line with a sign in the place of every character that must not reach a terminal."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(_SIGN if unicodedata.category(one) in _OBEYED else one for one in line)
