"""How the program starts: what it loads, and that it paints each part of the screen once."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from collections import Counter
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyte
import pytest
import textual

from nnhs_tui.ui.app import NnhsApp, Opening
from nnhs_tui.ui.terminal import differ
from nnhs_tui.ui.terminal.collector import settle_memory
from tests.ui.examples import session_of
from tests.ui.terminal import RecordingDriver, Screen, Terminal, floor, piloted, running
from tests.ui.test_terminal import Running
from tests.waiting import SECONDS

COMMAND_LINE = """
import sys
from nnhs_tui.cli import main
code = main(["run", "--fresh", sys.argv[1]])
import gc
names = [name for name in ("ssl", "importlib.metadata", "numpy") if name in sys.modules]
print("loaded", *names, "collecting" if gc.isenabled() else "not collecting")
sys.exit(code)
"""


class PaintedScreen(Screen):
    """Knows how often every cell was painted, and how often the whole was erased."""

    def __init__(self, columns: int, rows: int) -> None:
        self.painted: Counter[tuple[int, int]] = Counter()
        self.erased = 0
        super().__init__(columns, rows)

    def draw(self, data: str) -> None:
        for character in data:
            before = self.cursor.x % self.columns
            super().draw(character)
            self.painted[before, self.cursor.y] += 1

    def erase_in_display(self, how: int = 0, *_more: Any, **_keywords: Any) -> None:
        self.erased += how == 2
        super().erase_in_display(how)


def cells(screen: pyte.Screen) -> list[list[tuple[Any, ...]]]:
    return [
        [tuple(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)
    ]


def without_modes(text: str) -> str:
    """What is drawn, without what sets the terminal up and asks it what it can do."""
    return re.sub(r"\x1b\[[<>=?][0-9;]*\$?[a-zA-Z]", "", text)


def assert_painted_once(written: list[str], size: tuple[int, int]) -> None:
    """The first frame and then what comes into it, in about as few bytes as these need."""
    screen = PaintedScreen(*size)
    needed, before = 0, cells(screen)
    frames = [text for text in written if text.strip()]
    for text in frames:
        pyte.Stream(screen).feed(without_modes(text))
        needed += floor(before, before := cells(screen))
    assert screen.erased == 1
    assert max(screen.painted.values()) <= 2, screen.painted.most_common(3)
    assert sum(map(len, (text.encode() for text in frames))) <= 1.1 * needed


async def written_at_the_start(opening: Opening | None, size: tuple[int, int]) -> list[str]:
    """What is written until the screen is settled."""
    app = NnhsApp(opening, driver_class=RecordingDriver)
    async with piloted(app, headless=False, size=size) as pilot:
        terminal = Terminal(pilot, size)
        await terminal.settle()
        return list(terminal.driver.written)


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (40, 12)], ids=str)
@pytest.mark.parametrize("shown", ["debugger", "scenarios"])
async def test_the_start_paints_once(tmp_path: Path, shown: str, size: tuple[int, int]) -> None:
    opening = partial(session_of, tmp_path) if shown == "debugger" else None
    written = await written_at_the_start(opening, size)
    frames = [text for text in written if len(text) > 60]
    assert len(frames) == 2, "the panes, and then what is in them"
    assert_painted_once(written, size)


@pytest.mark.slow
async def test_on_a_terminal_it_writes_no_more_and_loads_only_what_it_needs(tmp_path: Path) -> None:
    written = await written_at_the_start(partial(session_of, tmp_path), (80, 24))
    program = Running(tmp_path / "small.toml", program=COMMAND_LINE)
    try:
        program.read_until("update ›")
        os.write(program.master, b"q")
        program.read_until("collecting")
        assert program.process.wait(SECONDS) == 0
    finally:
        program.close()
    drawn = without_modes(program.output).replace("\r\r\n", "\r\n")
    assert drawn.startswith("".join(written)), "the same as on a driver that records"
    rest = drawn.removeprefix("".join(written))
    assert "loaded numpy collecting" in rest and "\x1b[2J" not in rest


def test_loading_asyncio_without_tls_leaves_tls_to_others() -> None:
    program = """
import gc, sys
from nnhs_tui.ui.terminal.starting import hasten
hasten()
assert "asyncio" in sys.modules and "ssl" not in sys.modules and not gc.isenabled()
import asyncio, ssl
assert ssl.create_default_context
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_collector_is_on_again_once_memory_is_settled() -> None:
    gc.disable()
    try:
        settle_memory()
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


def test_the_version_of_textual_is_found_without_asking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert differ.version() == version("textual")
    monkeypatch.setattr(textual, "__file__", str(tmp_path / "textual" / "__init__.py"))
    assert differ.version() == version("textual"), "where it is not beside Textual"
    (tmp_path / "textual-9.1.2.dist-info").mkdir()
    assert differ.version() == "9.1.2"


@pytest.mark.parametrize("keys", [[], ["colon"], ["question_mark"]], ids=str)
async def test_while_nothing_happens_nothing_ticks_but_the_look_at_the_file(
    tmp_path: Path, keys: list[str]
) -> None:
    """So that hundreds who only look cost next to nothing; a blinking cursor would tick too."""
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press(*keys)
        app = terminal.app
        pumps = [app, *(each for s in app.screen_stack for each in s.walk_children(with_self=True))]
        timers = [*(timer for pump in pumps for timer in pump._timers), app.animator._timer]
        ticking = [timer._callback for timer in timers if timer._active.is_set()]
        assert [callback.__name__ for callback in ticking] == ["look"]
