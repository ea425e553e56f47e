"""Run to here, by mouse and by keys: in the net, on the timeline, in the numbers, in the footer."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.screens.page import PageScreen
from tests.ui.terminal import Terminal, click, running, wait_for


def shipped(name: str = "three-samples") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


def found(session: Session) -> str:
    """The name of what the step in work finds."""
    return session.name(session.quantity(""))


@pytest.mark.second
async def test_a_click_on_a_node_runs_to_its_step_and_stops_at_breakpoints() -> None:
    session = shipped()
    async with running(session) as terminal:
        await click(terminal, "net", "(h2)")
        assert found(session) == "hidden.a[2]"
        assert f"step {session.index + 1}: hidden.a[2]" in terminal.screen.display[-1]
        await terminal.press(":", *"break output.z[1]", "enter", "3")
        await click(terminal, "net", "(L)")
        assert found(session) == "output.z[1]" and "breakpoint 1" in terminal.screen.display[-1]
        await terminal.press("]")
        await click(terminal, "net", "(h1)")
        assert found(session) == "grad hidden.a[1]" and session.scene().phase == "backward"


async def test_keys_choose_a_node_and_enter_runs_there() -> None:
    session = shipped()
    async with running(session) as terminal:
        await terminal.press("enter")
        assert "nothing is chosen: H J K L" in terminal.screen.display[-1]
        await terminal.press("J")
        assert ">h2<" in terminal.text and "hidden.a[2]: Enter runs there" in terminal.text
        await terminal.press("L")
        assert ">o1<" in terminal.text and "(h2)" in terminal.text
        await terminal.press("escape")
        assert ">" not in terminal.screen.display[3] and session.index == 0
        await terminal.press("L", "enter")
        assert found(session) == "output.z[1]" and ">o1<" not in terminal.text
        await terminal.press("L", "5", "H")
        assert ">L<" not in terminal.text, "one thing is chosen at a time"
        await terminal.press("1", "L", "h")
        assert found(session) == "sample 1: loss"


async def test_the_timeline_is_walked_by_keys() -> None:
    session = shipped()
    async with running(session) as terminal:
        await terminal.press("5", "L", "L")
        assert "▼" in terminal.screen.display[-2] and "Enter runs there" in terminal.text
        chosen = terminal.app.screen.parts.views.markers.marker("timeline")
        await terminal.press("enter")
        assert session.index == chosen > 0 and "▼" not in terminal.screen.display[-2]
        await terminal.press("J", "J", "enter")
        assert session.index == session.schedule.phases()[2][0]
        await terminal.press("n")
        assert session.index == session.schedule.phases()[2][0] + 1
        await terminal.press("z")
        assert "╵hidden" in terminal.text and "3 backward" in terminal.text
        await terminal.press("J", "J", "J", "J", "enter")
        assert session.scene().phase == "update"


async def test_the_timeline_s_labels_and_ends_are_clicked() -> None:
    session = shipped()
    async with running(session) as terminal:
        await click(terminal, "timeline", "2 backward", 3)
        assert session.index == session.schedule.phases()[3][0]
        await terminal.press("home")
        assert "update" not in terminal.screen.display[-2]
        await click(terminal, "timeline", "…")
        await wait_for(terminal.pilot, lambda: _shows(terminal, "update"))
        assert session.index == 0
        await click(terminal, "timeline", "update")
        assert session.index == session.schedule.update_start(0)


def _shows(terminal: Terminal, text: str) -> bool:
    terminal.read()
    return text in terminal.screen.display[-2]


async def test_rows_of_gradients_and_entries_of_matrices_are_clicked() -> None:
    session = shipped()
    async with running(session) as terminal:
        await terminal.press("4")
        await click(terminal, "gradients", "hidden.W[1,2]", 2)
        assert found(session) == "grad hidden.W[1,2]"
        await terminal.press("home")
        await click(terminal, "matrices", "1.90", 1)
        assert found(session) == "hidden.p[2,2]" and "is used first here" in terminal.text
        await click(terminal, "matrices", "Z = X·W", 0)
        assert found(session) == "hidden.p[2,2]", "a heading leads nowhere"


async def test_a_graph_s_leaves_are_clicked_in_the_update_for_their_new_value() -> None:
    session = shipped("chain-rule")
    session.execute("last")
    async with running(session) as terminal:
        await click(terminal, "net", "w ", 1)
        assert found(session) == "new w"
        await terminal.press("[")
        await click(terminal, "net", "o 1.50", 1)
        assert found(session).startswith("grad o")


async def test_a_key_in_the_last_row_is_clicked() -> None:
    session = shipped()
    async with running(session) as terminal:
        await click(terminal, "message", "next", 1)
        assert session.index == 1
        await click(terminal, "message", "help")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, PageScreen))
        row = terminal.app.screen.size.height - 1
        await terminal.pilot.click(offset=(1, row))
        await wait_for(terminal.pilot, lambda: not isinstance(terminal.app.screen, PageScreen))


@pytest.mark.second
async def test_a_row_whose_step_is_here_says_so_and_another_question_begins_anew() -> None:
    session = shipped()
    async with running(session) as terminal:
        await terminal.press(":", *"goto new hidden.W[1,2]", "enter", "f", "J", "J", "J")
        row = next(line for line in terminal.screen.display if line.startswith("►"))
        assert "sample 2" in row, "an entry has two rows"
        await terminal.press("enter", "enter")
        assert "already" in terminal.screen.display[-1]
        await terminal.press(":", *"from grad x[1]", "enter")
        at = [line.startswith("►") for line in terminal.screen.display].index(True)
        rows = [line.startswith(" ") and "=" in line for line in terminal.screen.display]
        assert not any(rows[:at]), "the first row is the chosen one"


async def test_curves_have_no_braille_on_a_linux_console() -> None:
    def braille(text: str) -> bool:
        return any("⠀" < each <= "⣿" for each in text)

    for signs, expected in (("unicode", True), ("console", False)):
        session = shipped("sigmoid-neuron")
        session.execute("goto output.a[1]")
        async with running(session, look=Look(signs=signs)) as terminal:
            await terminal.press("s")
            assert braille(terminal.text) == expected
            assert expected or "▄" in terminal.text


async def test_a_long_line_that_is_wrong_is_refused_and_can_be_corrected() -> None:
    session = shipped()
    async with running(session) as terminal:
        screen = terminal.app.screen
        await terminal.press(":", *"break ")
        line = screen.query_one("CommandLine")
        line.value = "break " + "(" * 1000
        await terminal.settle()
        assert line.candidates == []
        await terminal.press("enter")
        assert "✗" in terminal.text
        await terminal.press(":", "up")
        assert line.value.startswith("break (((")
