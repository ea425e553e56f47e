"""Programs on pseudo-terminals, and when each has drawn something."""

from __future__ import annotations

import contextlib
import os
import pty
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from types import TracebackType


class PtyGroup:
    """Some programs, each on a terminal of 80 × 24."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self.pids: list[int] = []
        self._selector = selectors.DefaultSelector()
        self._masters: list[int] = []
        self._begun: set[int] = set()
        for command in commands:
            pid, master = pty.fork()
            if pid == 0:
                os.environ["TERM"] = "xterm-256color"
                os.execvp(command[0], list(command))
            os.set_blocking(master, False)
            self.pids.append(pid)
            self._masters.append(master)
            self._selector.register(master, selectors.EVENT_READ)

    def __enter__(self) -> PtyGroup:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for pid, master in zip(self.pids, self._masters, strict=True):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(master)

    def _drain(self, seconds: float) -> set[int]:
        """What has come within some seconds: the terminals it came from."""
        heard = set()
        for key, _ in self._selector.select(seconds):
            with contextlib.suppress(OSError):
                os.read(key.fd, 65536)
                heard.add(key.fd)
        return heard

    def wait_quiet(self, seconds: float = 1.0) -> None:
        """Wait until all have begun to draw, and nobody draws any more."""
        silent = set(self._masters) - self._begun
        while silent:
            self._begun |= self._drain(1.0)
            silent -= self._begun
        while self._drain(seconds):
            pass

    def press_all(self, key: str) -> float:
        """Press a key on all of them; seconds until the last one has drawn."""
        return self.when_all_heard(
            lambda: [os.write(master, key.encode()) for master in self._masters]
        )

    def when_all_heard(self, act: Callable[[], object]) -> float:
        """Seconds from doing something until the last of them has drawn."""
        self.wait_quiet(0.3)
        begun, missing = time.monotonic(), set(self._masters)
        act()
        while missing and time.monotonic() - begun < 30:
            missing -= self._drain(1.0)
        return time.monotonic() - begun
