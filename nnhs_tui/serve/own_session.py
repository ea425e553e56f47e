"""A session of one's own: a kiosk in a process, whose terminal is the viewer's.

Editing and the self-test need a whole debugger. It can do no more than `run --kiosk`: no file but
the scenarios that were named is read, and none is written.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence

READ_AT_ONCE = 16 * 1024


class OwnSession:
    """One process on a pseudo-terminal.

    Args:
        paths: the scenarios' files, the first one opened.
        environment: the terminal's name and locale.
        write: what is drawn goes there.
        ended: called once it has ended.

    Raises:
        OSError: the system has no room for another one.
    """

    def __init__(
        self,
        paths: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int],
        write: Callable[[str], None],
        ended: Callable[[], None],
    ) -> None:
        self._write, self._ended = write, ended
        self._loop = asyncio.get_running_loop()
        self._master, slave = os.openpty()
        try:
            self._set_size(size)
            own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nnhs_tui", "run", "--kiosk", *paths],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env={**own, **environment},
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self._is_over = False
        self._is_read = False
        os.set_blocking(self._master, False)
        self.go_on()

    def _set_size(self, size: tuple[int, int]) -> None:
        width, height = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def go_on(self) -> None:
        """Read on what is drawn."""
        if not self._is_read and not self._is_over:
            self._is_read = True
            self._loop.add_reader(self._master, self._read)

    def pause(self) -> None:
        """Read nothing more until what was written is taken: the process waits."""
        if self._is_read:
            self._is_read = False
            self._loop.remove_reader(self._master)

    def _read(self) -> None:
        try:
            data = os.read(self._master, READ_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._write(data.decode("utf-8", "replace"))
        else:
            self.end()

    def type(self, text: str) -> None:
        """What was typed; what the process does not take is dropped."""
        with contextlib.suppress(OSError):
            os.write(self._master, text.encode("utf-8", "replace"))

    def resize(self, size: tuple[int, int]) -> None:
        """The terminal has another size."""
        with contextlib.suppress(OSError):
            self._set_size(size)
            os.kill(self._process.pid, signal.SIGWINCH)

    def end(self) -> None:
        """End the process, if it is still there."""
        if self._is_over:
            return
        self.pause()
        self._is_over = True
        os.close(self._master)
        if self._process.poll() is None:
            self._process.terminate()
            self._loop.run_in_executor(None, self._bury)
        self._ended()

    def _bury(self) -> None:
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
