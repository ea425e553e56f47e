"""Textual's driver for a terminal, made to end with it and to leave it as it was."""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO

from textual.drivers.linux_driver import LinuxDriver
from textual.events import MouseEvent, Resize
from textual.geometry import Size
from textual.message import Message

from nnhs_tui.present.text.signs import one_cell_each
from nnhs_tui.ui.terminal.leaving_it import end, end_at_last, has_shell, is_behind, size_of
from nnhs_tui.ui.terminal.log import begin_log
from nnhs_tui.ui.terminal.terminal_input import SizeReported, TerminalParser

if TYPE_CHECKING:
    from nnhs_tui.ui.program import Program


HEARD = 0.1
"""Seconds after which all signals that came together are heard."""

MOST_WAITING = 256
"""Keys and reports that wait for the program at most; meanwhile nothing more is read."""

ENDURED = 5.0
"""Seconds for which more comes than the program can take, after which the rest is dropped: nobody
waits for what was typed so long ago."""

DROPPED = "more was typed than could be carried out: the rest of it is dropped"

LOOKED = 0.002
"""Seconds after which it is looked again whether the program has taken what waits."""


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
        begin_log()
        super().__init__(*arguments, **keywords)
        self._is_behind = False
        """Whether it goes on while somebody else has the terminal."""
        # Textual draws on standard error, which may have been sent elsewhere.
        self._file = Output(sys.__stdout__, self._has_gone)  # type: ignore[assignment]
        self._size = self._size or self._get_terminal_size()
        self._waiting = 0
        """How many keys and reports may still wait for the program."""
        self._flooded: float | None = None
        """Since when more has come than the program can take; None: it has taken everything."""
        # The signals' own handlers only wake the loop: what they do there is never broken off by
        # the next signal.
        if self._may_stop:
            self._loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        else:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        self._loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)

    @property
    def app(self) -> Program:
        """The program."""
        return self._app  # type: ignore[return-value]

    @property
    def can_suspend(self) -> bool:
        return self._may_stop and has_shell()

    def _has_gone(self) -> None:
        """To be called from any thread: the loop itself may be busy for long."""
        code = 128 + signal.SIGHUP
        end_at_last(code)
        self._loop.call_soon_threadsafe(end, self._app, code)

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

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:
            self._loop.add_signal_handler(signal.SIGWINCH, self._resized)
            self._resized()

    def _resized(self) -> None:
        self._app.post_message(self._resize())

    def _resize(self) -> Resize:
        """The size that the terminal has at this moment, which may have changed again."""
        size = Size(*self._get_terminal_size())
        return Resize(size, size)

    def _query_in_band_window_resize(self) -> None:
        """Not asked for: what a terminal reports of its size may be anything."""

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
        parser = TerminalParser()
        heard = time.monotonic()
        # The only kind that can also wait for a file, or for nothing at all.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                patience = parser.patience
                if selector.select(0.1 if patience is None else min(0.1, patience)):
                    if is_behind(self.fileno):
                        # What is typed is not for us, and reading it would stop the program.
                        self.exit_event.wait(0.1)
                        continue
                    data = self._read()
                    if not data:
                        self._has_gone()
                        return
                    heard = time.monotonic()
                    if self._endures():
                        self._hand_on(parser.feed(data))
                    else:
                        parser.skip(data)
                    continue
                if self._flooded is not None and not self._endures():
                    self._loop.call_soon_threadsafe(self.app.show_fault, DROPPED)
                self._rest()
                if patience is not None and time.monotonic() - heard >= patience:
                    self._hand_on(parser.give_up())

    def _rest(self) -> None:
        """Nothing comes: there is no flood, and what was taken waits no longer.

        Else a few keys, typed while the program computes for long, would wait behind all those
        before them, and be dropped for a flood.
        """
        self._flooded = None
        if self._waiting:
            self._loop.call_soon_threadsafe(self._forget_taken)

    def _forget_taken(self) -> None:
        if not self._has_untaken():
            self._waiting = 0

    def _endures(self) -> bool:
        """Whether what comes is still taken, though it may have to wait."""
        return self._flooded is None or time.monotonic() - self._flooded < ENDURED

    def _hand_on(self, messages: Iterable[Message]) -> None:
        """Give the program what was typed, no faster than it takes it."""
        for message in messages:
            if isinstance(message, MouseEvent) and not self._is_inside(message):
                continue
            if self._waiting >= MOST_WAITING and not self._all_taken():
                return
            self._waiting += 1
            self.process_message(self._resize() if isinstance(message, SizeReported) else message)

    def _is_inside(self, message: MouseEvent) -> bool:
        """Whether a mouse is where something can be drawn."""
        columns, rows = self._get_terminal_size()
        return 0 <= message.x < columns and 0 <= message.y < rows

    def _all_taken(self) -> bool:
        """Wait until the program has taken all that waits; False where no more is to be told."""
        begun = time.monotonic()
        taken = asyncio.run_coroutine_threadsafe(self._until_taken(), self._loop)
        while not self.exit_event.is_set():
            try:
                had_to_wait = taken.result(0.1)
            except TimeoutError:
                continue
            self._waiting = 0
            # A key that is held down comes no faster than it is taken.
            self._flooded = (self._flooded or begun) if had_to_wait else None
            return self._endures()
        taken.cancel()
        return False

    async def _until_taken(self) -> bool:
        """Wait for the program, and whoever it hands a key on to; whether that was necessary."""
        had_to_wait = False
        while not self._app._exit and self._has_untaken():
            had_to_wait = True
            await asyncio.sleep(LOOKED)
        return had_to_wait

    def _has_untaken(self) -> bool:
        """Whether something waits for the program, or for whoever it hands a key on to."""
        app = self._app
        takers = [app, *app.screen_stack[-1:], *([app.focused] if app.focused else [])]
        return any(taker.message_queue_size for taker in takers)

    def _read(self) -> bytes:
        """What was typed; nothing at the end of the input, or where the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
