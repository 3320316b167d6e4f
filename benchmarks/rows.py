"""What a measurement yields: one value of iptui's, what it is held against, and what was aimed at."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`ours` and `theirs` are in `unit`.

    `at_most` is the aim for ours / theirs, `at_least` the aim for theirs / ours (so many times faster); give
    one of them, or neither for a value that only informs. `note` is for what a reader must know of the
    value, such as that it was extrapolated.
    """

    what: str
    ours: float
    unit: str = "s"
    against: str = ""
    theirs: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        if self.theirs is None or not self.ours or not self.theirs:
            return None
        return self.ours / self.theirs if self.at_least is None else self.theirs / self.ours

    @property
    def reached(self) -> bool | None:
        """Whether the aim was reached, None where there is none."""
        ratio = self.ratio
        if ratio is None or self.at_most is self.at_least is None:
            return None
        return ratio <= self.at_most if self.at_most is not None else ratio >= self.at_least
