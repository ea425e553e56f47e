"""Lessons in the debugger: beside the panes, as a card, answered, kept, and gone on with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events

from nnhs_tui.debugger.session import Session
from nnhs_tui.lessons.course import AT_ONCE, LATER, OPEN
from nnhs_tui.lessons.lesson import Lesson
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.library import find_lesson, scenario_of, shipped_lessons
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.store import learned
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.screens.card import CardScreen
from nnhs_tui.ui.screens.picker import PickerScreen
from nnhs_tui.ui.screens.spot import SpotScreen
from tests.ui.terminal import Terminal, click, running, wait_for

SMALL, LARGE = (80, 24), (120, 40)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def opened(name: str, size: tuple[int, int], **keywords: object):  # type: ignore[no-untyped-def]
    lesson = find_lesson(name)
    files = Files(lesson=lesson, keeps_places=True)
    return running(Session(scenario_of(lesson)), size, files=files, **keywords)


def outcomes(name: str) -> tuple[str, ...]:
    return learned.learned(find_lesson(name).path)


def session_of(terminal: Terminal) -> Session:
    found: Session = terminal.app.screen_stack[0].session
    return found


async def answer(terminal: Terminal, text: str) -> None:
    await terminal.press("equals_sign", *text, "enter")


async def test_it_stands_beside_the_panes_and_is_worked_through() -> None:
    async with opened("dot-product", LARGE) as terminal:
        assert not isinstance(terminal.app.screen, CardScreen)
        assert "Task 1 of 3" in terminal.text and "Two lists of the same length" in terminal.text
        assert session_of(terminal).name(session_of(terminal).quantity("")) == "output.p[1,1]"
        await answer(terminal, "2.9")
        assert "✗ 2.9: wrong" in terminal.text and outcomes("dot-product") == (OPEN,) * 3
        await answer(terminal, "?")
        assert "hint 1: The second input" in " ".join(terminal.text.split())
        await answer(terminal, "2,80")
        assert "Task 2 of 3" in terminal.text and outcomes("dot-product") == (LATER, OPEN, OPEN)
        assert session_of(terminal).name(session_of(terminal).quantity("")) == "output.p[3,1]"
        await answer(terminal, "1.3")
        await answer(terminal, "b")
        assert outcomes("dot-product") == (LATER, AT_ONCE, AT_ONCE)
        assert "3 tasks, 2 right at once" in terminal.text
        assert "The matrix product" in terminal.text
        await terminal.press("G")
        assert session_of(terminal).scenario.name == "matrix-product"
        assert "Task 1 of 4" in terminal.text


async def test_what_is_cut_beside_the_panes_says_where_all_of_it_is() -> None:
    async with opened("e4-reshape", (120, 24)) as terminal:
        assert re.search(r" 1–\d+ of \d+, I all ─", terminal.text)
        await terminal.press("I")
        assert isinstance(terminal.app.screen, CardScreen)


async def test_a_lesson_leaves_the_place_in_its_scenario_alone() -> None:
    files = Files(keeps_places=True)
    path = shipped_folder() / "one-to-one.toml"
    async with running(Session(load(path)), LARGE, files=files) as terminal:
        await terminal.press("escape", "end", "a", "n")
        for lesson in ("update-rule", "one-neuron"):
            await terminal.press("colon", *f"lesson {lesson}", "enter")
    async with opened("update-rule", LARGE) as terminal:
        for given in ("0.82", "0.71", "1.9", "1.62"):
            await answer(terminal, given)
        assert session_of(terminal).edits and session_of(terminal).round == 1
    async with running(Session(load(path)), LARGE, files=files) as terminal:
        session = session_of(terminal)
        assert (session.round, session.index, len(session.edits)) == (1, 1, 0)


async def test_the_debugger_stays_what_it_is() -> None:
    async with opened("many-to-one", LARGE) as terminal:
        await terminal.press("home", "n", "right_square_bracket", "w", "7")
        assert session_of(terminal).index > 2 and session_of(terminal).watches
        assert "Three inputs, one neuron" in terminal.text


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_next_lesson_begins_with_its_net(size: tuple[int, int]) -> None:
    async with opened("dot-product", size) as terminal:
        await terminal.press("escape", "9", "G", "escape")
        assert session_of(terminal).scenario.name == "matrix-product"
        assert "1 net" in terminal.text and "9 rounds" not in terminal.text


@pytest.mark.parametrize("key", ["n", "right_square_bracket", "end"])
async def test_the_first_page_of_the_help_has_the_keys_of_the_lesson(key: str) -> None:
    async with opened("many-to-one", SMALL) as terminal:
        await terminal.press("escape", key, "question_mark")
        for told in ("  =  ", "  I  ", "  q ", "✓ right at once", "? again"):
            assert told in terminal.text, told
    async with running(Session(load(shipped_folder() / "many-to-one.toml")), SMALL) as terminal:
        await terminal.press("question_mark")
        assert "✓" not in terminal.text and "the letter of a choice" not in terminal.text


async def test_where_there_is_no_room_it_is_a_card() -> None:
    async with opened("dot-product", SMALL) as terminal:
        assert isinstance(terminal.app.screen, CardScreen)
        assert "Task 1 of 3" in terminal.text and "Two lists" in terminal.text
        await terminal.press("equals_sign")
        assert "What is the second product" in terminal.text, "the question stands above the line"
        await terminal.press("3", "enter")
        last = terminal.screen.display[-1].strip()
        assert last.startswith("✗ 3: wrong") and last.endswith("; = ? gives a hint")
        await terminal.press("I")
        assert isinstance(terminal.app.screen, CardScreen)
        await terminal.press("I")
        assert not isinstance(terminal.app.screen, CardScreen)
        await answer(terminal, "2.80")
        assert isinstance(terminal.app.screen, CardScreen) and "✓ 2.80: right" in terminal.text
        assert "Task 2 of 3" in terminal.text


@pytest.mark.parametrize("size", [(40, 12), SMALL, (120, 24), LARGE, (160, 50)], ids=str)
@pytest.mark.parametrize("lesson", shipped_lessons(), ids=lambda lesson: lesson.name)
async def test_every_lesson_opens(lesson: Lesson, size: tuple[int, int]) -> None:
    async with opened(lesson.name, size) as terminal:
        screen = terminal.app.screen_stack[0]
        assert screen.parts.lessons.course is not None, terminal.text
        head = f"Task 1 of {len(lesson.tasks)}"
        for _ in range(20):
            if head in terminal.text or isinstance(terminal.app.screen, DebuggerScreen):
                break
            await terminal.press("pagedown")
        assert head in terminal.text


@pytest.mark.parametrize("lesson", shipped_lessons(), ids=lambda lesson: lesson.name)
async def test_every_lesson_can_be_worked_through(lesson: Lesson) -> None:
    async with opened(lesson.name, SMALL) as terminal:
        course = terminal.app.screen_stack[0].parts.lessons.course
        await terminal.press("escape")
        for number, asked in enumerate(course.all_asked):
            assert course.done == number and course.asked is asked
            wrong = [LETTERS[k] for k in range(len(asked.choices)) if k not in asked.right]
            given = wrong[0] if wrong else "99.99"
            await answer(terminal, given)
            assert f"✗ {given}: wrong; = ? gives a hint" in terminal.text
            await answer(terminal, "?")
            assert "hint: " in terminal.text and course.done == number
            await answer(terminal, asked.solution.replace(" ", ""))
            assert course.done == number + 1 and "right" in terminal.text
            if isinstance(terminal.app.screen, CardScreen):
                await terminal.press("escape")
        assert outcomes(lesson.name) == (LATER,) * len(lesson.tasks)


async def test_the_size_decides_and_may_change() -> None:
    async with opened("dot-product", LARGE) as terminal:
        screen = terminal.app.screen_stack[0]
        assert screen.pane("lesson").display
        await terminal.resize(*SMALL)
        assert not screen.pane("lesson").display and "│ " not in terminal.text.split("\n")[2][-4:]
        await terminal.resize(*LARGE)
        assert screen.pane("lesson").display and "Two lists" in terminal.text


async def test_what_if_is_shown_and_taken_back_for_the_next_task() -> None:
    async with opened("update-rule", LARGE) as terminal:
        await answer(terminal, "0.82")
        await answer(terminal, "0.71")
        assert [edit.value for edit in session_of(terminal).edits] != []
        assert "✓ 0.71: right" in terminal.text
        await answer(terminal, "1.90")
        await answer(terminal, "1.62")
        assert outcomes("update-rule") == (AT_ONCE,) * 4
        assert session_of(terminal).round == 1


async def test_what_is_asked_is_shown_in_the_file_s_own_numbers() -> None:
    async with opened("training-loop", LARGE) as terminal:
        await answer(terminal, "b")
        await terminal.press(*"aaa")
        assert session_of(terminal).round == 3
        right = Session(scenario_of(find_lesson("training-loop")), arithmetic="exact")
        right.execute("apply")
        loss = f"{float(right.run.loss(1)):.2f}"
        await answer(terminal, loss)
        session = session_of(terminal)
        assert "Task 3" in terminal.text and session.round == 1
        assert f"{float(session.run.loss(1)):.2f}" == loss


async def test_one_goes_on_where_one_was() -> None:
    lesson = find_lesson("dot-product")
    learned.learn(lesson.path, [AT_ONCE, OPEN, OPEN])
    async with opened("dot-product", LARGE) as terminal:
        assert "Task 2 of 3" in terminal.text
        await terminal.press(*":lesson anew", "enter")
        assert "Task 1 of 3" in terminal.text and outcomes("dot-product") == (OPEN,) * 3


async def test_the_line_of_the_program_follows_the_step() -> None:
    async with opened("linear-layer-class", LARGE) as terminal:
        assert "► " in terminal.text and "return x @ self.W" in terminal.text

        def marked() -> str:
            lines = [line for line in terminal.text.split("\n") if "│ ► " in line]
            return lines[-1].split("│ ► ")[-1].strip() if lines else ""

        await terminal.press(*":goto output.z[1]", "enter")
        assert marked() == "return x @ self.W"
        await terminal.press(*":goto grad output.W[1,1]", "enter")
        assert marked() == "self.grad = outer(self.x, dz)"
        await terminal.press(*":goto new output.W[1,1]", "enter")
        assert marked() == "self.W -= lr * self.grad"


async def test_without_a_lesson_its_commands_say_so() -> None:
    session = Session(load(shipped_folder() / "one-to-one.toml"))
    async with running(session, LARGE) as terminal:
        for keys in (["I"], ["G"], ["equals_sign", "1", "enter"]):
            await terminal.press(*keys)
            assert "no lesson is open" in terminal.text
        await terminal.press(*":lesson chain-rule", "enter")
        assert session_of(terminal).scenario.name == "chain-rule"
        assert "Task 1 of 3" in terminal.text
        await terminal.press(*":lesson nonsense", "enter")
        assert "no lesson has this name" in terminal.text
        await terminal.press("o", "tab", "home", "enter")
        assert session_of(terminal).scenario.name == "many-to-one"


async def test_names_of_lessons_are_completed() -> None:
    async with opened("dot-product", LARGE) as terminal:
        await terminal.press(*":lesson chain", "tab")
        assert "lesson chain-rule" in terminal.text


async def test_the_list_has_the_lessons_and_what_is_done() -> None:
    first, second, *_ = shipped_lessons()
    learned.learn(first.path, [AT_ONCE, AT_ONCE, LATER])
    learned.learn(second.path, [AT_ONCE, OPEN, OPEN, OPEN])
    async with running(None, (100, 30), files=Files(keeps_places=True)) as terminal:
        await terminal.press("tab")
        screen = terminal.app.screen
        assert isinstance(screen, PickerScreen) and screen.are_lessons
        assert screen.choices[screen.at].name == second.name, "the cursor is on what comes next"
        assert f"1 of {len(shipped_lessons())} seen" in terminal.text
        assert "The dot product" in terminal.text
        assert "1 ✗" in terminal.text and "part 2 of the article" in terminal.text
        await terminal.press("tab")
        assert not screen.are_lessons and "One input, one neuron (1→1)" in terminal.text
        await terminal.press("tab", *"/chain", "enter")
        await wait_for(terminal.pilot, lambda: not isinstance(terminal.app.screen, PickerScreen))
        await terminal.settle()
        terminal.read()
        assert "The chain rule" in terminal.text


async def test_the_mouse_answers_and_scrolls() -> None:
    async with opened("e10-loss-rises", (120, 24)) as terminal:
        before = terminal.text
        pane = terminal.app.screen.pane("lesson")
        x, y = pane.region.x + 2, pane.region.y + 3
        terminal.app.screen._forward_event(
            events.MouseScrollDown(pane, x, y, 0, 0, 0, False, False, False, x, y)
        )
        await terminal.settle()
        terminal.read()
        assert terminal.text != before and "Task 1 of 1" in terminal.text
        await answer(terminal, "b")
        assert outcomes("e10-loss-rises") == (AT_ONCE,)


async def test_a_lesson_whose_file_is_wrong_leaves_the_debugger_usable(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'title = "t"\nscenario = "one-to-one"\ntext = "x"\n'
        '[[tasks]]\nask = "?"\nquantity = "output.z[9]"\n',
        encoding="utf-8",
    )
    lesson = find_lesson(str(path))
    files = Files(lesson=lesson, keeps_places=True)
    async with running(Session(scenario_of(lesson)), LARGE, files=files) as terminal:
        assert "✗ own: " in terminal.text and "output.z[9]" in terminal.text
        await terminal.press("n")
        assert session_of(terminal).index == 1


async def test_a_click_on_what_comes_next_opens_it() -> None:
    lesson = find_lesson("dot-product")
    learned.learn(lesson.path, [AT_ONCE] * 3)
    async with opened("dot-product", LARGE) as terminal:
        await click(terminal, "lesson", "G goes on")
        assert session_of(terminal).scenario.name == "matrix-product"


@pytest.mark.parametrize("size", [(40, 15), SMALL, LARGE])
async def test_what_spotting_a_mistake_is_says_its_help(size: tuple[int, int]) -> None:
    session = Session(load(shipped_folder() / "one-to-one.toml"))
    async with running(session, size) as terminal:
        await terminal.press("S")
        assert "? help" in terminal.text or size[0] < 80
        await terminal.press("question_mark")
        assert "made one mistake" in " ".join(terminal.text.split())
        await terminal.press("escape")
        assert isinstance(terminal.app.screen, SpotScreen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_a_product_that_is_not_listed_is_explained(size: tuple[int, int]) -> None:
    async with running(Session(load(shipped_folder() / "one-to-one.toml")), size) as terminal:
        await terminal.press("S", "home")
        assert "output.z[1] = output.p[1,1]" in terminal.text
        assert "output.p[i,j] = x[i] · output.W[i,j]" in terminal.text
        assert "? help" in terminal.text and "q leave" in terminal.text


async def test_a_mistake_is_spotted() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    async with running(session, SMALL) as terminal:
        await terminal.press("S")
        screen = terminal.app.screen
        assert isinstance(screen, SpotScreen) and "0 looks · 100 of 100" in terminal.text
        puzzle = screen.spot.puzzle
        assert puzzle.shown(puzzle.names[0]) not in terminal.text.split("\n")[2]
        await terminal.press("home", "enter")
        assert screen.spot.looked == {0} and "97 of 100" in terminal.text
        assert f"written: {puzzle.shown(puzzle.names[0])}" in terminal.text
        wrong = 0 if puzzle.place else 1
        await terminal.press("home", *["down"] * wrong, "m")
        assert "✗ not here" in terminal.text and screen.spot.accused == [wrong]
        await terminal.press("home", *["down"] * puzzle.place, "m")
        assert "Which mistake was it?" in terminal.text
        letter = LETTERS[puzzle.offered.index(puzzle.mistake)]
        await terminal.press(letter)
        assert screen.spot.is_named and "82 of 100 points" in terminal.text
        await terminal.press("n")
        assert screen.spot.seed == 1 and "0 looks" in terminal.text
        await terminal.press("q")
        assert terminal.app.screen is terminal.app.screen_stack[0]
        await terminal.press(*":spot hardly", "enter")
        assert "✗ spot takes easy, medium, hard" in terminal.text


@pytest.mark.parametrize("size", [(40, 12), SMALL, (160, 50)], ids=str)
async def test_a_mistake_is_spotted_with_the_mouse(size: tuple[int, int]) -> None:
    session = Session(load(shipped_folder() / "one-to-one.toml"))
    async with running(session, size) as terminal:
        await terminal.press("S", "home")
        await click(terminal, "list", "output.z[1]")
        assert terminal.app.screen.spot.looked == {0}
