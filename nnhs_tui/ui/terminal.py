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
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from nnhs_tui.present.signs import one_cell_each

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver
    from textual.message import Message

    from nnhs_tui.ui.cast import Cast

GRACE = 2.0
"""Seconds after which the program ends without having put everything back."""

SIGNALS = ("SIGTERM", "SIGHUP")

LARGEST = (1000, 500)
"""Columns and rows beyond which nothing is drawn: a terminal may say any size, and one of 65535 by
65535 would take gigabytes."""


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


def within_largest(columns: int, rows: int) -> tuple[int, int]:
    """The size of a terminal, as much of it as is drawn on."""
    return min(columns, LARGEST[0]), min(rows, LARGEST[1])


def has_shell() -> bool:
    """Whether there is a shell that takes the terminal while this program is stopped.

    Where the program is all there is in its session, as behind `ssh HOST nnhs-tui`, nobody could
    make it go on.
    """
    return os.getsid(0) != os.getpgrp()


def suspend() -> None:
    """Stop the program with all that was begun together with it, such as make."""
    os.kill(0, signal.SIGTSTP)


class Output:
    """What the program draws on, until it is gone."""

    def __init__(self, file: TextIO | None, has_gone: Callable[[], None]) -> None:
        self._file, self._has_gone = file, has_gone

    def write(self, text: str) -> None:
        self._guarded(lambda file: file.write(text))

    def flush(self) -> None:
        self._guarded(lambda file: file.flush())

    def fileno(self) -> int:
        """The file's number."""
        return -1 if self._file is None else self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file is not None and self._file.isatty()

    def _guarded(self, act: Callable[[TextIO], object]) -> None:
        if self._file is None:
            return
        try:
            act(self._file)
        except (OSError, ValueError):
            self._file = None
            self._has_gone()


def driver_class(cast: Cast | None = None) -> type[Driver] | None:
    """A driver that notices the end of its input; None for Textual's own.

    Args:
        cast: records what is written, as long as it can; what goes wrong is told to the app.
    """
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver
    from textual.events import Resize
    from textual.geometry import Size

    try:
        from textual._xterm_parser import XTermParser
    except ImportError:
        return None

    class TerminalDriver(LinuxDriver):
        """Textual's driver for a terminal, which ends the program with its input."""

        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            # Where whoever began the program will not have it stopped, it is not.
            self._may_stop = signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN
            super().__init__(*arguments, **keywords)
            # Textual draws on standard error, which may have been sent elsewhere.
            self._file = Output(sys.__stdout__, self._has_gone)  # type: ignore[assignment]
            self._size = self._size or self._get_terminal_size()

        @property
        def can_suspend(self) -> bool:
            return self._may_stop and has_shell()

        def _has_gone(self) -> None:
            self._loop.call_soon_threadsafe(end, self._app, 128 + signal.SIGHUP)

        def _sigtstp_application(self, *details: Any) -> None:
            if self.can_suspend:
                super()._sigtstp_application(*details)

        def _sigcont_application(self, *details: Any) -> None:
            if self._auto_restart and not self._must_signal_resume:
                # It was stopped without being asked, and somebody else may have used the terminal.
                self.suspend_application_mode()
                self._must_signal_resume = True
            super()._sigcont_application(*details)

        def _get_terminal_size(self) -> tuple[int, int]:
            # From the terminal itself: exported COLUMNS and LINES are those of its start.
            try:
                columns, rows = os.get_terminal_size(self.fileno)
            except (OSError, ValueError):
                columns, rows = 0, 0
            size = (columns, rows) if columns and rows else super()._get_terminal_size()
            return within_largest(*size)

        def process_message(self, message: Message) -> None:
            if isinstance(message, Resize):
                size = Size(*within_largest(*message.size))
                message = Resize(size, size, size, message.pixel_size)
            super().process_message(message)

        def write(self, data: str) -> None:
            # What is drawn by others than us, such as what a person types, is not laid out anew.
            data = one_cell_each(data, self._app.look.signs)  # type: ignore[attr-defined]
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
                            self._has_gone()
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
