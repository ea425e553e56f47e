"""Textual's driver for a terminal, made to end with it and to leave it as it was."""

from __future__ import annotations

import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

from nnhs_tui.present.signs import one_cell_each
from nnhs_tui.ui.terminal import end, has_shell, is_behind, size_of, within_largest

if TYPE_CHECKING:
    from nnhs_tui.ui.app import NnhsApp


HEARD = 0.1
"""Seconds after which all signals that came together are heard."""


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


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal, which ends the program with its input."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        # Where whoever began the program will not have it stopped, it is not.
        self._may_stop = signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN
        super().__init__(*arguments, **keywords)
        self._is_behind = False
        """Whether it goes on while somebody else has the terminal."""
        # Textual draws on standard error, which may have been sent elsewhere.
        self._file = Output(sys.__stdout__, self._has_gone)  # type: ignore[assignment]
        self._size = self._size or self._get_terminal_size()

    @property
    def app(self) -> NnhsApp:
        """The program."""
        return self._app  # type: ignore[return-value]

    @property
    def can_suspend(self) -> bool:
        return self._may_stop and has_shell()

    def _has_gone(self) -> None:
        self._loop.call_soon_threadsafe(end, self._app, 128 + signal.SIGHUP)

    def _sigtstp_application(self, *details: Any) -> None:
        if self.can_suspend:
            super()._sigtstp_application(*details)

    def _sigcont_application(self, *details: Any) -> None:
        self._is_behind = is_behind(self.fileno)
        if self._is_behind:
            # Perhaps it goes on only to be ended: what else was sent is heard first.
            self._loop.call_soon_threadsafe(self._loop.call_later, HEARD, self._stop_again)
            return
        if self._auto_restart and not self._must_signal_resume:
            # It was stopped without being asked, and somebody else may have used the terminal.
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application(*details)

    def _stop_again(self) -> None:
        """Wait for the terminal, unless it was given back, or the program is being left."""
        if self._is_behind and not self._app._exit:
            os.kill(os.getpid(), signal.SIGSTOP)

    def disable_input(self) -> None:
        if not self._is_behind:
            super().disable_input()
            return
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join()

    def stop_application_mode(self) -> None:
        # A terminal that others have is left to them: touching it would stop the program again.
        if self._is_behind:
            self.disable_input()
        else:
            super().stop_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        return size_of(self.fileno)

    def process_message(self, message: Message) -> None:
        if isinstance(message, Resize):
            size = Size(*within_largest(*message.size))
            message = Resize(size, size, size, message.pixel_size)
        super().process_message(message)

    def write(self, data: str) -> None:
        if self._is_behind:
            return
        # What is drawn by others than us, such as what a person types, is not laid out anew.
        data = one_cell_each(data, self.app.look.signs)
        super().write(data)
        cast = self.app.files.cast
        if cast is not None and (fault := cast.write(data)):
            self._loop.call_soon_threadsafe(self.app.show_fault, fault)

    def run_input_thread(self) -> None:
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        # The only kind that can also wait for a file, or for nothing at all.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                events: list[Any] = []
                if selector.select(0.1):
                    if is_behind(self.fileno):
                        # What is typed is not for us, and reading it would stop the program.
                        self.exit_event.wait(0.1)
                        continue
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
