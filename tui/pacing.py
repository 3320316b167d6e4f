"""When what arrived is taken in and when it is drawn: keys come first, and neither waits for ever."""

from __future__ import annotations

import time

FRAME_SECONDS = 0.1
"""The tree is drawn anew at most ten times a second, so that a flood of pages costs one repaint a frame."""
TURN_SECONDS = 0.04
"""How often it is looked whether something arrived to be taken in and judged, a part at a time."""
AWAY_SECONDS = 1.0
"""So long after a key somebody is still at them."""
REST_SECONDS = 0.004
"""Between turns while there is more: what a key sets off goes through many small steps, and needs a gap."""
KEY_SECONDS = 0.04
"""So long after a key no turn is taken, whatever is waiting: until then its answer is drawn."""
MOST_SECONDS = 0.15
"""So long after the last turn or frame the next one comes even if key follows key."""


class Pacing:
    """Remembers when a key was pressed, when a turn or frame began, and when was drawn last."""

    def __init__(self) -> None:
        self._pressed_at = 0.0
        self._begun_at = 0.0
        self._drawn_at = 0.0

    def pressed(self) -> None:
        self._pressed_at = time.monotonic()

    def begun(self) -> None:
        """A turn or a frame begins."""
        self._begun_at = time.monotonic()

    def drawn(self) -> None:
        self._drawn_at = time.monotonic()

    @property
    def is_answering(self) -> bool:
        """Whether a key was just pressed, whose answer nothing else should hold up."""
        return time.monotonic() - self._pressed_at < KEY_SECONDS

    @property
    def is_at_keys(self) -> bool:
        """Whether somebody is at the keys."""
        return time.monotonic() - self._pressed_at < AWAY_SECONDS

    @property
    def is_frame_due(self) -> bool:
        return time.monotonic() - self._drawn_at >= FRAME_SECONDS

    @property
    def wait(self) -> float:
        """Seconds for which nothing may be taken from a key; 0 where there is none to be answered."""
        now = time.monotonic()
        left = min(KEY_SECONDS - (now - self._pressed_at), MOST_SECONDS - (now - self._begun_at))
        return max(left, REST_SECONDS) if left > 0 else 0.0

    def pause(self, *, is_drawn: bool) -> float:
        """Seconds until there may be something to take in, or to draw of what is not drawn yet."""
        if is_drawn:
            return TURN_SECONDS
        due = self._drawn_at + FRAME_SECONDS - time.monotonic()
        return max(min(due, TURN_SECONDS), REST_SECONDS)
