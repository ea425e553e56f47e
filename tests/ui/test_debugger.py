"""The debugger's screen: what is where at each size, and what keys, mouse and words do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnhs_tui.autodiff.schedule import FORWARD
from nnhs_tui.commands.commands import COMMANDS, SCREEN, Command, key_labels
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.app import NnhsApp
from nnhs_tui.ui.debugger import autoplay
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.widgets.pane import Pane
from tests.ui.examples import large_session, session_of
from tests.ui.terminal import Terminal, piloted, running, wait_for

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def debugger(terminal: Terminal) -> DebuggerScreen:
    screen = terminal.app.screen
    assert isinstance(screen, DebuggerScreen)
    return screen


def shown(terminal: Terminal) -> set[str]:
    """The panes that are on the screen."""
    return {str(pane.id) for pane in terminal.app.screen.query(Pane) if pane.display and pane.size}


ALL = {"position", "net", "matrices", "step", "gradients", "timeline", "message"}
SINGLE = {"position", "net", "step", "message"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50), (40, 15), (120, 15), (40, 12)])
async def test_what_is_on_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(session_of(tmp_path), size) as terminal:
        # Before the backward pass there is no gradient to be seen.
        assert shown(terminal) == (SINGLE if size[1] < 24 else ALL - {"gradients"})
        assert str(debugger(terminal).session.total) in terminal.screen.display[0]
        assert "product of" in " ".join(terminal.text.split())
        await terminal.press("]")
        assert shown(terminal) == (SINGLE if size[1] < 24 else ALL)


async def test_the_gradients_give_their_room_away_while_there_are_none(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        net = terminal.app.screen.query_one("#net", Pane)
        before = net.size.height
        await terminal.press("4")
        assert "gradients" in shown(terminal), "who asks for them sees them"
        await terminal.press("1")
        assert "gradients" not in shown(terminal) and net.size.height == before
        await terminal.press("]")
        assert "gradients" in shown(terminal) and net.size.height == before - 5
        await terminal.press("[")
        assert "gradients" not in shown(terminal)


async def test_of_several_samples_only_the_first_has_no_gradients_yet() -> None:
    session = Session(load(shipped_folder() / "three-samples.toml"))
    async with running(session) as terminal:
        assert "gradients" not in shown(terminal)
        await terminal.press("right_square_bracket")
        assert "gradients" in shown(terminal)
        await terminal.press("right_square_bracket")
        assert session.scene().phase == FORWARD and session.scene().sample == 1
        assert "gradients" in shown(terminal), "those of the first sample"


async def test_a_graph_without_parameters_has_no_pane_of_gradients() -> None:
    session = Session(load(shipped_folder() / "sigmoid-circuit.toml"))
    async with running(session) as terminal:
        await terminal.press("]")
        assert "gradients" not in shown(terminal) and "∂ 1.00" in terminal.text


@pytest.mark.parametrize("size", [(39, 11), (39, 40), (120, 11), (10, 3)], ids=str)
async def test_a_terminal_that_is_too_small_is_told_so(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(session_of(tmp_path), size) as terminal:
        lines = [line for line in terminal.text.splitlines() if line]
        assert "40×12" in lines[0]
        assert len(lines) <= 2


@pytest.mark.second
async def test_at_80_by_24_every_step_shows_its_number_gradient_and_update(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    from nnhs_tui.present.panes.explain import explain

    async with running(session) as terminal:
        for _ in range(session.total):
            scene = session.scene()
            assert scene.show(explain(scene).value) in terminal.text
            assert f"{session.index + 1}" in terminal.screen.display[0]
            if scene.phase != FORWARD:
                assert "gradients" in terminal.text and "new value" in terminal.text
            await terminal.press("n")


async def test_keys_step_as_the_table_says(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        for keys, index in (
            ("n", 1), ("right", 2), ("p", 1), ("left", 0), ("end", session.total - 1), ("home", 0)
        ):  # fmt: skip
            await terminal.press(keys)
            assert session.index == index
        await terminal.press("right_square_bracket")
        assert session.scene().phase == "backward"
        await terminal.press("m")
        assert session.arithmetic_name == "hand" and "hand" in terminal.screen.display[0]
        await terminal.press("plus")
        assert session.digits == 3


async def test_every_key_is_bound(tmp_path: Path) -> None:
    app = NnhsApp(session_of(tmp_path))
    async with piloted(app) as pilot:
        await pilot.pause()
        bindings = app.screen.active_bindings
        for command in COMMANDS:
            for key in command.keys:
                binding = bindings[key].binding
                assert command.word in binding.action, key
                assert binding.tooltip == command.help, key


@pytest.mark.second
async def test_stepping_back_shows_the_same_screen(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        seen = []
        for _ in range(20):
            seen.append(terminal.cells())
            await terminal.press("n")
        while seen:
            await terminal.press("p")
            assert terminal.cells() == seen.pop()


async def test_a_refused_command_says_why_in_the_last_row(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await type_command(terminal, "goto 4711")
        assert terminal.screen.display[-1].startswith("✗ goto takes a step from 1")
        assert "\a" not in terminal.driver.take()
        await terminal.press("n")
        assert terminal.screen.display[-1].startswith("n next")


async def type_command(terminal: Terminal, text: str) -> None:
    await terminal.press("colon")
    await terminal.press(*("space" if key == " " else key for key in text), "enter")


@pytest.mark.second
async def test_the_command_line(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await type_command(terminal, "goto 12")
        assert session.index == 11
        await type_command(terminal, "17")
        assert session.index == 16
        await type_command(terminal, "nxet")
        assert "did you mean next" in terminal.screen.display[-1]
        await terminal.press("colon", "up", "up", "up")
        assert terminal.screen.display[-1].startswith(":goto 12")
        await terminal.press("enter")
        assert session.index == 11
        await terminal.press("colon", "q", "escape")
        assert terminal.screen.display[-1].startswith("n next")
        await terminal.press("n")
        assert session.index == 12


async def test_g_asks_for_the_step(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("g")
        assert terminal.screen.display[-1].startswith(":goto")
        await terminal.press("9", "enter")
        assert session.index == 8


async def test_typing_writes_nothing_by_itself(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("colon")
        from textual.widgets import Input

        assert not terminal.app.screen.query_one(Input).cursor_blink


async def test_zoom_and_panes(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("4", "z")
        assert shown(terminal) == {"position", "gradients", "message"}
        await terminal.press("2")
        assert shown(terminal) == {"position", "step", "message"}
        await terminal.press("z")
        assert shown(terminal) == ALL - {"gradients"}


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), "end a n n n n"),
        ((120, 36), "end a n n n n"),
        ((80, 24), "z n n z"),
        ((80, 24), "0 n n 3"),
        ((50, 20), "3 end 1 a n 3"),
        ((50, 20), "4 end 1 a n 4"),
    ],
)
async def test_a_pane_that_comes_back_shows_this_step(size: tuple[int, int], keys: str) -> None:
    session = Session(load(shipped_folder() / "one-to-one.toml"))
    async with running(session, size) as terminal:
        await terminal.press(*keys.split())
        seen = terminal.text
        debugger(terminal).redraw_soon()
        await terminal.settle()
        terminal.read()
        assert terminal.text == seen


async def test_on_a_small_screen_the_numbers_choose_the_pane(tmp_path: Path) -> None:
    async with running(session_of(tmp_path), (40, 15)) as terminal:
        for key, name in (("3", "matrices"), ("4", "gradients"), ("1", "net"), ("2", "step")):
            await terminal.press(key)
            assert shown(terminal) == {"position", "step", "message", name}
        await terminal.press("5")
        assert "timeline" in shown(terminal)


async def test_scrolling_ends_at_the_ends(tmp_path: Path) -> None:
    session = large_session(tmp_path)
    async with running(session) as terminal:
        screen = debugger(terminal)
        await terminal.press("4", *"JJJ")
        down = terminal.text
        assert screen.parts.views.scrolls["gradients"] == (3, 0)
        await terminal.press(*"KKK")
        assert terminal.text != down
        await terminal.press(*"KKKKKK")
        rows = screen.parts.views.scrolls["gradients"][0]
        await terminal.press(*"K")
        assert screen.parts.views.scrolls["gradients"][0] == rows
        await terminal.press("n")
        assert not screen.parts.views.scrolls, "after a step the panes follow the cursor again"


async def test_the_mouse(tmp_path: Path) -> None:
    async with running(large_session(tmp_path)) as terminal:
        pilot: Pilot[int] = terminal.pilot
        await terminal.press("]")
        await pilot.click("#gradients")
        assert debugger(terminal).parts.views.chosen == "gradients"
        before = terminal.text
        pane = terminal.app.screen.query_one("#matrices", Pane)
        from textual.events import MouseScrollDown

        pane.post_message(
            MouseScrollDown(pane, 1, 1, 0, 1, 0, False, False, False, screen_x=50, screen_y=5)
        )
        await terminal.settle()
        terminal.read()
        assert terminal.text != before
        assert debugger(terminal).parts.views.scrolls == {"matrices": (2, 0)}


@pytest.mark.second
async def test_playing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoplay, "INTERVALS", (0.001, 0.002, 0.003, 0.004, 0.005, 0.006))
    session = session_of(tmp_path)
    async with running(session) as terminal:
        screen = debugger(terminal)
        screen.parts.autoplay.interval = 0.004
        await terminal.pilot.press("space")
        await wait_for(terminal.pilot, lambda: session.index > 3)
        await terminal.pilot.press("space")
        assert not screen.parts.autoplay.playing
        await terminal.pilot.press("space", "greater_than_sign")
        assert screen.parts.autoplay.interval == 0.003
        await terminal.pilot.press("n")
        assert not screen.parts.autoplay.playing, "any other step pauses"
        await terminal.pilot.press("space", "question_mark")
        assert not screen.parts.autoplay.playing, "a dialog pauses"
        await terminal.press("escape", "space")
        await wait_for(terminal.pilot, lambda: session.index == session.total - 1)
        await wait_for(terminal.pilot, lambda: not screen.parts.autoplay.playing)


async def test_the_speed_has_ends(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press(*["less_than_sign"] * 9)
        assert "4 s a step" in terminal.screen.display[-1]
        await terminal.press(*["greater_than_sign"] * 9)
        assert "0.1 s a step" in terminal.screen.display[-1]
        assert not debugger(terminal).parts.autoplay.playing


async def test_the_palette_runs_any_command(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("ctrl+p", *"nextph")
        await wait_for_text(terminal, "next-phase")
        await terminal.press("enter")
        await wait_for(terminal.pilot, lambda: session.scene().phase == "backward")


async def wait_for_text(terminal: Terminal, text: str) -> None:
    def is_there() -> bool:
        terminal.read()
        return text in terminal.text

    await wait_for(terminal.pilot, is_there)


async def test_the_palette_lists_every_command(tmp_path: Path) -> None:
    app = NnhsApp(session_of(tmp_path))
    async with piloted(app, size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        from textual.widgets import OptionList

        await wait_for(
            pilot, lambda: app.screen.query_one(OptionList).option_count == len(COMMANDS)
        )


@pytest.mark.parametrize(
    "columns, rows", [(1, 1), (1, 24), (2, 9), (4, 24), (5, 24), (6, 8), (7, 24), (39, 3)]
)
async def test_the_palette_bears_any_size(tmp_path: Path, columns: int, rows: int) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("ctrl+p")
        await terminal.resize(columns, rows)
        await terminal.press("pagedown", "pageup", "end", "pagedown", "n", "pagedown", "escape")
        await terminal.resize(80, 24)
        await terminal.press("escape", "n")
        assert session.index == 1 and "net" in terminal.text


async def test_the_palette_asks_for_an_argument(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("ctrl+p", *"digits")
        await wait_for_text(terminal, "number of decimals")
        await terminal.press("enter")
        await wait_for_text(terminal, ":digits")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=str)
async def test_help_shows_every_command_and_sign(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(session_of(tmp_path), size) as terminal:
        await terminal.press("question_mark", "question_mark")
        seen, before = "", None
        while before != terminal.text:
            before = terminal.text
            seen += before
            await terminal.press("pagedown")
        for command in COMMANDS:
            assert command.word in seen
            assert all(label in seen for label in key_labels(command).split())
        for word in ("not known yet", "reversed", "bold", "blue", "underlined"):
            assert word in seen


@pytest.mark.parametrize("key", ["escape", "q", "enter"])
async def test_help_closes(tmp_path: Path, key: str) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("question_mark")
        assert not isinstance(terminal.app.screen, DebuggerScreen)
        await terminal.press(key)
        debugger(terminal)


async def test_the_first_page_of_the_help_is_about_this_step(tmp_path: Path) -> None:
    """On one page; all there is comes behind a second ?, which a third one closes."""
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("question_mark")
        assert "Go on one step at this level." in terminal.text and "lines 1" not in terminal.text
        assert "Open this step" not in terminal.text, "nothing is inside a product"
        await terminal.press("escape", *":goto hidden.a[1]", "enter", "question_mark")
        assert "Open this step" in terminal.text
        await terminal.press("question_mark")
        assert "all keys and signs" in terminal.text
        await terminal.press("question_mark")
        debugger(terminal)


async def test_the_whole_help_can_be_looked_through(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("question_mark", "question_mark", "/", *"watch THIS")
        assert "watch [QUANTITY]" in terminal.text and "breakpoint" not in terminal.text
        await terminal.press(*"zz")
        assert "nothing has that in it" in terminal.text
        await terminal.press("escape")
        assert "next-phase" in terminal.text
        await terminal.press("escape")
        debugger(terminal)


async def test_about_shows_data_as_it_is(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("i")
        assert "What to look at [in brackets]." in terminal.text
        assert "Source: made up" in terminal.text


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting(tmp_path: Path, key: str) -> None:
    app = NnhsApp(session_of(tmp_path))
    async with piloted(app) as pilot:
        await pilot.press(key)
        await wait_for(pilot, lambda: app.return_value == 0)


async def test_in_the_command_line_only_ctrl_q_quits(tmp_path: Path) -> None:
    app = NnhsApp(session_of(tmp_path))
    async with piloted(app) as pilot:
        await pilot.press("colon", "q")
        assert app.return_value is None
        await pilot.press("ctrl+q")
        await wait_for(pilot, lambda: app.return_value == 0)


async def test_without_colour_every_state_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(session) as terminal:
        await terminal.press("end")
        cells = [cell for row in terminal.cells() for cell in row]
        assert {cell[1] for cell in cells} == {"default"}
        assert {cell[2] for cell in cells} == {"default"}
        attributes = {
            name: place for place, name in enumerate(terminal.screen.cursor.attrs._fields)
        }
        for name in ("bold", "underscore", "reverse"):
            assert any(cell[attributes[name]] for cell in cells), name
        assert "∂" in terminal.text


async def test_a_large_net_can_be_walked(tmp_path: Path) -> None:
    session = large_session(tmp_path)
    async with running(session) as terminal:
        await terminal.press("n", "n", "right_square_bracket", "n", "end", "p", "home")
        await type_command(terminal, "goto 60000")
        assert session.index == 59_999
        assert "60" in terminal.screen.display[0]


async def test_replaying(tmp_path: Path) -> None:
    lines = ["# to the middle", "goto 12", "", "next", "zoom", "nxet", "what", "next"]
    session = session_of(tmp_path)
    async with running(session, files=Files(lines)) as terminal:
        await wait_for_text(terminal, "✗ line 6: there is no command 'nxet'")
        assert "(and 1 more)" in terminal.text
        assert session.index == 13
        assert debugger(terminal).has_class("-zoomed")


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if c.scope == SCREEN], ids=lambda c: c.word
)
async def test_every_screen_command_works_from_a_file(tmp_path: Path, command: Command) -> None:
    """As a word, not only as a key."""
    argument = " 3" if command.word == "pane" else ""
    # What acts on the row of a list needs one.
    before = ["watch loss"] if command.word in ("accept", "remove") else []
    lines = [*before, command.word + argument]
    async with running(session_of(tmp_path), files=Files(lines)) as terminal:
        assert "✗" not in terminal.screen.display[-1]
