"""What went wrong without being shown, for whoever looks for a mistake in the program."""

from __future__ import annotations

import contextlib
import logging
import os

from nnhs_tui.scenario.reading.contents import Unreadable, open_regular

FILE = "NNHS_TUI_LOG"
"""The environment variable that names a file to write it to."""


def begin_log() -> None:
    """Write the log to the file the environment names; where there is none, nowhere."""
    logger = logging.getLogger("nnhs_tui")
    if logger.handlers:
        return
    # Without any handler warnings would be written over the screen.
    logger.addHandler(logging.NullHandler())
    if not (name := os.environ.get(FILE)):
        return
    # A log that cannot be written keeps nobody from the program.
    with contextlib.suppress(OSError, Unreadable):
        # Made where it is not there; anything but a file is not written to, nor waited for.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(name, os.O_CREAT | os.O_EXCL, 0o600))
        opened = open_regular(name, os.O_WRONLY | os.O_APPEND)
        handler = logging.StreamHandler(os.fdopen(opened, "w", encoding="utf-8"))
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
