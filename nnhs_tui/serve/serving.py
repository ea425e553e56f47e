"""The server from its start to its end: one process, one loop, everyone in it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from aiohttp import web

from nnhs_tui.hall.hall import ANSWERED, ASKED, Hall
from nnhs_tui.hall.results import write_results
from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.gate import Gate, check_code, draw_code
from nnhs_tui.serve.log import Log
from nnhs_tui.serve.presenting import MakeApp, Stage
from nnhs_tui.serve.ssh import host_key, open_ssh, ports_of
from nnhs_tui.serve.web import Site, open_web

WRITTEN_AFTER = 0.5
"""Seconds after an answer the results are on disk: those that come together are written once."""


@dataclass(frozen=True)
class Doors:
    """Where people come in."""

    bind: str
    ssh_port: int | None
    """0: any that is free; None: not by SSH."""
    web_port: int | None
    keys: str
    """The authorized_keys file of those who may present by SSH; "" for nobody."""
    host_key: Path


@dataclass(frozen=True)
class Opened:
    """Where the server listens."""

    ssh: tuple[str, int] | None
    web: str | None
    code: str
    fingerprint: str | None


class Server:
    """Everything that runs while a presentation is followed.

    Args:
        make: makes the program of a presenter who comes by SSH.
        results: where the answers are kept.
        paths: the files of the scenarios that are offered.
    """

    def __init__(
        self,
        hall: Hall,
        gate: Gate,
        log: Log,
        make: MakeApp,
        results: Path,
        paths: Sequence[str] = (),
    ) -> None:
        self.hall = hall
        self.results = results
        """Where the answers are kept."""
        self.audience = Audience(hall, gate, log, paths)
        self.stage = Stage(self.audience, make)
        self.site = Site(self.audience)
        self._ssh: asyncssh.SSHAcceptor | None = None
        self._web: web.AppRunner | None = None
        self._is_due = False
        self._ticking: asyncio.Task[None] | None = None
        hall.listen(self._hear)
        hall.on_code(self._change_code)

    def _change_code(self, code: str) -> str:
        """Let in only who knows another code from now on; those who are here stay."""
        gate = self.audience.gate
        gate.code = check_code(code) if code else draw_code()
        self.site.forget()
        return gate.code

    async def open(self, doors: Doors) -> Opened:
        """Listen at every door, or at none.

        Raises:
            OSError: a port is not to be had, or the host key cannot be written.
        """
        ssh = address = fingerprint = None
        try:
            if doors.ssh_port is not None:
                key = host_key(doors.host_key)
                fingerprint = key.get_fingerprint()
                self._ssh = await open_ssh(
                    self.audience, doors.bind, doors.ssh_port, key, doors.keys, self.stage.session
                )
                ssh = doors.bind, ports_of(self._ssh)[0]
            if doors.web_port is not None:
                self._web, port = await open_web(self.site, doors.bind, doors.web_port)
                host = f"[{doors.bind}]" if ":" in doors.bind else doors.bind
                address = f"http://{host}:{port}/"
        except BaseException:
            await self.close()
            raise
        self._ticking = asyncio.create_task(self._tick())
        return Opened(ssh, address, self.audience.gate.code, fingerprint)

    async def close(self) -> None:
        """Say goodbye to everyone and restore every terminal."""
        self.audience.say_goodbye()
        if self._ticking is not None:
            self._ticking.cancel()
        if self._ssh is not None:
            # What was written last is still to go out.
            await asyncio.sleep(0)
            self._ssh.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ssh.wait_closed(), 2)
        if self._web is not None:
            await self._web.cleanup()
        self._write()

    async def _tick(self) -> None:
        """Let everyone see the seconds go by while a question has an end."""
        while True:
            await asyncio.sleep(1)
            if self.hall.until is not None:
                self.hall.look_at_the_time()
                self.audience.every(lambda guest: guest.look())

    def _hear(self, what: str) -> None:
        if what in (ANSWERED, ASKED) and not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(WRITTEN_AFTER, self._write)

    def _write(self) -> None:
        """Put the answers on disk."""
        self._is_due = False
        others = self.results.with_name(f"{self.results.stem}-others{self.results.suffix}")
        try:
            for path, of_file in ((self.results, True), (others, False)):
                if self.hall.has_answers(of_file=of_file):
                    write_results(path, self.hall.results(of_file=of_file))
            self.hall.fault = ""
        except OSError as error:
            self.hall.fault = f"the results cannot be written: {error.strerror or error}"


async def until_ended() -> None:
    """Wait for SIGTERM or SIGINT."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()
