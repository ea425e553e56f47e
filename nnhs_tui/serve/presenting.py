"""The presenter's debugger at the end of an SSH line. The session outlives the line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.ssh_session import MOST_AT_ONCE, NO_TERMINAL, Session
from nnhs_tui.ui.look import Look, look_afar
from nnhs_tui.ui.presenter_app import PresenterApp
from nnhs_tui.ui.terminal.remote_driver import RemoteDriver, driver_on

MakeApp = Callable[[type[RemoteDriver], Look], PresenterApp]


class Stage:
    """Who presents by SSH: one at a time, and whoever comes after them goes on at the same step.

    Args:
        make: makes the program on a driver, in the session that is there.
    """

    def __init__(self, audience: Audience, make: MakeApp) -> None:
        self.audience, self._make = audience, make
        self._here: Presenter | None = None
        self.is_taken = False
        """Whether somebody presents elsewhere."""

    def session(self, address: str) -> Presenter | None:
        """The session of one who comes; None while somebody else presents."""
        return None if self.is_taken or self._here is not None else Presenter(self, address)

    def enter(self, presenter: Presenter) -> bool:
        """Somebody begins to present."""
        if self._here is not None:
            return False
        self._here = presenter
        return True

    def app(self, presenter: Presenter, look: Look) -> PresenterApp:
        """The program for them."""
        return self._make(driver_on(presenter), look)

    def leave(self, presenter: Presenter) -> None:
        """They have gone; the hall waits for them."""
        if self._here is presenter:
            self._here = None
            self.audience.hall.wait(is_waiting=True)


class Presenter(Session):
    """The line of one who presents."""

    def __init__(self, stage: Stage, address: str) -> None:
        super().__init__(stage.audience, address)
        self._stage = stage
        self.size = (80, 24)
        self.driver: RemoteDriver | None = None
        self._app: PresenterApp | None = None
        self._task: asyncio.Task[None] | None = None

    def session_started(self) -> None:
        chan = self._chan
        assert chan is not None
        if not self._has_terminal:
            self.write(NO_TERMINAL)
            self.leave()
            return
        if not self._stage.enter(self):
            self.write("somebody else presents\r\n")
            self.leave()
            return
        width, height, *_ = chan.get_terminal_size()
        self.size = width or 80, height or 24
        self._app = self._stage.app(self, look_afar(self.environment()))
        self._task = asyncio.get_running_loop().create_task(self._run(self._app))

    async def _run(self, app: PresenterApp) -> None:
        try:
            await app.run_async(size=self.size)
        finally:
            self._stage.leave(self)
            self.leave()

    def data_received(self, data: str, datatype: int | None) -> None:
        if self.driver is not None:
            self.driver.typed(data[:MOST_AT_ONCE].encode("utf-8", "replace"))

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self.size = max(1, width), max(1, height)
        if self.driver is not None:
            self.driver.resized()

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end()
        self._stage.leave(self)

    def _end(self) -> None:
        if self._app is not None and self._app.is_running:
            self._app.exit(0)
