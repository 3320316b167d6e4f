"""What is put on the terminal before Textual is there, and taken away again if Textual never comes.

While it is up, the terminal shows its second screen and echoes nothing. Textual's driver takes over from it
without a gap (`tui.curtain_driver`).
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTER: Final = "\x1b[?1049h"
"""Shows the second screen, empty."""
_LEAVE: Final = "\x1b[0m\x1b[?1049l\x1b[?25h"
_HIDE_CURSOR: Final = "\x1b[?25l"
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)
"""What ends or stops the program without its being asked."""
_LOCAL: Final = 3
"""The place of the local modes among the attributes of a terminal."""


class Curtain:
    """Stands on the terminal from `draw` to `hand_over`, to whoever draws next, or to `take_down`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._attributes: list[Any] | None = None

    @property
    def is_up(self) -> bool:
        return self._attributes is not None

    def draw(self) -> None:
        """Raises OSError or termios.error where the terminal does not let it be; `take_down` is to follow."""
        attributes = termios.tcgetattr(sys.stdin.fileno())
        quiet = list(attributes)
        quiet[_LOCAL] &= ~termios.ECHO
        self._attributes = attributes
        for number in _ENDING:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, self._end)
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, quiet)
        _write(ENTER + _HIDE_CURSOR + self._text)

    def hand_over(self) -> None:
        """Leave what stands there to the next who draws; keys are echoed and signals end as before."""
        attributes, self._attributes = self._attributes, None
        if attributes is None:
            return
        for number in _ENDING:
            if signal.getsignal(number) == self._end:
                signal.signal(number, signal.SIG_DFL)
        with suppress(termios.error):  # the terminal is gone, and nobody is left to see what it echoes
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)

    def take_down(self) -> None:
        """Show again what stood on the terminal before, if nobody took over."""
        if self.is_up:
            self.hand_over()
            with suppress(OSError):  # as above
                _write(_LEAVE)

    def _end(self, number: int, _frame: object) -> None:
        self.take_down()
        os.kill(os.getpid(), number)


@contextmanager
def curtain(text: str | None) -> Iterator[Curtain | None]:
    """Put this on the terminal until somebody takes over or this ends; None puts up nothing.

    A terminal that does not let it be is left as it was: the program starts as without a curtain.
    """
    if text is None:
        yield None
        return
    shown = Curtain(text)
    try:
        try:
            shown.draw()
        except (OSError, termios.error):
            shown.take_down()
        yield shown
    finally:
        shown.take_down()


def _write(text: str) -> None:
    """To where Textual draws as well."""
    left = text.encode()
    while left:
        left = left[os.write(sys.stderr.fileno(), left) :]
