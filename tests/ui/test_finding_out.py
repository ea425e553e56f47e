"""Levels, lists, breakpoints and what-if through the keys and the mouse of the real screen."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from tests.ui.examples import session_of
from tests.ui.terminal import Terminal, running, wait_for

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def three() -> Session:
    return Session(load(shipped_folder() / "three-samples.toml"))


def seen(terminal: Terminal, text: str) -> bool:
    """Whether a text is on the screen by now."""
    terminal.read()
    return text in terminal.text


async def test_down_goes_into_and_up_goes_out(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("up", "up")
        assert session.level == "layer" and "by layer" in terminal.screen.display[0]
        assert "Z (1×2)" in terminal.text
        await terminal.press("down")
        assert session.level == "neuron" and "forward › hidden › neuron 1" in terminal.text
        await terminal.press("down", "n", "n", "n", "n", "s")
        assert session.scene().opened
        assert "exp(A)" in terminal.text and "slope" in terminal.text
        await terminal.press("r")
        assert not session.scene().opened and "exp(A)" not in terminal.text


@pytest.mark.second
async def test_where_from_by_keys_finds_every_sample_s_part() -> None:
    session = three()
    async with running(session) as terminal:
        await terminal.press(":", *"goto new hidden.W[1,2]", "enter")
        await terminal.press("f")
        assert "8 where from" in terminal.text
        for sample in ("1", "2"):
            assert f"sample {sample}: " in terminal.text
        found = []
        for _ in range(4):
            await terminal.press("left_curly_bracket")
            found.append(session.schedule.step(session.index).sample)
        assert found == [None, 2, 1, 0], "in the update the mean is taken"
        await terminal.press("J", "J", "J", "enter")
        assert session.schedule.step(session.index).sample == 1


async def test_a_list_is_worked_with_keys_and_mouse(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("b", "n", "b", "n", "b")
        assert "6 breakpoints" in terminal.text
        await terminal.press("J", "enter")
        assert [each.enabled for each in session.breakpoints.all] == [True, False, True]
        assert "○ 2" in terminal.text
        await terminal.press("x")
        assert [each.number for each in session.breakpoints.all] == [1, 3]
        await terminal.pilot.click("#matrices", offset=(3, 1))
        await terminal.pilot.click("#matrices", offset=(3, 1))
        await wait_for(terminal.pilot, lambda: not session.breakpoints.all[0].enabled)
        await terminal.press("3")
        assert "6 breakpoints" not in terminal.text and "W (3×2)" in terminal.text


async def test_the_timeline_is_clicked_to_run_there(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        row = next(r for r in terminal.screen.display if r.startswith("5 "))
        column = row.index("backward") + len("backward ") + 5
        await terminal.pilot.click("#timeline", offset=(column, 0))
        await wait_for(terminal.pilot, lambda: session.scene().phase == "backward")


async def test_watches_and_rounds_are_lists(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press(":", *"watch hidden.W[1,1]", "enter", "a", "a")
        assert "7 watches" in terminal.text and "rounds " in terminal.text
        await terminal.press("9")
        assert "►round 3" in terminal.text
        await terminal.press("K", "K", "enter")
        assert session.round == 0


async def test_an_edit_is_typed_marked_and_taken_back(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("e")
        await wait_for(terminal.pilot, lambda: seen(terminal, "edit hidden.W[1,1]"))
        await terminal.press("2", "enter")
        await wait_for(terminal.pilot, lambda: seen(terminal, "what if"))
        assert "what if" in terminal.screen.display[0] and "*2.00" in terminal.text
        await terminal.press("u")
        assert not session.edits and "*" not in terminal.text


async def test_a_number_and_a_formula_are_copied(tmp_path: Path) -> None:
    """By OSC 52, so that it works over SSH."""
    session = session_of(tmp_path)
    async with running(session) as terminal:
        written = await terminal.press("y")
        assert "]52;c;" + base64.b64encode(b"0.50").decode() in written
        await terminal.press("Y")
        assert terminal.app.clipboard.startswith("p11 = w11·x1 = ")
        assert "copied: p11" in terminal.screen.display[-1]
        screen = terminal.app.screen
        assert isinstance(screen, DebuggerScreen)
        screen.run_command("copy hidden.a[1]")
        assert "is not known yet" in screen.row.text


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (160, 50)])
async def test_every_list_is_drawn_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    session = session_of(tmp_path)
    async with running(session, size) as terminal:
        for key, name in (("6", "breakpoints"), ("7", "watches"), ("8", "where"), ("9", "rounds")):
            await terminal.press(key)
            assert f"{key} {name}" in terminal.text


async def test_the_signs_are_one_key_away(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("l")
        await wait_for(terminal.pilot, lambda: seen(terminal, "its gradient"))
        await terminal.press("escape")
        await wait_for(terminal.pilot, lambda: not seen(terminal, "its gradient"))


async def test_the_gradient_check_is_a_list_over_the_whole_width() -> None:
    session = three()
    async with running(session) as terminal:
        await terminal.press("k")
        assert "12 of 12 agree" in terminal.text and "grad hidden.W[2,1]" in terminal.text
        assert terminal.screen.display[1].startswith("k gradient check ─")
        assert "0.742462    0.742462" in terminal.text
        await terminal.press("J", "enter")
        assert "nudging w21" in terminal.text and "their difference = " in terminal.text
        await terminal.press("escape")
        await terminal.press("1")
        assert terminal.screen.display[1].startswith("1 net ─")


async def test_an_edit_is_compared_with_what_was_before() -> None:
    session = three()
    async with running(session) as terminal:
        await terminal.press("d")
        assert "exact beside hand" in terminal.text
        assert "11 of 48 differ, whole round 1, sample 1; they part at" in terminal.text
        await terminal.press(":", *"edit hidden.W[1,1] 2", "enter", "d")
        assert "33 of 48 differ" in terminal.text
        row = next(line for line in terminal.text.splitlines() if "hidden.z[1]" in line)
        assert row.split() == ["hidden.z[1]", "-1.20", "*7.20", "8.40"]
        assert "x[1]" not in terminal.text
        await terminal.press("d", "z")
        assert "x[1]  " in terminal.text
