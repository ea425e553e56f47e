"""Leaves the terminal as it was, whatever ends the program.

Textual reads a standard input that has ended for ever, and a signal ends it without putting the
terminal back.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import sys
import threading
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

    from nnhs_tui.ui.cast import Cast

GRACE = 2.0
"""Seconds after which the program ends without having put everything back."""

SIGNALS = ("SIGTERM", "SIGHUP")


def end_on_signals(app: App[int]) -> None:
    """Make SIGTERM and SIGHUP leave the program in the ordinary way."""
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        return
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, app, 128 + number)


def end(app: App[int], code: int) -> None:
    """Leave the program; where the terminal is gone, and writing to it waits for ever, at once."""
    guard = threading.Timer(GRACE, os._exit, (code,))
    guard.daemon = True
    guard.start()
    app.exit(code, return_code=code)


def driver_class(cast: Cast | None = None) -> type[Driver] | None:
    """A driver that notices the end of its input; None for Textual's own.

    Args:
        cast: records what is written, as long as it can; what goes wrong is told to the app.
    """
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    try:
        from textual._xterm_parser import XTermParser
    except ImportError:
        return None

    class TerminalDriver(LinuxDriver):
        """Textual's driver for a terminal, which ends the program with its input."""

        def write(self, data: str) -> None:
            super().write(data)
            if cast is not None and (fault := cast.write(data)):
                self._loop.call_soon_threadsafe(self._app.show_fault, fault)  # type: ignore[attr-defined]

        def run_input_thread(self) -> None:
            parser = XTermParser(self._debug)
            decode = getincrementaldecoder("utf-8")("replace").decode
            # The only kind that can also wait for a file, or for nothing at all.
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    events: list[Any] = []
                    if selector.select(0.1):
                        data = self._read()
                        if not data:
                            self._loop.call_soon_threadsafe(end, self._app, 128 + signal.SIGHUP)
                            return
                        events += parser.feed(decode(data))
                    events += parser.tick()
                    for event in events:
                        self.process_message(event)

        def _read(self) -> bytes:
            """What was typed; nothing at the end of the input, or where the terminal is gone."""
            try:
                return os.read(self.fileno, 4096)
            except OSError:
                return b""

    return TerminalDriver
