"""A step through a slow line: when it is seen, against the same screen built of Static widgets.

Both are programs of their own on a terminal of theirs, each behind a line as `slow_line` makes it.
A step takes from the key to the last byte that came of it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pyte

from benchmarks.measure import Goal, Table, duration, times
from benchmarks.slow_line import BITS, DELAY, Direction, carry
from benchmarks.startup import program
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import find
from nnhs_tui.scenario.loading import load

SOONER_GOAL = Goal(6, at_least=True)
SCENARIO = "two-layer-sigmoid"
SIZES = ((80, 24), (120, 35))
"""What every terminal has, and what is read from the last row."""
THEMES = {"dark": "256 colours", "terminal": "the terminal's 16"}
STRETCH = 3
"""Steps in each of forward, backward and update."""
QUIET = 0.3
"""Seconds without a byte after which all of a step has come."""
PATIENCE = 20.0


class Behind:
    """A program behind a slow line, and the terminal on this side of it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._keys = asyncio.StreamReader()
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._come = asyncio.Event()
        self._last = 0.0
        self.bytes = 0
        """What came since the last key."""

    async def run(self, terminal: int) -> None:
        """Carry keys and pictures, until the program ends."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1024)
        await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(terminal, "rb", 0)
        )

        async def press(keys: bytes) -> None:
            os.write(terminal, keys)

        await asyncio.gather(
            carry(self._keys, press, Direction()), carry(reader, self._show, Direction())
        )

    async def _show(self, data: bytes) -> None:
        self._last = asyncio.get_running_loop().time()
        self.bytes += len(data)
        self._stream.feed(data)
        self._come.set()

    async def press(self, key: str, step: int) -> float:
        """Press a key; the seconds until the whole screen shows the step that it leads to.

        Raises:
            RuntimeError: it shows another step.
        """
        begun = asyncio.get_running_loop().time()
        self.bytes = 0
        self._keys.feed_data(key.encode())
        await self.wait_for_step(step)
        return self._last - begun

    async def wait_for_step(self, step: int) -> None:
        """Wait until a step is seen, and nothing more comes."""
        patience = PATIENCE
        while True:
            self._come.clear()
            try:
                await asyncio.wait_for(self._come.wait(), patience)
            except TimeoutError:
                break
            patience = QUIET if self._shows(step) else PATIENCE
        if not self._shows(step):
            raise RuntimeError(f"step {step} is not seen, but: {self._screen.display[0]}")

    def _shows(self, step: int) -> bool:
        return f"step {step}/" in self._screen.display[0]


@asynccontextmanager
async def behind(command: Sequence[str], size: tuple[int, int]) -> AsyncIterator[Behind]:
    """Start a program behind a slow line, and wait for its picture."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        homes = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "DATA", "STATE")}
        # What ssh takes along.
        environment = {**os.environ, **homes, "TERM": "xterm-256color"}
        for name in ("COLORTERM", "NO_COLOR", "COLUMNS", "LINES"):
            environment.pop(name, None)
        child = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        shown = Behind(size)
        carrying = asyncio.create_task(shown.run(ours))
        try:
            await shown.wait_for_step(1)
            yield shown
        finally:
            child.kill()
            child.wait()
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)


def run(quick: bool) -> Iterator[Table]:
    """The table of the steps."""
    table = Table(
        "line: a step seen through a slow line, against a screen of Static widgets",
        ("", "ours", "theirs", "sooner", "goal", "", "bytes", "theirs"),
        notes=[
            f"{BITS / 1000:g} kbit/s, {1000 * DELAY:g} ms each way; {SCENARIO}",
            "in 16 colours there is no goal: on 80×24 the peer's bytes take only 0.75 s",
        ],
    )
    for theme, colours in list(THEMES.items())[: 1 if quick else None]:
        for size in SIZES:
            found = asyncio.run(_walk(size, theme, 1 if quick else STRETCH))
            ours, theirs, our_bytes, their_bytes = zip(*found, strict=True)
            sooner = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
            table.add(
                f"{size[0]}×{size[1]}, {colours}",
                *map(duration, (statistics.median(ours), statistics.median(theirs))),
                times(sooner),
                *(SOONER_GOAL.judge(sooner) if theme == "dark" else ("", "")),
                *(f"{statistics.median(each):,.0f}" for each in (our_bytes, their_bytes)),
            )
    yield table


Step = tuple[float, float, int, int]
"""Seconds and bytes: ours, theirs; ours, theirs."""


async def _walk(size: tuple[int, int], theme: str, stretch: int) -> list[Step]:
    """Take the same steps with both in turn, some in each phase of a round."""
    ours = [*program(), "run", "--fresh", "--theme", theme, SCENARIO]
    theirs = [sys.executable, "-m", "benchmarks.static_screen", "--theme", theme, SCENARIO]
    session = Session(load(find(SCENARIO)))
    found: list[Step] = []
    async with behind(ours, size) as own, behind(theirs, size) as peer:
        for phase in range(3):
            if phase:
                session.execute("next-phase")
                for each in (own, peer):
                    await each.press("]", session.index + 1)
            for _ in range(stretch):
                session.execute("next")
                seconds = [await each.press("n", session.index + 1) for each in (own, peer)]
                found.append((seconds[0], seconds[1], own.bytes, peer.bytes))
    return found
