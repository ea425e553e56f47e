"""A terminal for tests: what the program writes, the screen it makes, the bytes it needs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import pyte
import textual.app
import textual.pilot
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from nnhs_tui.debugger.session import Session
from nnhs_tui.ui.app import NnhsApp
from tests.waiting import SECONDS

Cell = tuple[Any, ...]

AT_MOST = 1.0
"""Seconds that are waited for a program that never rests, as Textual waits."""


class RecordingDriver(HeadlessDriver):
    """Writes into a list instead of a terminal."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)

    def resize(self, width: int, height: int) -> None:
        """Tell the program that its terminal has another size."""
        from textual import events
        from textual.geometry import Size

        self._size = (width, height)
        size = Size(width, height)
        self._app.post_message(events.Resize(size, size))

    def take(self) -> str:
        """What was written since the last time."""
        text = "".join(self.written)
        self.written.clear()
        return text


class Screen(pyte.Screen):
    """pyte knows no dim text: here it takes the place of blinking, which is never used."""

    def select_graphic_rendition(self, *codes: int, **keywords: Any) -> None:
        mapped: list[int] = []
        rest = list(codes)
        while rest:
            code = rest.pop(0)
            if code in (38, 48):
                count = 2 if rest and rest[0] == 5 else 4
                mapped += [code, *rest[:count]]
                del rest[:count]
            else:
                mapped += {2: [5], 22: [22, 25]}.get(code, [code])
        super().select_graphic_rendition(*mapped, **keywords)


class Terminal:
    """An app on a recording driver, and the screen a terminal would show."""

    def __init__(self, pilot: Pilot[int], size: tuple[int, int]) -> None:
        self.pilot = pilot
        self.app: Any = pilot.app
        self.driver: RecordingDriver = self.app._driver
        self.screen = Screen(*size)
        self.stream = pyte.Stream(self.screen)
        self._cells: dict[int, list[Cell]] = {}

    def read(self) -> str:
        """Show what was written; gives it."""
        text = self.driver.take()
        self.stream.feed(text)
        return text

    async def press(self, *keys: str) -> str:
        """Press keys and wait after each until all is drawn; what was written."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()
        return self.read()

    async def resize(self, width: int, height: int) -> None:
        self.driver.resize(width, height)
        await wait_for(self.pilot, lambda: self.app.screen.size == (width, height))
        await self.settle()
        self.screen.resize(height, width)
        self.read()

    async def settle(self) -> None:
        """Wait until all is drawn: every widget has handled what it was told, and what that told
        others, and no frame is due."""
        await rest()
        while self._is_busy():
            await asyncio.sleep(0.001)
            await rest()

    def _is_busy(self) -> bool:
        """Whether a frame or a new size is due, or the palette is searching."""
        screen = self.app.screen
        is_due = screen._update_timer._active.is_set() or bool(screen._callbacks)
        searches = [each for each in self.app.workers if isinstance(each.node, CommandPalette)]
        is_due = is_due or self.app._resize_timer is not None
        return is_due or any(not each.is_finished for each in searches)

    def cells(self) -> list[list[Cell]]:
        """Every cell with all its attributes; a row that did not change is the same list again."""
        columns, rows = self.screen.columns, self.screen.lines
        for y in self.screen.dirty:
            if y < rows:
                self._cells[y] = [tuple(self.screen.buffer[y][x]) for x in range(columns)]
        self.screen.dirty.clear()
        return [self._cells[y] for y in range(rows)]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(line.rstrip() for line in self.screen.display)


async def rest(*_limits: float) -> None:
    """Wait until nothing is left to be done but what waits for time, for keys or for a thread.

    This takes the place of Textual's own way of finding that out: to sleep, and again, until the
    whole process has hardly computed in the meantime, however busy the machine is.
    """
    loop: Any = asyncio.get_running_loop()
    deadline = time.monotonic() + AT_MOST
    await asyncio.sleep(0)
    while loop._ready and time.monotonic() < deadline:
        await asyncio.sleep(0)


@asynccontextmanager
async def piloted(app: NnhsApp, **keywords: Any):
    """A program that runs, with a pilot that waits until it rests."""
    with (
        patch.object(textual.app, "wait_for_idle", rest),
        patch.object(textual.pilot, "wait_for_idle", rest),
    ):
        async with app.run_test(**keywords) as pilot:
            yield pilot


@asynccontextmanager
async def running(session: Session | None, size: tuple[int, int] = (80, 24), **keywords: Any):
    """The program on a recording terminal, its first frame drawn."""
    app = NnhsApp(session, driver_class=RecordingDriver, **keywords)
    async with piloted(app, headless=False, size=size) as pilot:
        terminal = Terminal(pilot, size)
        await pilot.pause()
        await terminal.settle()
        terminal.read()
        yield terminal


async def click(terminal: Terminal, pane: str, text: str, further: int = 0) -> None:
    """Click on a text in a pane."""
    region = terminal.app.screen.query_one(f"#{pane}").region
    terminal.read()
    for y in range(region.y, region.bottom):
        row = terminal.screen.display[y][region.x : region.right]
        if text in row:
            at = (row.index(text) + further, y - region.y)
            await terminal.pilot.click(f"#{pane}", offset=at)
            await terminal.settle()
            terminal.read()
            return
    raise AssertionError(f"{text!r} is not in {pane}:\n{terminal.text}")


async def wait_for(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; fails after some seconds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)
        await pilot.pause()


def floor(old: list[list[Cell]], new: list[list[Cell]]) -> int:
    """The bytes the changed cells need: a cursor move a run of them, a style where it changes."""
    total, style = 0, DEFAULT
    for y, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        for x, cell in enumerate(after):
            if cell == before[x]:
                continue
            if x == 0 or after[x - 1] == before[x - 1]:
                total += len(f"\x1b[{y + 1};{x + 1}H")
            if cell[1:] != style:
                style = cell[1:]
                total += len(_sgr(style))
            total += len(cell[0].encode())
    return total


DEFAULT: Cell = ("default", "default", *(False,) * 6)


def _sgr(style: Cell) -> str:
    foreground, background, *flags = style
    codes = [code for code, on in zip(("1", "3", "4", "9", "7", "5"), flags, strict=True) if on]
    codes += ["34"] if foreground != "default" else []
    codes += ["44"] if background != "default" else []
    return f"\x1b[{';'.join(codes)}m"
