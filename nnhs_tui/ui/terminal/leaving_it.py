"""Leaves the terminal as it was, whatever ends the program.

Textual reads a standard input that has ended for ever, and a signal ends it without putting the
terminal back.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

GRACE = 2.0
"""Seconds after which the program ends without having put everything back."""

SIGNALS = ("SIGTERM", "SIGHUP")

LARGEST = (800, 300)
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
    end_at_last(code)
    app.exit(code, return_code=code)


def end_at_last(code: int) -> None:
    """See to it that the program has ended after a while, whatever it is busy with."""
    guard = threading.Timer(GRACE, os._exit, (code,))
    guard.daemon = True
    guard.start()


def size_of(file_number: int) -> tuple[int, int]:
    """Columns and rows of a terminal, as much of it as is drawn on.

    The terminal itself is asked: exported COLUMNS and LINES are those of its start.
    """
    try:
        columns, rows = os.get_terminal_size(file_number)
    except (OSError, ValueError):
        columns, rows = 0, 0
    return within_largest(*((columns, rows) if columns and rows else shutil.get_terminal_size()))


def is_behind(file_number: int) -> bool:
    """Whether a shell, or another program, has the terminal just now."""
    try:
        return os.tcgetpgrp(file_number) != os.getpgrp()
    except OSError:
        # It is gone, or nobody's in particular.
        return False


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
