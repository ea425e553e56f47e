"""A server in this process, and clients of both kinds that see what people would see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncssh
import pyte

from nnhs_tui.debugger.session import Session
from nnhs_tui.hall.asking import Asker
from nnhs_tui.hall.hall import Hall, Joining
from nnhs_tui.public import load
from nnhs_tui.serve.gate import Gate
from nnhs_tui.serve.serving import Doors, Opened, Server
from nnhs_tui.ui.presenter_app import PresenterApp
from nnhs_tui.ui.program import Files
from tests.waiting import SECONDS

CODE = "lesson"


async def until(condition: Callable[[], object], told: Callable[[], str] = str) -> None:
    """Wait until a condition holds; fails after `SECONDS`."""
    async with asyncio.timeout(SECONDS):
        try:
            while not condition():
                await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            raise AssertionError(told()) from None


class Terminal(asyncssh.SSHClientSession[str]):
    """A terminal at the end of an SSH line."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)
        self.is_over = False
        self.chan: Any = None

    def connection_made(self, chan: Any) -> None:
        self.chan = chan

    def data_received(self, data: str, datatype: int | None) -> None:
        self._stream.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def shows(self, text: str) -> None:
        await until(lambda: text in self.text, lambda: self.text)

    def type(self, text: str) -> None:
        self.chan.write(text)


class Page:
    """A browser at the end of a WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.rows: list[str] = []
        self.place: dict[str, Any] = {}
        self.said = self.over = ""
        self.is_over = False
        self.messages = 0
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            found = json.loads(message.data)
            self.messages += 1
            if found["is"] == "frame":
                if len(self.rows) != found["of"]:
                    self.rows = [""] * found["of"]
                for y, row in found["rows"].items():
                    self.rows[int(y)] = row
                self.said = found["said"]
            elif found["is"] == "place":
                self.place = found
            else:
                self.over = found["told"]
        self.is_over = True

    async def send(self, **message: object) -> None:
        await self.socket.send_json(message)


class Served:
    """A server with a session that is presented."""

    def __init__(self, server: Server, opened: Opened, session: Session, log: list[str]) -> None:
        self.server, self.opened, self.session, self.log = server, opened, session, log
        self.hall, self.asker = server.hall, Asker()
        self._clients: list[Any] = []

    def do(self, command: str) -> None:
        assert self.session.execute(command).kind != "refused"
        self.hall.show(self.session.scene())

    def ask(self, argument: str = "", *, hints: bool = True) -> None:
        self.hall.ask(self.asker.number(self.session, argument), hints=hints, seconds=None)

    async def connect(self, password: str = CODE, user: str = "ada", **more: Any) -> Any:
        """A logged-in SSH connection."""
        assert self.opened.ssh is not None
        keys: Any = more.pop("keys", None)
        found = await asyncssh.connect(
            *self.opened.ssh,
            username=user,
            password=password,
            known_hosts=None,
            client_keys=keys,
            config=None,
            agent_path=None,
            **more,
        )
        self._clients.append(found)
        return found

    async def terminal(
        self, size: tuple[int, int] = (80, 24), term: str = "xterm-256color", **more: Any
    ) -> Terminal:
        """A terminal that is logged in."""
        connection = await self.connect(**more)
        _, session = await connection.create_session(
            lambda: Terminal(size), term_type=term, term_size=size, encoding="utf-8"
        )
        return session

    async def follower(self, name: str = "", **more: Any) -> Terminal:
        """A terminal that has given its name."""
        terminal = await self.terminal(**more)
        await terminal.shows("Your name")
        terminal.type(f"{name}\r")
        await until(lambda: "Your name" not in terminal.text, lambda: terminal.text)
        return terminal

    @asynccontextmanager
    async def browser(self, code: str = CODE) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser that has given the code."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            async with client.get(f"{self.web}?code={code}") as response:
                assert response.status == 200, await response.text()
            yield client

    @property
    def web(self) -> str:
        assert self.opened.web is not None
        return self.opened.web

    async def page(
        self, client: aiohttp.ClientSession, name: str = "ada", width: int = 80, **more: Any
    ) -> Page:
        """A page that follows."""
        origin = more.pop("origin", self.web.rstrip("/"))
        socket = await client.ws_connect(f"{self.web}follow", origin=origin, **more)
        page = Page(socket)
        await page.send(name=name, width=width)
        return page

    async def close(self) -> None:
        for each in self._clients:
            each.abort()
        await self.server.close()


@asynccontextmanager
async def served(folder: Path, code: str = CODE, keys: str = "") -> AsyncIterator[Served]:
    """A server of the two-layer net on free ports."""
    log: list[str] = []
    hall, scenario = Hall(), load("two-layer-sigmoid")
    session = Session(scenario)
    files = Files(only=[scenario], hall=hall)

    def make(driver: Any, look: Any) -> PresenterApp:
        return PresenterApp(hall.session or session, files=files, look=look, driver_class=driver)

    server = Server(
        hall,
        Gate(code),
        lambda address, event: log.append(event),
        make,
        folder / "results.csv",
        [str(scenario.path)],
    )
    opened = await server.open(Doors("127.0.0.1", 0, 0, keys, folder / "state" / "host_key"))
    hall.joining = Joining(("come",), code)
    if not keys:
        hall.show(session.scene())
    found = Served(server, opened, session, log)
    try:
        yield found
    finally:
        await found.close()
