"""A slow line to put before a server: what goes through it comes late, and so many bits a second.

`python -m benchmarks.slow_line HOST PORT` listens on this machine and passes every connection on.
Before a sshd, `ssh -p 5622 -o UserKnownHostsFile=/dev/null 127.0.0.1` then goes through it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

BITS, DELAY = 56_000, 0.05
"""Bits a second, and seconds each way."""
LISTEN = 5622
PACKET = 256
"""Bytes that go on together: 37 ms at 56 kbit/s."""


@dataclass
class Direction:
    """One direction of a line: bytes one after the other, and all of them late."""

    bits: float = BITS
    delay: float = DELAY
    free: float = 0.0
    """When the line has sent all that was put into it."""

    def send(self, now: float, size: int) -> float:
        """Put so many bytes into the line; gives when the last of them comes out."""
        self.free = max(self.free, now) + 8 * size / self.bits
        return self.free + self.delay


Write = Callable[[bytes], Awaitable[None]]


async def carry(reader: asyncio.StreamReader, write: Write, direction: Direction) -> None:
    """Pass everything on, until the end of it comes out."""
    now = asyncio.get_running_loop().time
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def come_out() -> None:
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(due - now())
            if not data:
                return
            await write(data)

    coming = asyncio.create_task(come_out())
    try:
        data = b" "
        while data:
            data = await reader.read(PACKET)
            under_way.put_nowait((direction.send(now(), len(data)), data))
            # What does not fit into the line waits where it is, as the sender must notice.
            await asyncio.wait([coming], timeout=max(0.0, direction.free - now()))
            if coming.done():
                break
        await coming
    finally:
        coming.cancel()


class SlowLine:
    """Listens, and passes every connection on through a line of its own."""

    def __init__(self, host: str, port: int, bits: float = BITS, delay: float = DELAY) -> None:
        self._to, self._bits, self._delay = (host, port), bits, delay

    async def listen(self, port: int = 0) -> asyncio.Server:
        """Listen on this machine only, at a port; 0: at any that is free."""
        return await asyncio.start_server(self._connected, "127.0.0.1", port, limit=PACKET)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            beyond, back = await asyncio.open_connection(*self._to, limit=PACKET)
        except OSError as error:
            print(f"no connection to {self._to[0]}:{self._to[1]}: {error}", file=sys.stderr)
            writer.close()
            return
        for each in (writer, back):
            _with_little_room(each.get_extra_info("socket"))
        with contextlib.suppress(OSError):
            await asyncio.gather(
                self._one_way(reader, back),
                self._one_way(beyond, writer),
            )
        for each in (writer, back):
            each.close()

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        await carry(reader, write, Direction(self._bits, self._delay))
        with contextlib.suppress(OSError):
            writer.write_eof()


def _with_little_room(connection: socket.socket) -> None:
    """Little waits before the line: on a real one what was sent too fast waits at its sender."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * PACKET)


def main() -> int:
    """Pass connections on until it is broken off."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_line", description=__doc__)
    parser.add_argument("host", metavar="HOST")
    parser.add_argument("port", metavar="PORT", type=int)
    parser.add_argument("--listen", metavar="PORT", type=int, default=LISTEN)
    parser.add_argument("--bits", metavar="N", type=float, default=BITS, help="bits a second")
    parser.add_argument(
        "--delay", metavar="MS", type=float, default=1000 * DELAY, help="ms each way"
    )
    options = parser.parse_args()

    async def serve() -> None:
        line = SlowLine(options.host, options.port, options.bits, options.delay / 1000)
        server = await line.listen(options.listen)
        told = f"{options.bits:g} bits a second, {options.delay:g} ms each way"
        print(f"127.0.0.1:{options.listen} → {options.host}:{options.port}, {told}", flush=True)
        await server.serve_forever()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
