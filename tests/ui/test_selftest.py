"""Test yourself on the screen: typing, marking, hints, grids, new numbers, leaving, resuming."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.log import folder, unfinished
from nnhs_tui.selftest.opening import resume
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.screens.page import PageScreen
from nnhs_tui.ui.screens.selftest import SelfTestScreen
from tests.ui.terminal import Terminal, click, running, wait_for

NET = shipped_folder() / "two-layer-sigmoid.toml"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def session(level: str = "node", path: Path = NET) -> Session:
    made = Session(load(path), arithmetic="exact")
    made.execute(f"level {level}")
    return made


async def begun(terminal: Terminal, command: str = "") -> SelfTestScreen:
    level = terminal.app.screen.session.level
    asks = f"{level} {command}".strip() if level == "node" or command else ""
    keys = [":", *f"test {asks}", "enter"] if asks else ["t"]
    await terminal.press(*keys)
    await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
    await terminal.settle()
    terminal.read()
    screen = terminal.app.screen
    assert isinstance(screen, SelfTestScreen)
    return screen


def row(terminal: Terminal, text: str) -> str:
    return next(line for line in terminal.text.splitlines() if text in line)


async def test_answers_are_typed_and_marked_and_what_is_to_come_is_hidden() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        assert "2 decimals" in terminal.text and "hidden.W, a row for each input" in terminal.text
        assert "question 1 of 47" in terminal.text
        assert "-0.75" not in terminal.text and "0.32" not in terminal.text
        await terminal.press(*"1,00", "enter")
        assert "✓ hidden.p[1,1] = 1,00: right" in terminal.text
        assert "question 2 of 47" in terminal.text and "1 of 47 right" in terminal.text
        await terminal.press(*"2.4", "enter")
        assert "✗ hidden.p[2,1] = 2.4: this comes out when the sign is lost" in terminal.text
        await terminal.press(*"-2.4", "enter")
        assert screen.test.right == 2
        await terminal.press("tab", "tab", "shift+tab")
        assert "question 4 of 47" in terminal.text


async def test_keys_that_come_in_one_piece_take_effect_one_after_the_other() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        await terminal.press(*"1", "enter", *"-2.4", "enter", *"0.65", "enter", "h", "h")
        assert screen.test.right == 3
        assert screen.test.hints == 2


async def test_hints_come_in_four_degrees() -> None:
    async with running(session()) as terminal:
        await begun(terminal, "backward")
        told = []
        for _ in range(4):
            await terminal.press("h")
            told.append(terminal.text)
        assert "hint 1, rule: The derivative of the mean squared error" in told[0]
        assert "hint 2" not in told[0]
        assert "hint 2, formula: ∂L/∂output.a1 = 2·(output.a1 - t1)" in told[1]
        assert "hint 3, numbers put in: 2·(0.68 - 0.10)" in told[2]
        assert "1.17" not in told[2]
        assert "hint 4, result: 1.17" in told[3]
        await terminal.press("h")
        assert "that was the last hint" in terminal.text


async def test_a_matrix_is_filled_in_as_a_grid() -> None:
    async with running(session("layer")) as terminal:
        screen = await begun(terminal)
        await terminal.press(*"-0.75", "enter")
        assert screen.test.cell == 1 and screen.test.right == 0
        await terminal.press(*"-1.35", "enter")
        assert screen.test.right == 2 and screen.test.at == 1
        while screen.test.ask.title != "grad hidden.W[ ]":
            await terminal.press("tab")
        await terminal.press("down", "right", *"0.24", "up", "left")
        assert screen.test.typed["grad hidden.W[2,2]"] == "0.24"
        assert screen.test.cell == 0
        assert "0.24" in row(terminal, "·     0.24")
        await terminal.press("up")
        assert screen.test.ask.title != "grad hidden.W[ ]"


async def test_cells_and_the_keys_of_the_last_row_are_clicked() -> None:
    async with running(session("layer")) as terminal:
        screen = await begun(terminal)
        await click(terminal, "question", "·", 0)
        assert screen.test.cell == 1
        await terminal.press(*"-1.35")
        await click(terminal, "message", "hint")
        assert screen.test.hints == 1
        await click(terminal, "message", "Tab")
        assert screen.test.at == 1
        await click(terminal, "message", "?")
        assert isinstance(terminal.app.screen, PageScreen)
        await terminal.press("escape")
        await click(terminal, "message", "leave")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))


async def test_a_column_is_pasted_cell_by_cell() -> None:
    from textual.events import Paste

    async with running(session("layer")) as terminal:
        screen = await begun(terminal)
        terminal.app.post_message(Paste("-0,75\t-1,35\n9\n"))
        await wait_for(terminal.pilot, lambda: len(screen.test.typed) == 2)
        await terminal.press("enter")
        assert screen.test.right == 2


async def test_new_numbers_and_one_phase_alone_are_a_key_away() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        first = screen.test.questions.question("hidden.z[1]").exact
        await terminal.press("n")
        assert "seed 1" in terminal.text
        assert screen.test.questions.question("hidden.z[1]").exact != first
        await terminal.press("o")
        assert {ask.phase for ask in screen.test.asks} == {"forward"}
        assert screen.test.setting.seed == 1
        await terminal.press(*"9.99", "enter", "o", "o", "o", "o")
        assert {ask.phase for ask in screen.test.asks} != {"forward"}
        await terminal.press("z")
        assert "z is no part of a number" in terminal.text


@pytest.mark.second
async def test_at_the_end_there_is_a_report_and_the_test_is_not_gone_on_with() -> None:
    async with running(session(path=shipped_folder() / "chain-rule.toml")) as terminal:
        screen = await begun(terminal)
        await terminal.press(*"2", "enter")
        for ask in list(screen.test.asks):
            answer = screen.test.questions.question(ask.title).expected
            await terminal.press(*answer, "enter")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, PageScreen))
        await terminal.settle()
        terminal.read()
        assert "right at once" in terminal.text and "worth another try" in terminal.text
        assert list(unfinished()) == []
        await terminal.press("escape", "q")
        assert isinstance(terminal.app.screen, DebuggerScreen)
        await begun(terminal, "again")
        assert "what went wrong" in terminal.text and "question 1 of 1" in terminal.text


async def test_leaving_and_coming_back_goes_on_with_what_was_being_typed() -> None:
    async with running(session()) as terminal:
        await begun(terminal)
        await terminal.press(*"1", "enter", *"-2.", "escape")
        assert isinstance(terminal.app.screen, DebuggerScreen)
        await terminal.press("t")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
        screen = terminal.app.screen
        await terminal.settle()
        assert screen.test.right == 1 and screen.test.text == "-2."
        assert "going on where you left it" in terminal.text
    async with running(None, selftest=resume()) as terminal:
        assert "-2._" in terminal.text
        await terminal.press("4", "enter")
        assert "2 of 47 right" in terminal.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (60, 20), (160, 50), (39, 11)])
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    async with running(session("layer"), size) as terminal:
        screen = await begun(terminal)
        if size[0] < 40:
            assert "needs 40×12" in terminal.text
            return
        assert "_" in terminal.text and "hidden.z" in terminal.text
        await terminal.press(*"9", "enter", *"9", "enter", "h", "h", "h")
        assert "✗" in terminal.text
        assert screen.test.hints == 3


async def test_what_cannot_be_asked_is_refused_in_the_debugger() -> None:
    async with running(session(path=shipped_folder() / "sigmoid-circuit.toml")) as terminal:
        await terminal.press(":", *"test update", "enter")
        assert isinstance(terminal.app.screen, DebuggerScreen)
        assert "nothing to ask" in terminal.text
        await terminal.press(":", *"test again", "enter")
        assert "nothing went wrong last time" in terminal.text


def test_resume_says_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resume"]) == 2
    assert "needs a terminal" in capsys.readouterr().err
    assert main(["resume", "--list"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_terminal_that_is_gone_loses_nothing(ending: int) -> None:
    pytest.importorskip("fcntl")
    from tests.ui.test_terminal import COMMAND_LINE, Running

    program = Running(NET, program=COMMAND_LINE)
    try:
        program.read_until("loss")
        os.write(program.master, b"t")
        program.until_shown("question 1")
        os.write(program.master, b"-0.75\r0.32\r0.6")
        program.until_shown("0.6_")
        os.kill(program.process.pid, ending)
        program.process.wait(20)
    finally:
        program.close()
    (file,) = folder().glob("*.selftest")
    assert file.read_text(encoding="utf-8").endswith("type 0.6\n")
    opened = resume("two-layer-sigmoid")
    assert opened.test.right == 2 and opened.test.text == "0.6"


@pytest.mark.second
async def test_what_is_given_stands_below_the_question() -> None:
    async with running(session()) as terminal:
        await begun(terminal)
        assert "x1 = 2.00, x2 = 3.00, x3 = 0.50" in terminal.text
        assert "hidden.W, a row for each input:   0.50  0.90 | -0.80 -1.10" in terminal.text
        await terminal.press("tab", "tab", "tab", "tab")
        assert "the activation of hidden is the sigmoid" in terminal.text
    async with running(session(), (120, 40)) as terminal:
        await begun(terminal, "backward new")
        assert "t = 0.1; the loss is L = (1/n) Σ (o - t)², n = 1" in terminal.text
    async with running(session()) as terminal:
        await begun(terminal, "update")
        assert "lr = 0.5" in terminal.text
    async with running(session(path=shipped_folder() / "chain-rule.toml"), (50, 14)) as terminal:
        await begun(terminal)
        assert "w = 2.00, z = -0.50, y = 4.00" in terminal.text
        assert "o = w + z; f = o·y" in terminal.text


@pytest.mark.second
async def test_what_a_phase_alone_needs_of_the_others_is_given() -> None:
    async with running(session()) as terminal:
        await begun(terminal, "backward")
        assert "-0.75→0.32" in terminal.text and "∂ 1.17" not in terminal.text
        await terminal.press(*"1.17", "enter")
        assert "∂ 1.17" in terminal.text and "0.25" not in terminal.text
        await terminal.press("q")
        await begun(terminal, "update")
        assert "its gradient = 0.1320" in terminal.text
        assert "0.43" not in terminal.text


async def test_of_a_large_matrix_the_column_in_work_is_given() -> None:
    async with running(session(path=shipped_folder() / "training-loop.toml")) as terminal:
        screen = await begun(terminal)
        while screen.test.name != "hidden.z[1]":
            await terminal.press("tab")
        assert "hidden.W, column 1, to neuron 1:  -0.50 -0.20 -0.50" in terminal.text


async def test_ask_only_begins_with_what_went_wrong() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal, "new")
        await terminal.press(*"9.99", "enter", "o", "o")
        assert [ask.title for ask in screen.test.asks] == ["hidden.p[1,1]"]
        await terminal.press("o")
        assert {ask.phase for ask in screen.test.asks} == {"forward"}


async def test_back_at_a_wrong_answer_it_is_said_again_what_became_of_it() -> None:
    async with running(session()) as terminal:
        await begun(terminal)
        await terminal.press(*"-1", "enter", "tab", "shift+tab")
        assert "✗ hidden.p[1,1] = -1: this comes out when the sign is lost" in terminal.text


async def test_where_nothing_can_be_kept_that_stays_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    async with running(session()) as terminal:
        await begun(terminal)
        assert "nothing is kept" in terminal.text
        await terminal.press(*"1", "enter")
        assert "nothing is kept" in terminal.text and "1 of 47 right" in terminal.text


async def test_a_number_may_begin_like_the_wrong_one_before_it() -> None:
    async with running(session(path=shipped_folder() / "sigmoid-circuit.toml")) as terminal:
        screen = await begun(terminal)
        await terminal.press("minus", *"1", "enter", *"0.3", "enter", *"0.37")
        assert screen.test.text == "0.37"
        await terminal.press("enter")
        assert screen.test.right == 2
        # Typed and erased again it is no new number.
        await terminal.press(*"1.3", "enter", *"1", "backspace", *"1.37")
        assert screen.test.text == "1.37"


async def test_a_key_that_leaves_answers_behind_asks_once() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        first = screen.test
        await terminal.press(*"1", "enter", "n")
        assert screen.test is first
        assert "n again begins new numbers; nnhs-tui resume --list lists this test" in terminal.text
        await terminal.press(*"1", "n")
        assert screen.test is first and screen.test.text == "1"
        assert "n is no part of a number: Enter marks it, Ctrl+U takes it back" in terminal.text
        await terminal.press("ctrl+u", "n")
        assert screen.test is first, "other keys lie between"
        await terminal.press("n")
        assert screen.test is not first and screen.test.setting.seed == 1
        await terminal.press(*"2", "enter", "q")
    told = [str(path) for path, _ in unfinished()]
    assert resume("2").test.setting.seed is None
    assert resume(told[0]).test.setting.seed == 1


async def test_it_is_said_that_another_test_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(session()) as terminal:
        await begun(terminal)
        await terminal.press(*"1", "enter", "n", "n", *"2", "enter", "q", "t")
        told = "going on where you left it; 1 more was left: nnhs-tui resume --list"
        assert told in terminal.text


@pytest.mark.parametrize("level", ["node", "neuron"])
async def test_what_a_worksheet_asks_is_asked_and_every_product_on_demand(level: str) -> None:
    async with running(session(level)) as terminal:
        await terminal.press("t")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
        screen = terminal.app.screen
        await terminal.settle()
        assert screen.test.total == 33 and "question 1 of 33" in terminal.text
        await terminal.press("o", "o", "o", "o")
        assert "a new test: everything" in terminal.text
        # The gradient of a product is that of its sum: nobody types it twice.
        assert screen.test.total == 47
        assert not any(name.startswith("grad hidden.p") for name in screen.test.names)
        await terminal.press("o", "o", "o", "o")
        assert "what a worksheet asks" in terminal.text and screen.test.total == 33


async def test_letters_are_commands_only_where_no_number_is_typed() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        for key in "hnorlq":
            await terminal.press("7", key)
            told = f"{key} is no part of a number: Enter marks it, Ctrl+U takes it back"
            assert told in terminal.text and terminal.app.screen is screen
            assert screen.test.text == "7" and not screen.test.hints
            await terminal.press("ctrl+u")
        await terminal.press("h")
        assert screen.test.hints == 1
        await terminal.press("7", "escape")
        assert isinstance(terminal.app.screen, DebuggerScreen)


async def test_a_digit_behind_a_verdict_never_loses_the_number_before() -> None:
    async with running(session("layer")) as terminal:
        screen = await begun(terminal)
        await terminal.press(*"-0.75", "enter", *"9", "enter")
        assert "✗" in terminal.text
        await terminal.press("left", "3")
        assert screen.test.text == "3"
        await terminal.press("backspace")
        assert screen.test.text == "-0.75" and screen.test.is_fresh
        assert screen.test.tries_of("hidden.z[1]").is_right
        await terminal.press("4", "5", "ctrl+u")
        assert screen.test.text == "-0.75"
        await terminal.press("right", "backspace")
        assert screen.test.text == "9"


async def test_a_line_feed_marks_as_enter_does() -> None:
    async with running(session()) as terminal:
        screen = await begun(terminal)
        await terminal.press("1", "ctrl+j")
        assert screen.test.right == 1


async def test_fresh_shows_nobody_else_s_answers() -> None:
    from nnhs_tui.ui.program import Files

    async with running(session()) as terminal:
        await terminal.press("t")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
        await terminal.press(*"-0.75", "enter", "q")
    async with running(session(), files=Files(fresh=True)) as terminal:
        for right in (0, 1):
            await terminal.press("t")
            await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
            screen = terminal.app.screen
            assert screen.test.right == right
            # Coming back one goes on with one's own.
            await terminal.press(*"-0.75", "enter", "q")
            await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))


async def test_after_a_wrong_answer_it_says_that_one_may_go_on() -> None:
    async with running(session()) as terminal:
        await begun(terminal)
        assert "input 1 times its weight to neuron 1 of hidden" in terminal.text
        await terminal.press(*"9", "enter")
        assert "Tab leaves it: what goes on from your own number counts as right" in terminal.text


async def test_one_s_own_numbers_stand_where_they_are_needed() -> None:
    async with running(session("neuron")) as terminal:
        await terminal.press("t")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, SelfTestScreen))
        await terminal.press(*"-0.85", "enter", "tab")
        await terminal.settle()
        terminal.read()
        assert "yours: hidden.z[1] = -0.85" in terminal.text
        await terminal.press(*"0.30", "enter", *"-1.35", "enter", *"0.21", "enter")
        # The products in between are not asked: what they are made of stands there.
        assert "yours: hidden.a[1] = 0.30, hidden.a[2] = 0.21" in terminal.text
        assert "-0.85" not in row(terminal, "yours")


@pytest.mark.parametrize(
    ("name", "before", "term", "told"),
    [
        ("one-to-one", ["1.40", "1.40"], "0.36", "loss[1] = 0.36"),
        ("one-to-one", ["1.40", "1.40"], "0.18", "loss[1] = 0.18 (divided by 2 already)"),
        ("one-to-one", ["1.40", "2.40"], "0.16", "loss[1] = 0.16"),
    ],
)
async def test_a_term_with_the_factor_of_the_loss_in_it_says_so(
    name: str, before: list[str], term: str, told: str
) -> None:
    async with running(Session(load(shipped_folder() / f"{name}.toml"))) as terminal:
        await begun(terminal)
        for typed in (*before, term):
            await terminal.press(*typed, "enter")
            if "✗" in row(terminal, "= "):
                await terminal.press("tab")
        assert row(terminal, "yours:").strip() == f"yours: {told}"
