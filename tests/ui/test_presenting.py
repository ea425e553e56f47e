"""Presenting: large type with the panes that are wanted, pointer, blank screen, countdown."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.presenting.beside_large import read_panes
from nnhs_tui.present.presenting.pointer import ARROW, with_pointer
from nnhs_tui.present.text.lines import line_cells
from nnhs_tui.ui.debugger.parts import task
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.program import Files
from tests.ui.examples import session_of
from tests.ui.terminal import Terminal, running, wait_for
from tests.ui.test_differ import assert_same_as_plain

SIZE = (120, 35)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return session_of(tmp_path)


def presented(session: Session, *panes: str, size: tuple[int, int] = SIZE):  # type: ignore[no-untyped-def]
    return running(session, size, files=Files(presented=panes))


def is_large(terminal: Terminal) -> bool:
    """Whether something is drawn in large type."""
    return any(bar in terminal.text for bar in ("▀▀▀▀▀", "██████"))


def visible(terminal: Terminal) -> set[str]:
    return {pane.id for pane in terminal.app.screen.query(".-view") if pane.display}


async def test_it_begins_with_the_step_alone(session: Session) -> None:
    async with presented(session) as terminal:
        assert visible(terminal) == {"step"}
        assert is_large(terminal)


async def test_p_switches_and_the_numbers_choose_the_panes(session: Session) -> None:
    async with running(session, SIZE) as terminal:
        usual = terminal.text
        assert not is_large(terminal)
        await terminal.press("P")
        assert is_large(terminal) and visible(terminal) == {"step"}
        await terminal.press("1", "4")
        assert visible(terminal) == {"step", "net", "gradients"}
        await terminal.press("1")
        assert visible(terminal) == {"step", "gradients"}
        await terminal.press("5")
        assert visible(terminal) == {"step", "gradients", "timeline"}
        await terminal.press("2")
        assert visible(terminal) == {"step"}
        await terminal.press("P", "1")
        assert terminal.text == usual


async def test_a_list_can_be_shown_with_it(session: Session) -> None:
    async with presented(session) as terminal:
        await terminal.press("b")
        assert "matrices" in visible(terminal)
        assert "breakpoints" in terminal.text
        await terminal.press("3")
        assert "matrices of hidden" in terminal.text
        await terminal.press("3")
        assert visible(terminal) == {"step"}


async def test_panes_are_named(session: Session) -> None:
    async with running(session, SIZE) as terminal:
        for typed, shown in (
            ("net timeline", {"step", "net", "timeline"}),
            ("none", {"step"}),
            ("gradients,net", {"step", "net", "gradients"}),
        ):
            terminal.app.screen.run_command(f"panes {typed}")
            await terminal.settle()
            assert visible(terminal) == shown
        terminal.app.screen.run_command("panes net nowhere")
        await terminal.settle()
        terminal.read()
        assert "found 'net nowhere'" in terminal.text
        assert visible(terminal) == {"step", "net", "gradients"}


def test_panes_keep_the_order_of_the_screen() -> None:
    assert read_panes("gradients, net") == ("net", "gradients")


async def test_at_the_smallest_size_it_is_still_the_step(session: Session) -> None:
    async with presented(session, size=(40, 12)) as terminal:
        assert "w11" in terminal.text
        await terminal.resize(39, 11)
        assert visible(terminal) == set()
        await terminal.resize(*SIZE)
        assert is_large(terminal)


async def test_a_step_in_large_type_costs_what_its_cells_need(session: Session) -> None:
    from tests.ui.terminal import floor

    async with presented(session, "gradients") as terminal:
        written = needed = 0
        for _ in range(20):
            before = terminal.cells()
            written += len((await terminal.press("n")).encode())
            needed += floor(before, terminal.cells())
        assert written <= 1.1 * needed


TOUR = [
    *("P", "n", "n", "1", "A", "L", "J", "n", "B", "x", "4", "100x30", "n", "z", "n", "z", "2"),
    *("question_mark", "escape", "60x16", "right_square_bracket", "n", "escape", "P", "n"),
]


@pytest.mark.parametrize("theme", ["terminal", "light"])
@pytest.mark.second
async def test_the_screen_is_the_one_that_textual_alone_leaves(
    tmp_path: Path, plain: object, theme: str
) -> None:
    look = Look(theme=theme)
    await assert_same_as_plain(lambda: session_of(tmp_path), plain, SIZE, TOUR, look=look)


# The pointer


def arrow_at(terminal: Terminal) -> tuple[int, int] | None:
    """Column and row of the arrow's tip on the screen."""
    for row, line in enumerate(terminal.screen.display):
        if ARROW[1] in line:
            return line.index(ARROW[1]), row
    return None


async def test_the_pointer_is_moved_by_keys_and_by_the_mouse(session: Session) -> None:
    async with presented(session) as terminal:
        await terminal.press("A")
        at = arrow_at(terminal)
        assert at is not None
        await terminal.press("L", "L", "J")
        assert arrow_at(terminal) == (at[0] + 8, at[1] + 1)
        await terminal.press("H", "K", "K")
        assert arrow_at(terminal) == (at[0] + 4, at[1] - 1)
        before = session.index
        await terminal.pilot.click("#step", offset=(10, 5))
        await terminal.settle()
        terminal.read()
        assert arrow_at(terminal) == (10, 6)
        assert session.index == before, "the click ran somewhere"
        await terminal.press("n")
        assert arrow_at(terminal) == (10, 6)
        await terminal.press("A")
        assert arrow_at(terminal) is None


async def test_escape_takes_the_pointer_away(session: Session) -> None:
    async with presented(session) as terminal:
        await terminal.press("A", "escape")
        assert arrow_at(terminal) is None


@pytest.mark.second
async def test_the_pointer_stays_on_the_screen(session: Session) -> None:
    async with presented(session) as terminal:
        await terminal.press("A", *"K" * 40)
        await terminal.press(*"L" * 40)
        assert terminal.app.screen.parts.pointer.tip == (SIZE[0] - 1, 1)
        terminal.app.screen.parts.pointer.tip = (39, SIZE[1] - 2)
        await terminal.resize(60, 20)
        assert arrow_at(terminal) == (39, 18), "it is out of sight"
        await terminal.press("K")
        assert arrow_at(terminal) == (39, 17)


async def test_the_pointer_crosses_panes(session: Session) -> None:
    async with presented(session, "gradients") as terminal:
        top = terminal.app.screen.query_one("#gradients").region.y
        await terminal.press("A")
        terminal.app.screen.parts.pointer.tip = (20, top)
        await terminal.press("L")
        rows = [y for y, line in enumerate(terminal.screen.display) if "█" in line[24:32]]
        assert {top - 1, top, top + 1} <= set(rows)


def test_half_of_a_wide_sign_does_not_stay_under_the_pointer() -> None:
    line = (("世世世世", "text"),)
    rows = with_pointer([line, line, line], 8, 3, (1, 1))
    text = ["".join(part for part, _ in row) for row in rows]
    assert text[1] == " ◄██████"
    assert all(len(part) <= 8 for part in text)


def test_what_has_no_width_moves_nothing_under_the_pointer() -> None:
    """A letter with its accent is one cell, and stays whole."""
    line = (("e\u0301te\u0301 abcdefgh", "text"),)
    rows = with_pointer([line, line, line], 12, 3, (3, 1))
    text = ["".join(part for part, _ in row) for row in rows]
    assert text[1] == "e\u0301te\u0301◄██████gh"
    assert all(line_cells(row) == 12 for row in rows)


# The blank screen


async def test_any_key_ends_the_blank_screen_and_does_nothing_else(session: Session) -> None:
    async with presented(session) as terminal:
        shown = terminal.text
        for key in ("n", "q", "B", "escape"):
            await terminal.press("B")
            assert terminal.text.strip() == ""
            await terminal.press(key)
            assert terminal.text == shown


async def test_a_blank_screen_is_blank_in_its_theme_too(session: Session) -> None:
    async with running(session, (80, 24), look=Look(theme="light")) as terminal:
        await terminal.press("B")
        papers = {cell[2] for row in terminal.cells() for cell in row}
        assert papers == {"ffffff"}


# The countdown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the countdown is told."""
    now = [100.0]
    monkeypatch.setattr(task, "monotonic", lambda: now[0])
    return now


async def test_now_you_asks_for_the_next_step_and_counts_down(
    session: Session, clock: list[float]
) -> None:
    async with presented(session) as terminal:
        screen = terminal.app.screen
        screen.run_command("countdown 90")
        await terminal.settle()
        terminal.read()
        assert "now you" in terminal.text
        asked = terminal.text
        clock[0] += 31
        screen.parts.task.tick()
        await terminal.settle()
        terminal.read()
        assert terminal.text != asked and screen.parts.task.countdown.left == 59
        terminal.read()
        clock[0] += 100
        screen.parts.task.tick()
        assert screen.parts.task.countdown.left == 0
        assert terminal.driver.take() == "\x07", "it rings, once"
        await terminal.press("n")
        assert screen.parts.task.countdown is None
        assert "now you" not in terminal.text
        assert session.index == 1


async def test_playing_shows_what_was_asked(session: Session, clock: list[float]) -> None:
    async with presented(session) as terminal:
        await terminal.press("D", "space")
        terminal.app.screen.parts.autoplay.stop()
        assert session.index == 1
        assert "now you" not in terminal.text


async def test_without_large_type_the_time_stands_in_the_last_row(
    session: Session, clock: list[float]
) -> None:
    async with running(session) as terminal:
        await terminal.press("D")
        assert "now you: 1:00" in terminal.text
        clock[0] += 14.5
        terminal.app.screen.parts.task.tick()
        await terminal.settle()
        terminal.read()
        assert "now you: 0:46" in terminal.text
        await terminal.press("escape")
        assert "now you" not in terminal.text


@pytest.mark.parametrize("seconds", ["0", "-3", "x", "3601", "1.5", "９", "0000019999"])
async def test_what_is_no_time_is_refused(session: Session, seconds: str) -> None:
    async with running(session) as terminal:
        terminal.app.screen.run_command(f"countdown {seconds}")
        await terminal.settle()
        terminal.read()
        assert "from 1 to 3600" in terminal.text
        assert terminal.app.screen.parts.task.countdown is None


# Playing


async def test_playing_pauses_at_breakpoints(session: Session) -> None:
    async with presented(session) as terminal:
        screen = terminal.app.screen
        for command in ("break hidden.z[1]", "break hidden.a[1]", "first"):
            screen.run_command(command)
        screen.run_command("play")
        screen.parts.autoplay.start(0.01)
        await wait_for(terminal.pilot, lambda: not screen.parts.autoplay.playing)
        assert session.name(session.quantity("")) == "hidden.z[1]"
        await terminal.settle()
        terminal.read()
        assert "paused at breakpoint 1: hidden.z[1]" in terminal.text
        # The very first step comes to the next one.
        screen.run_command("play")
        assert not screen.parts.autoplay.playing
        assert session.name(session.quantity("")) == "hidden.a[1]"


async def test_playing_by_layers_stops_inside_one_where_a_breakpoint_is(session: Session) -> None:
    async with running(session, SIZE) as terminal:
        screen = terminal.app.screen
        for command in ("break output.z[1]", "level layer", "first", "play"):
            screen.run_command(command)
        assert not screen.parts.autoplay.playing
        assert session.name(session.quantity("")) == "output.z[1]"
        assert session.level == "node"


async def test_a_resize_while_the_clock_runs_repaints_it(
    session: Session, clock: list[float]
) -> None:
    async with presented(session) as terminal:
        terminal.app.screen.run_command("countdown 60")
        await terminal.resize(100, 30)
        assert "now you" in terminal.text


async def test_a_replay_that_plays_waits_while_the_class_is_at_work(
    session: Session, clock: list[float]
) -> None:
    lines = ["countdown 60", "next", "next"]
    files = Files(replay=lines, speed=50, presented=())
    async with running(session, SIZE, files=files) as terminal:
        screen = terminal.app.screen
        await wait_for(terminal.pilot, lambda: screen.parts.task.countdown is not None)
        for _ in range(5):
            assert screen.parts.playing.step(), "it goes on playing"
        assert session.index == 0 and screen.parts.task.countdown is not None
        clock[0] += 60
        await wait_for(terminal.pilot, lambda: session.index == 2)
        assert screen.parts.task.countdown is None
