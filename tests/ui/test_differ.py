"""The differ writes little, and leaves exactly the screen that Textual alone leaves."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Offset, Region, Size
from textual.strip import Strip

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.terminal import differ, pen
from tests.ui.examples import SHIPPED, session_of
from tests.ui.terminal import Screen, Terminal, floor, running, wait_for

SIZES = [(80, 24), (160, 50)]
EVERY_SIZE = [(80, 24), (160, 50), (120, 40), (60, 16), (40, 12)]
STRETCH = 3
"""Steps walked in each of forward, backward and update."""


async def assert_steps_cost_little(terminal: Terminal, session: Session) -> None:
    """Walk a while in each phase of a round: all steps together, and half of them each, take at
    most a tenth more than their cells need."""
    await terminal.press("home")
    needed, written = [], []
    for place in range(3 * STRETCH):
        if place and place % STRETCH == 0:
            await terminal.press("right_square_bracket")
        before = terminal.cells()
        size = len((await terminal.press("n")).encode())
        if session.index + 1 == session.total and not size:
            break
        needed.append(floor(before, terminal.cells()))
        written.append(size)
        assert needed[-1], "a step changes nothing on the screen"
    assert needed
    assert sum(written) <= 1.1 * sum(needed)
    assert statistics.median(a / b for a, b in zip(written, needed, strict=True)) <= 1.1


async def test_a_step_costs_about_what_its_cells_need(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await assert_steps_cost_little(terminal, session)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
async def test_every_scenario_costs_little_at_every_size(path: Path) -> None:
    session = Session(load(path))
    session.execute("level node")
    async with running(session, EVERY_SIZE[0]) as terminal:
        for size in EVERY_SIZE:
            if terminal.app.size != size:
                await terminal.resize(*size)
            await assert_steps_cost_little(terminal, session)


@pytest.mark.parametrize("level", ["layer", "neuron"])
@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "training-loop"])
async def test_a_wider_step_costs_little_too(name: str, level: str) -> None:
    session = Session(load(next(path for path in SHIPPED if path.stem == name)))
    session.execute(f"level {level}")
    async with running(session) as terminal:
        await assert_steps_cost_little(terminal, session)


async def screens(
    session: Session, size: tuple[int, int], keys: list[str], **keywords: Any
) -> list[Any]:
    """The screen after every key; a key such as 100x30 is a new size of the terminal."""
    found = []
    async with running(session, size, **keywords) as terminal:
        found.append(terminal.cells())
        for key in keys:
            columns, cross, rows = key.partition("x")
            if cross and columns.isdigit():
                await terminal.resize(int(columns), int(rows))
            else:
                await terminal.press(key)
            found.append(terminal.cells())
    return found


async def assert_same_as_plain(
    make: Any, plain: Any, size: tuple[int, int], keys: list[str], **keywords: Any
) -> None:
    plain(True)
    expected = await screens(make(), size, keys, **keywords)
    plain(False)
    found = await screens(make(), size, keys, **keywords)
    for place, (want, have) in enumerate(zip(expected, found, strict=True)):
        assert have == want, f"other cells after {keys[:place]}"


TOUR = [
    *"nnn", "right_square_bracket", *"nnp", "colon", *"goto 12", "enter", "question_mark", "down",
    "escape", "m", "plus", "z", "n", "z", "3", "J", "100x30", "n", "60x20", *"nn", "39x11", "80x24",
    "end", "a", "ctrl+p", "r", "o", "escape", "i", "q", "n", "160x50", *"nn",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_dialogs_and_resizes_leave_the_plain_screen(
    tmp_path: Path, plain: Any, size: tuple[int, int]
) -> None:
    keys = ["space" if key == " " else key for key in TOUR]
    await assert_same_as_plain(lambda: session_of(tmp_path), plain, size, keys)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
async def test_every_scenario_leaves_the_plain_screen(path: Path, plain: Any) -> None:
    """A walk through the phases at one size, and then at the other."""
    phase = "right_square_bracket"
    walk = ["home", *"nnnnn", phase, *"nnnn", phase, *"nnp"]
    keys = [*walk, "160x50", *walk, "end", "a", "n", "m", "n"]
    await assert_same_as_plain(lambda: Session(load(path)), plain, SIZES[0], keys)


async def test_nothing_is_written_while_nothing_happens(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        assert await terminal.press("f12") == ""
        assert await terminal.press("home") == "", "the first step is there already"


async def test_a_burst_of_keys_is_drawn_in_few_frames(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        frames = []
        terminal.app.post_display_hook = lambda: frames.append(1)
        from textual.events import Key

        for _ in range(30):
            terminal.app.post_message(Key("n", "n"))
        await wait_for(terminal.pilot, lambda: terminal.app.screen.session.index == 30)
        await terminal.settle()
        assert len(frames) <= 3
        terminal.read()
        assert "31" in terminal.screen.display[0]


async def assert_whole_frame_after(terminal: Terminal, action: Any) -> None:
    action()
    await terminal.settle()
    before = terminal.text
    terminal.screen.reset()
    terminal.read()
    assert terminal.text == before


async def test_after_a_pause_of_the_program_all_is_written_anew(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        app = terminal.app
        await assert_whole_frame_after(terminal, lambda: app.app_resume_signal.publish(app))


async def test_after_a_resize_to_the_same_size_all_is_written_anew(tmp_path: Path) -> None:
    """As when a terminal shrank and grew again before the program noticed."""
    async with running(session_of(tmp_path)) as terminal:
        await assert_whole_frame_after(terminal, lambda: terminal.driver.resize(80, 24))


def test_it_steps_aside_for_other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert differ.usable()
    monkeypatch.setattr(differ, "version", lambda: "8.3.0")
    assert not differ.usable()


def test_it_steps_aside_where_the_private_method_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differ.App, "_display", lambda self, update: None)
    assert not differ.usable()


STYLES = st.sampled_from(
    [Style(), Style(bold=True), Style(dim=True), Style(color="bright_blue", underline=True),
     Style(reverse=True), Style(bgcolor="red"), Style(color="#123456", bold=True)]
)  # fmt: skip
SEGMENTS = st.builds(Segment, st.text("ab 世é·", min_size=1, max_size=9), STYLES)
ROWS = st.lists(st.lists(SEGMENTS, max_size=8), min_size=3, max_size=3)
WIDTH = 20


def layout(rows: list[list[Segment]]) -> LayoutUpdate:
    strips = [[Strip(row).adjust_cell_length(WIDTH)] for row in rows]
    return LayoutUpdate(strips, Region(0, 0, WIDTH, len(rows)))


@given(st.lists(ROWS, min_size=2, max_size=4))
@pytest.mark.second
def test_any_frames_end_as_written(frames: list[list[list[Segment]]]) -> None:
    """Whatever was there before, a frame looks as if it had been written on an empty screen."""
    size, colors = Size(WIDTH, 3), ColorSystem.TRUECOLOR
    frame = differ.Frame(size, colors)
    screen = Screen(WIDTH, 3)
    screen.reset_mode(pyte.modes.DECAWM)
    stream = pyte.Stream(screen)
    for rows in frames:
        writer = differ.Writer(WIDTH)
        for y, row in frame.layout(layout(rows)):
            writer.row(y, frame.rows[y], row)
            frame.rows[y] = row
        stream.feed(writer.finish(Offset(0, 0)))
    alone = Screen(WIDTH, 3)
    alone.reset_mode(pyte.modes.DECAWM)
    writer = differ.Writer(WIDTH)
    for y, row in differ.Frame(size, colors).layout(layout(frames[-1])):
        writer.row(y, ([""] * WIDTH, ["-"] * WIDTH), row)
    pyte.Stream(alone).feed(writer.finish(Offset(0, 0)))
    for y in range(3):
        assert [screen.buffer[y][x] for x in range(WIDTH)] == [
            alone.buffer[y][x] for x in range(WIDTH)
        ]


@pytest.mark.parametrize(("sign", "column"), [("世", 9), ("e\u0301", 8), ("x", 0)])
def test_behind_a_sign_that_terminals_place_differently_the_cursor_is_set_anew(
    sign: str, column: int
) -> None:
    frame, writer = differ.Frame(Size(WIDTH, 1), ColorSystem.TRUECOLOR), differ.Writer(WIDTH)
    drawn = Strip([Segment(f"{sign}      b")]).adjust_cell_length(WIDTH)
    for y, row in frame.layout(LayoutUpdate([[drawn]], Region(0, 0, WIDTH, 1))):
        writer.row(y, frame.rows[y], row)
    assert (f"\x1b[1;{column}Hb" in writer.finish(Offset(0, 0))) == (sign != "x")


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("", "", ""),
        ("1", "", "\x1b[m"),
        ("", "1;94", "\x1b[1;94m"),
        ("1", "1;4", "\x1b[4m"),
        ("1;94", "94", "\x1b[22m"),
        ("1", "2", "\x1b[0;2m"),
        ("38;5;12", "7", "\x1b[0;7m"),
        ("4;41", "4;42", "\x1b[42m"),
    ],
)
def test_the_pen_changes_in_the_shortest_way(old: str, new: str, written: str) -> None:
    assert pen.change(old, new) == written
