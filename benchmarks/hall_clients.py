"""Those who follow, by the hundred, in the process that measures: each notes when it was told."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp
import asyncssh


class Client:
    """One who follows."""

    heard = 0.0
    """When something came last (monotonic seconds)."""

    async def press(self, key: str) -> None:
        """Press a key."""

    async def leave(self) -> None:
        """End the connection."""


class SshClient(Client, asyncssh.SSHClientSession[bytes]):
    """By SSH, on a terminal."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.chan: Any = None

    def connection_made(self, chan: Any) -> None:
        self.chan = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self.heard = time.monotonic()

    async def press(self, key: str) -> None:
        self.chan.write(key.encode())

    async def leave(self) -> None:
        self.connection.abort()


class WebClient(Client):
    """By a WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: dict[str, Any] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            self.heard = time.monotonic()
            if '"is":"place"' in message.data:
                self.told = json.loads(message.data)

    async def press(self, key: str) -> None:
        await self.socket.send_str(json.dumps({"press": key}))

    async def answer(self, text: str) -> None:
        """Hand a number in."""
        await self.socket.send_str(json.dumps({"answer": text}))

    async def leave(self) -> None:
        await self.socket.close()
        self._reading.cancel()


async def come_by_ssh(where: tuple[str, int], size: tuple[int, int] = (80, 24)) -> SshClient:
    """One more terminal that follows."""
    connection = await asyncssh.connect(
        *where, username="x", known_hosts=None, client_keys=None, config=None, agent_path=None,
        encryption_algs=["aes128-gcm@openssh.com"],
    )  # fmt: skip
    _, client = await connection.create_session(
        SshClient, term_type="xterm-256color", term_size=size, encoding=None
    )
    client.connection = connection
    client.chan.write(b"\r")
    return client


async def come_by_web(client: aiohttp.ClientSession, web: str, width: int = 80) -> WebClient:
    """One more browser that follows: each with a cookie of its own."""
    async with client.get(web, allow_redirects=False) as response:
        cookie = response.headers["Set-Cookie"].split(";")[0]
    headers = {"Cookie": cookie, "Origin": web.rstrip("/")}
    socket = await client.ws_connect(f"{web}follow", headers=headers)
    found = WebClient(socket)
    await socket.send_str(json.dumps({"name": "x", "width": width}))
    return found


async def all_heard(clients: list[Any], since: float) -> float:
    """Wait until each was told something since then; gives when the last one was."""
    async with asyncio.timeout(30):
        while True:
            last = min(client.heard for client in clients)
            if last > since:
                return max(client.heard for client in clients)
            await asyncio.sleep(0.002)


async def quiet(clients: list[Any], seconds: float = 0.15) -> None:
    """Wait until nothing has come for a while."""
    while time.monotonic() - max(client.heard for client in clients) < seconds:
        await asyncio.sleep(0.02)
