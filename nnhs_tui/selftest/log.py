"""The file of a self-test: every key and every answer is in it before its effect is seen.

One file a test, in the user's state folder. Its first line says what is asked, each further line
is one that moved the test on. Lines are only ever added, each in one piece, so that whatever ends
the program loses at most the key being typed. A file is open in one program at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from nnhs_tui.errors import NnhsError, Refusal, printable
from nnhs_tui.scenario.reading.contents import (
    Unreadable,
    open_regular,
    read_bytes,
    read_opened,
)
from nnhs_tui.selftest.selftest import SelfTest
from nnhs_tui.selftest.setting import Setting, setting_of

ENDING = ".selftest"
FORMAT = "nnhs-selftest/1"
KEPT = 200
"""Files that are kept; of those that are done the oldest are deleted."""

LARGEST = 32 * 2**20


def folder() -> Path:
    """Where the files are (platformdirs' state folder)."""
    from platformdirs import user_state_path

    return user_state_path("nnhs-tui", appauthor=False) / "selftests"


class Log:
    """The file of a test that is under way; closed it takes nothing more."""

    def __init__(self, handle: int, path: Path, *, is_used: bool) -> None:
        self.path = path
        self._is_used = is_used
        self._handle: int | None = handle
        self._waiting = b""
        self.fault = ""
        """Why what was added last is not on the disk; "" where it is."""

    def add(self, line: str, *, settle: bool = False) -> str:
        """Add a line, after those that could not be written before; gives the fault, or "".

        Args:
            settle: wait until the disk has it, so that even the power may go.
        """
        if self._handle is None:
            return self.fault
        self._is_used = self._is_used or not line.startswith("{")
        self._waiting += line.encode("utf-8") + b"\n"
        try:
            while self._waiting:
                self._waiting = self._waiting[os.write(self._handle, self._waiting) :]
            if settle:
                os.fsync(self._handle)
            self.fault = ""
        except OSError as error:
            self.fault = error.strerror or str(error)
        return self.fault

    def close(self) -> None:
        """Let go of the file; one in which nothing was done is deleted."""
        if self._handle is None:
            return
        with contextlib.suppress(OSError):
            if not self._is_used:
                self.path.unlink()
        with contextlib.suppress(OSError):
            os.close(self._handle)
        self._handle = None


def begin(setting: Setting) -> Log:
    """A new file.

    Raises:
        OSError: none can be made.
    """
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9_-]", "_", setting.name)[:40]
    path = place / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}-{secrets.token_hex(4)}{ENDING}"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
    _lock(handle)
    log = Log(handle, path, is_used=False)
    if fault := log.add(json.dumps({"format": FORMAT, **setting.as_data()}), settle=True):
        log.close()
        with contextlib.suppress(OSError):
            path.unlink()
        raise OSError(fault)
    _forget_old(place)
    return log


def go_on(path: Path) -> tuple[SelfTest, Log]:
    """A test as it was left, and its file.

    Raises:
        Refusal: it is open in another program, or holds no test.
        NnhsError: its scenario cannot be computed.
    """
    try:
        handle = open_regular(path, os.O_RDWR | os.O_APPEND)
    except Unreadable as error:
        raise Refusal(f"{printable(path.name)}: {error}") from error
    try:
        if not _lock(handle):
            raise Refusal("this test is open in another program: go on there, or close it first")
        setting, lines, size = _read(path, handle)
        # A file that is refused is left as it is.
        test = replayed(setting, lines)
        # A line that was cut off is not one: what comes next must not be joined to it.
        os.ftruncate(handle, size)
    except (NnhsError, OSError) as error:
        os.close(handle)
        if isinstance(error, OSError):
            raise Refusal(f"{printable(path.name)}: {error.strerror or error}") from error
        raise
    return test, Log(handle, path, is_used=True)


def replayed(setting: Setting, lines: list[str]) -> SelfTest:
    """The test that these lines made."""
    test = SelfTest(setting)
    for line in lines:
        test.apply(line)
    return test


def _read(path: Path, handle: int | None = None) -> tuple[Setting, list[str], int]:
    """(setting, lines, bytes up to the end of the last whole line) of a file.

    Args:
        handle: the file, where it is open.

    Raises:
        Refusal: it holds no test.
    """
    try:
        data = read_bytes(path, LARGEST) if handle is None else read_opened(handle, LARGEST)
    except Unreadable as error:
        raise Refusal(f"{printable(path.name)} holds no self-test: {error}") from None
    whole = data[: data.rfind(b"\n") + 1]
    head, *lines = whole.decode("utf-8", "replace").split("\n")
    try:
        found = json.loads(head)
        is_ours = found.pop("format", None) == FORMAT
    except (ValueError, AttributeError, TypeError, RecursionError):
        found, is_ours = None, False
    setting = setting_of(found) if is_ours else None
    if setting is None:
        raise Refusal(f"{printable(path.name)} holds no self-test")
    return setting, lines[:-1], len(whole)


def _newest(place: Path) -> list[Path]:
    """The files, the one written to last first."""
    found: list[tuple[int, Path]] = []
    with contextlib.suppress(OSError):
        for path in place.glob(f"*{ENDING}"):
            with contextlib.suppress(OSError):
                status = path.stat()
                if stat.S_ISREG(status.st_mode):
                    found.append((status.st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


def unfinished(path_of_scenario: str = "") -> Iterator[tuple[Path, Setting]]:
    """The tests that are not finished, the one left last first; of one scenario, or of all."""
    for path in _newest(folder()):
        with contextlib.suppress(Refusal, OSError):
            setting, lines, _ = _read(path)
            is_wanted = path_of_scenario in ("", setting.path)
            if is_wanted and lines and not is_finished(lines):
                yield path, setting


def went_wrong_last_time(path_of_scenario: str) -> tuple[str, ...]:
    """What went wrong in the last test of a scenario in which anything was answered."""
    for path in _newest(folder()):
        with contextlib.suppress(NnhsError, OSError):
            setting, lines, _ = _read(path)
            if setting.path == path_of_scenario and "mark" in lines:
                return went_wrong_in(setting, lines)
    return ()


def went_wrong_in(setting: Setting, lines: list[str]) -> tuple[str, ...]:
    """What went wrong in the test that these lines made."""
    from nnhs_tui.selftest.report import report

    return report(replayed(setting, lines)).went_wrong


def is_finished(lines: list[str]) -> bool:
    """Whether the end was reached, and nothing answered since."""
    changes = [line for line in lines if line == "finish" or line.startswith(("mark", "type"))]
    return bool(changes) and changes[-1] == "finish"


def _forget_old(place: Path) -> None:
    for path in _newest(place)[KEPT:]:
        with contextlib.suppress(OSError):
            try:
                lines = _read(path)[1]
            except Refusal:
                # It was broken off before anything was asked, or is not ours to judge.
                lines = [] if path.stat().st_size == 0 else ["type"]
            if not lines or is_finished(lines):
                path.unlink()


def _lock(handle: int) -> bool:
    """Keep a file for this program; False where another one has it."""
    try:
        import fcntl
    except ImportError:
        # Windows has no such locks; there nothing keeps a second program away.
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network file systems have no locks.
        return True
    return True
