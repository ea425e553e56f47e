"""The slow line: as many bits a second as it says, late, everything in order."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

import pytest

from benchmarks import slow_line
from benchmarks.slow_line import Direction, SlowLine, carry


def test_a_byte_alone_is_late_by_the_delay_and_its_own_time() -> None:
    line = Direction(bits=56_000, delay=0.05)
    assert line.send(10.0, 7) == pytest.approx(10.051)
    assert line.send(20.0, 7) == pytest.approx(20.051), "a line that rested is free at once"


def test_what_is_sent_at_once_comes_at_the_rate_of_the_line() -> None:
    line = Direction(bits=56_000, delay=0.05)
    times = [line.send(0.0, 700) for _ in range(10)]
    assert times == pytest.approx([0.05 + 0.1 * number for number in range(1, 11)])


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.09])
def test_no_second_carries_more_than_the_rate(gap: float) -> None:
    line = Direction(bits=8_000, delay=0.2)
    come = [(line.send(number * gap, 90), 90) for number in range(200)]
    for begun, _ in come:
        assert sum(size for time, size in come if begun < time <= begun + 1) <= 1000


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose time jumps to whatever is waited for."""

    now = 0.0

    def __init__(self) -> None:
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> list[Any]:
                loop.now += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.now


def test_a_sender_waits_for_the_line_and_what_it_sent_comes_as_the_line_has_it() -> None:
    taken: list[float] = []
    come: list[tuple[float, int]] = []
    loop = JumpingLoop()

    class Sender(asyncio.StreamReader):
        async def read(self, size: int = -1) -> bytes:
            taken.append(loop.time())
            return await super().read(size)

    async def write(data: bytes) -> None:
        come.append((loop.time(), len(data)))

    async def send() -> None:
        sender = Sender()
        sender.feed_data(bytes(7000))
        sender.feed_eof()
        await carry(sender, write, Direction(bits=56_000, delay=0.05))

    loop.run_until_complete(send())
    loop.close()
    packet = slow_line.PACKET
    expected = [number * packet / 7000 for number in range(len(taken) - 1)]
    assert taken[:-1] == pytest.approx(expected, abs=1e-6)
    assert come[0] == (pytest.approx(0.05 + packet / 7000), packet)
    assert come[-1][0] == pytest.approx(1.05) and sum(size for _, size in come) == 7000


async def test_everything_comes_out_in_order_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = bytes(range(256)) * 20
    reader = asyncio.StreamReader()
    reader.feed_data(sent)
    reader.feed_eof()
    come: list[bytes] = []

    async def write(data: bytes) -> None:
        come.append(data)

    await carry(reader, write, Direction(bits=1e9, delay=0))
    assert b"".join(come) == sent
    assert max(map(len, come)) <= slow_line.PACKET


async def test_a_server_is_reached_through_it_in_both_directions_until_one_side_ends() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data.upper())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    line = SlowLine("127.0.0.1", server.sockets[0].getsockname()[1], bits=1e9, delay=0)
    listening = await line.listen()
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    writer.write(b"a few words" * 100)
    writer.write_eof()
    assert await asyncio.wait_for(reader.read(), 10) == b"A FEW WORDS" * 100
    for each in (listening, server):
        each.close()
    writer.close()


async def test_where_no_server_is_the_connection_ends(capsys: pytest.CaptureFixture[str]) -> None:
    free = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = free.sockets[0].getsockname()[1]
    free.close()
    await free.wait_closed()
    listening = await SlowLine("127.0.0.1", port).listen()
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    assert await asyncio.wait_for(reader.read(), 10) == b""
    assert f"no connection to 127.0.0.1:{port}" in capsys.readouterr().err
    listening.close()
    writer.close()
