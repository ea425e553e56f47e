"""The boundary on the screen: trained, paused, stepped into, and come back to."""

from __future__ import annotations

import pytest

from nnhs_tui.boundary.points import MOST
from nnhs_tui.boundary.table import Table
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.app import NnhsApp
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.screens.boundary import PACES, BoundaryScreen
from nnhs_tui.ui.screens.page import PageScreen
from tests.ui.terminal import RecordingDriver, Terminal, piloted, running, wait_for


def boundary_app(table: Table) -> NnhsApp:
    return NnhsApp(boundary=table, driver_class=RecordingDriver)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (160, 50)], ids=str)
async def test_it_is_trained_step_by_step_and_by_itself(size: tuple[int, int]) -> None:
    table = Table(count=20)
    async with piloted(boundary_app(table), headless=False, size=size) as pilot:
        terminal = Terminal(pilot, size)
        await terminal.settle()
        terminal.read()
        screen = terminal.app.screen
        assert "2→6→1 tanh" in terminal.text and "epoch 0" in terminal.text
        if size[0] >= 80:
            assert f"learning rate {table.net.rate:g}" in terminal.text
        await terminal.press("n", "n")
        assert table.net.epoch == 2 and "epoch 2" in terminal.text
        await pilot.press("space")
        await wait_for(pilot, lambda: table.net.epoch > 40)
        await pilot.press("space")
        assert not screen.is_playing
        await terminal.settle()
        terminal.read()
        assert f"epoch {table.net.epoch:,}" in terminal.text
        await terminal.press("greater_than_sign")
        assert PACES[screen.pace] == 100


async def test_an_update_is_stepped_into_and_v_comes_back() -> None:
    table = Table(count=6)
    async with piloted(boundary_app(table), headless=False, size=(100, 30)) as pilot:
        terminal = Terminal(pilot, (100, 30))
        await terminal.settle()
        await terminal.press("n", "enter")
        debugger = terminal.app.screen
        assert isinstance(debugger, DebuggerScreen)
        session: Session = debugger.session
        assert len(session.scenario.samples) == 6 and "epoch 1" in session.scenario.title
        assert session.run.loss(0) == pytest.approx(table.net.loss(table.points))
        await terminal.press("V")
        assert isinstance(terminal.app.screen, BoundaryScreen) and table.net.epoch == 1


async def test_points_nets_and_pointer_are_changed_by_keys_and_mouse() -> None:
    table = Table(count=10)
    async with piloted(boundary_app(table), headless=False, size=(80, 24)) as pilot:
        terminal = Terminal(pilot, (80, 24))
        await terminal.settle()
        await terminal.press("x", "right", "o")
        assert len(table.points) == 12 and table.points.t[-2:].tolist() == [1.0, 0.0]
        assert table.x == pytest.approx(0.08) and "x1 = 0.08" in terminal.text
        await terminal.press("d", "plus", "a", "p", "w")
        assert (table.units, table.activation, table.kind, table.seed) == (7, "relu", "moons", 1)
        await terminal.press("3")
        assert table.are_three
        assert all(head in terminal.text for head in ("6 tanh ", "2 tanh ", "6 relu "))
        await terminal.press("3", "g")
        assert table.held is not None and "g puts it down" in terminal.text
        await terminal.press("g", "r")
        await pilot.click("#plane", offset=(4, 4))
        await terminal.settle()
        assert table.x < -0.7 and table.y > 0.5
        await terminal.press("question_mark")
        assert isinstance(terminal.app.screen, PageScreen) and "6 tanh, 2 tanh" in terminal.text


async def test_from_the_debugger_and_back() -> None:
    session = Session(load(shipped_folder() / "one-to-one.toml"))
    async with running(session, (80, 24)) as terminal:
        await terminal.press(*":boundary xor", "enter")
        assert isinstance(terminal.app.screen, BoundaryScreen)
        assert terminal.app.screen.table.kind == "xor"
        await terminal.press("space", "q")
        assert isinstance(terminal.app.screen, DebuggerScreen)
        await terminal.press(*":boundary square", "enter")
        assert "✗" in terminal.text and "circle, moons" in terminal.text


async def test_it_is_left_with_q() -> None:
    async with piloted(boundary_app(Table(count=4)), headless=False, size=(80, 24)) as pilot:
        await pilot.press("q")
        assert pilot.app.return_code in (0, None)


async def test_with_as_many_points_as_may_be_it_names_the_key_that_takes_one_away() -> None:
    table = Table(count=MOST)
    async with piloted(boundary_app(table), headless=False, size=(80, 24)) as pilot:
        terminal = Terminal(pilot, (80, 24))
        await terminal.settle()
        await terminal.press("x")
        assert "d takes one away" in terminal.text and len(table.points) == MOST
        await terminal.press("d", "x")
        assert "✗" not in terminal.text and len(table.points) == MOST


async def test_in_80_columns_its_head_and_its_keys_are_whole() -> None:
    async with piloted(boundary_app(Table(count=20)), headless=False, size=(80, 24)) as pilot:
        terminal = Terminal(pilot, (80, 24))
        await terminal.settle()
        for key in ("n", "3"):
            await terminal.press(key)
            lines = terminal.text.rstrip().splitlines()
            assert lines[0].rstrip().endswith(": side of x") and lines[-1].endswith("q leave")
