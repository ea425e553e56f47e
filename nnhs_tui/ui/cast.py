"""Recording what the terminal shows, as an asciicast of version 2 that players replay.

Every line is on the disk whole before the next one begins, so that the file can be played whatever
ends the program. Of keys nothing is recorded.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from typing import Any

from nnhs_tui.characters import in_json, printable
from nnhs_tui.scenario.writing import cannot_begin

LONGEST_PAUSE = 5.0
"""Seconds after which a player goes on with what comes next."""
PAGE = 4096
"""Bytes of a page of memory. Something that kills the program can cut a write where one ends."""
SHORTEST = 64
"""Bytes that a line with a single character, or a size, has at most."""
LONGEST_TITLE = 200

SEQUENCE = re.compile(
    r"\x1b\[([0-?]*)([ -/]*)([@-~])"
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\`-~]"
    r"|[\x00-\x06\x10-\x1f\x7f-\x9f]",
    re.DOTALL,
)
"""What commands a terminal: CSI with its parameters, intermediates and last sign; a string, such as
a title or what is copied; other escapes; control characters that put nothing on the screen."""
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_](?:(?!\x07|\x1b\\).)*|[ -/]*)\Z", re.DOTALL)
DRAWING = frozenset("@ABCDEFGHIJKLMPSTXZ`abdefgm")
"""Last signs of the CSI sequences that move, erase, scroll or colour, and are never answered."""
MODES = frozenset(("7", "25", "1049"))
"""Switches a player takes over: wrapping at the margin, the cursor, the alternate screen."""
ESCAPES = frozenset(("\x1b7", "\x1b8", "\x1bD", "\x1bE", "\x1bM", "\x1b(0", "\x1b(B"))
"""Keep and restore the cursor, scroll, and the sets of characters."""


def for_players(text: str) -> str:
    r"""What of a program's output may be replayed into another terminal: what draws.

    Left out is what a terminal would answer, into the viewer's shell; what switches on reports of
    the mouse and of keys; and what reaches beyond the screen, such as the clipboard.

    >>> for_players("\x1b[?1049h\x1b[?1000h\x1b[?2026$p\x1b[>29u\x1b[c\x1b[1;3H\x1b[1mhidden")
    '\x1b[?1049h\x1b[1;3H\x1b[1mhidden'
    """
    # A terminal makes the beginning of a line of every new one; players need not.
    return re.sub(r"(?<!\r)\n", "\r\n", SEQUENCE.sub(_if_drawing, text))


def _if_drawing(found: re.Match[str]) -> str:
    parameters, between, last = found.groups()
    if last is None:
        return found[0] if found[0] in ESCAPES else ""
    if last in "hl" and parameters.startswith("?"):
        draws = MODES.issuperset(parameters[1:].split(";"))
    else:
        draws = last in DRAWING and not parameters.startswith(("<", "=", ">", "?"))
    return found[0] if draws and not between else ""


class Cast:
    """A recording that grows with everything the terminal is told.

    Raises:
        ScenarioError: the file is there already, or cannot be written.
    """

    def __init__(self, path: str, title: str, size: tuple[int, int]) -> None:
        self._path = path
        self._size = size
        self._length = 0
        self._rest = ""
        """The beginning of a sequence whose end is still to come."""
        self._lock = threading.Lock()
        try:
            self._file = open(path, "xb", buffering=0)  # noqa: SIM115
        except (OSError, ValueError) as error:
            raise cannot_begin(path, error) from error
        try:
            self._append(_header(title, size))
        except OSError as error:
            self.discard()
            raise cannot_begin(path, error) from error
        self._begun = time.monotonic()

    def write(self, text: str) -> str:
        """Record what the terminal is told; what went wrong, "" if nothing did."""
        with self._lock:
            text = self._rest + text
            unfinished = UNFINISHED.search(text)
            end = unfinished.start() if unfinished else len(text)
            self._rest = text[end:]
            return self._event("o", for_players(text[:end]))

    def resize(self, width: int, height: int) -> str:
        """Record the terminal's size, where it is another one; see `write`."""
        with self._lock:
            if (width, height) == self._size:
                return ""
            self._size = (width, height)
            return self._event("r", f"{width}x{height}")

    def close(self) -> None:
        """End the recording."""
        with self._lock:
            self._file.close()

    def discard(self) -> None:
        """End the recording, and leave no file."""
        self.close()
        os.unlink(self._path)

    def _event(self, kind: str, data: str) -> str:
        if self._file.closed or not data:
            return ""
        try:
            self._put(round(time.monotonic() - self._begun, 6), kind, data)
        except OSError as error:
            self._file.close()
            return f"the cast ends here: it cannot be written ({error.strerror or error})"
        return ""

    def _put(self, seconds: float, kind: str, data: str) -> None:
        """Append an event, in parts where it would reach into the next page."""
        line = _line([seconds, kind, data])
        left = PAGE - self._length % PAGE - len(line)
        if left < 0:
            middle = len(data) // 2
            self._put(seconds, kind, data[:middle])
            self._put(seconds, kind, data[middle:])
            return
        self._append(line[:-1] + b" " * left + b"\n" if left < SHORTEST else line)

    def _append(self, line: bytes) -> None:
        """Append a line, or nothing of it."""
        try:
            written = 0
            while written < len(line):
                written += self._file.write(line[written:])
        except OSError:
            os.ftruncate(self._file.fileno(), self._length)
            raise
        self._length += len(line)


def _header(title: str, size: tuple[int, int]) -> bytes:
    width, height = size
    return _line(
        {
            "version": 2,
            "width": width,
            "height": height,
            "timestamp": int(time.time()),
            "idle_time_limit": LONGEST_PAUSE,
            "title": printable(title[:LONGEST_TITLE]),
            "env": {"TERM": printable(os.environ.get("TERM", "")[:SHORTEST])},
        }
    )


def _line(value: Any) -> bytes:
    # Half a surrogate pair, and what commands a terminal, is escaped.
    return in_json(json.dumps(value, ensure_ascii=False)).encode() + b"\n"
