"""Textual's driver for a terminal on which the curtain stands: it draws over that, no empty screen first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.drivers.linux_driver import LinuxDriver

from tui.curtain import ENTER

if TYPE_CHECKING:
    from tui.curtain import Curtain


def driver_behind(curtain: Curtain) -> type[LinuxDriver]:
    """The driver that takes over from this curtain."""

    class BehindCurtain(LinuxDriver):
        _has_screen = False

        def start_application_mode(self) -> None:
            self._has_screen = curtain.is_up
            curtain.hand_over()
            super().start_application_mode()  # type: ignore[no-untyped-call]

        def write(self, data: str) -> None:
            if self._has_screen and data == ENTER:
                self._has_screen = False
                return
            super().write(data)

    return BehindCurtain
