"""Where self-tests are kept: in the user's folder (`log`), or only as long as the program runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

from nnhs_tui.selftest.log import KEPT, is_finished, replayed, went_wrong_in
from nnhs_tui.selftest.selftest import SelfTest
from nnhs_tui.selftest.setting import Setting


class Lines(Protocol):
    """Where the lines of a test under way are written down."""

    def add(self, line: str, *, settle: bool = False) -> str:
        """Write a line down; gives why that went wrong, or ""."""

    def close(self) -> None:
        """Take no more lines."""


class Shelf(Protocol):
    """What `log` does with files, wherever it is done."""

    def begin(self, setting: Setting, /) -> Lines:
        """A new test."""

    def go_on(self, kept: Any, /) -> tuple[SelfTest, Lines]:
        """A test as it was left."""

    def unfinished(self, path_of_scenario: str = "", /) -> Iterator[tuple[Any, Setting]]:
        """The tests of a scenario that are not finished, the one left last first."""

    def went_wrong_last_time(self, path_of_scenario: str, /) -> tuple[str, ...]:
        """What went wrong in the last test of a scenario in which anything was answered."""


class MemoryLog:
    """The lines of one test."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.lines: list[str] = []
        self._is_open = True

    def add(self, line: str, *, settle: bool = False) -> str:
        """Add a line, which never goes wrong here."""
        if self._is_open:
            self.lines.append(line)
        return ""

    def open(self) -> None:
        """Take lines again."""
        self._is_open = True

    def close(self) -> None:
        """Take no more lines."""
        self._is_open = False


class Memory:
    """Self-tests that are kept as long as the program runs, and never on a disk."""

    def __init__(self) -> None:
        self._logs: deque[MemoryLog] = deque(maxlen=KEPT)
        """The one written to last is the last."""

    def begin(self, setting: Setting) -> MemoryLog:
        """A new test."""
        self._logs.append(MemoryLog(setting))
        return self._logs[-1]

    def go_on(self, kept: MemoryLog) -> tuple[SelfTest, MemoryLog]:
        """A test as it was left.

        Raises:
            NnhsError: its scenario cannot be computed.
        """
        test = replayed(kept.setting, kept.lines)
        kept.open()
        self._logs.remove(kept)
        self._logs.append(kept)
        return test, kept

    def unfinished(self, path_of_scenario: str = "") -> Iterator[tuple[MemoryLog, Setting]]:
        """The tests that are not finished, the one left last first; of one scenario, or of all."""
        for each in reversed(self._logs):
            is_wanted = path_of_scenario in ("", each.setting.path)
            if is_wanted and each.lines and not is_finished(each.lines):
                yield each, each.setting

    def went_wrong_last_time(self, path_of_scenario: str) -> tuple[str, ...]:
        """What went wrong in the last test of a scenario in which anything was answered."""
        for each in reversed(self._logs):
            if each.setting.path == path_of_scenario and "mark" in each.lines:
                return went_wrong_in(each.setting, each.lines)
        return ()
