"""The first card of a scenario, the last row of the screen, and what the header keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from nnhs_tui.commands.commands import COMMANDS
from nnhs_tui.debugger.at_hand import at_hand
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.pages.card import aim_lines, card_page
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.store import progress
from nnhs_tui.ui.debugger.recording import Recording
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.screens.page import PageScreen
from tests.ui.terminal import Terminal, running

SHIPPED = sorted(shipped_folder().glob("*.toml"))
KEEPING = Files(keeps_places=True)


def shipped(name: str = "two-layer-sigmoid") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"), arithmetic="exact")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def is_covered(terminal: Terminal) -> bool:
    return isinstance(terminal.app.screen, PageScreen)


async def test_the_card_comes_once_and_i_brings_it_back() -> None:
    async with running(shipped(), files=KEEPING) as terminal:
        assert is_covered(terminal)
        for told in ("Two layers with sigmoid", "Look at how", "Try: ", "t1 = 0.10", "n the next"):
            assert told in terminal.text, told
        await terminal.press("i")
        assert not is_covered(terminal)
        await terminal.press("i")
        assert "Look at how" in terminal.text and "t1 = 0.10" in terminal.text
    async with running(shipped(), files=KEEPING) as terminal:
        assert not is_covered(terminal)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("matrix-product", "on the way back: 1.0, 2.0;"),
        ("given-gradient", "on the way back: 0.60, -0.80;"),
        ("one-to-one", ""),
        ("chain-rule", ""),
    ],
)
def test_it_says_what_arrives_where_there_is_no_loss(name: str, told: str) -> None:
    lines = aim_lines(shipped(name).scene(), 300)
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert told in text and ("on the way back:" in text) == bool(told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("chain-rule", "Given: w = 2.00; z = -0.50, y = 4.00; learning rate"),
        ("sigmoid-circuit", "Given: x = 1.00; "),
        ("one-to-one", "Given: x1 = 2.00; t1 = 2.00; the loss"),
    ],
)
def test_a_graph_s_parameters_are_given_too(name: str, told: str) -> None:
    lines = aim_lines(shipped(name).scene(), 300)
    assert told in "\n".join("".join(part for part, _ in line) for line in lines)


@pytest.mark.parametrize(
    ("key", "index"), [("n", 1), ("right_square_bracket", 16), ("x", 0), ("escape", 0), ("F12", 0)]
)
async def test_the_key_of_a_command_acts_and_any_other_only_closes(key: str, index: int) -> None:
    session = shipped()
    async with running(session, files=KEEPING) as terminal:
        assert is_covered(terminal)
        await terminal.press(key)
        assert not is_covered(terminal)
        assert session.index == index


async def test_a_key_that_asks_opens_the_command_line() -> None:
    async with running(shipped(), files=KEEPING) as terminal:
        await terminal.press("g", *"7", "enter")
        assert terminal.app.screen.session.index == 6


async def test_there_is_none_where_nobody_is_new(tmp_path: Path) -> None:
    scenario = load(shipped_folder() / "chain-rule.toml")
    for files in (
        Files(),
        Files(keeps_places=True, presented=()),
        Files(keeps_places=True, recording=Recording(str(tmp_path / "lesson.txt"))),
        Files(["next"]),
        Files(keeps_places=True, only=[scenario]),
    ):
        async with running(Session(scenario), files=files) as terminal:
            assert not is_covered(terminal)


async def test_another_scenario_has_its_own() -> None:
    async with running(None, files=KEEPING) as terminal:
        await terminal.press("enter")
        assert is_covered(terminal) and "The smallest net" in terminal.text
        await terminal.press("o", "down", "enter")
        assert is_covered(terminal) and "Three inputs, one neuron" in terminal.text
        assert progress.reached(terminal.app.screen_stack[-2].session.scenario.path).is_opened


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_card_fits_a_small_screen(path: Path) -> None:
    assert len(card_page(Session(load(path)).scene()).text(80)) <= 22


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_offered_does_something(path: Path) -> None:
    """At every step of every scenario, at every level: no refusal, no "there is nothing inside"."""
    for level in ("node", "neuron", "layer"):
        session = Session(load(path))
        session.execute(f"level {level}")
        for _ in range(400):
            for word in at_hand(session.scene()):
                if word == "apply":
                    assert session.scene().phase == "update"
                elif word in ("next", "into", "out", "next-phase"):
                    before = session.cursor
                    assert session.execute(word).kind == "moved", (word, level, before)
                    session.cursor = before
            if session.execute("next").kind != "moved":
                break


def test_what_makes_no_sense_is_not_offered() -> None:
    session = shipped()
    for index in (0, 1, 30, 54):
        at_step = shipped()
        at_step.execute(f"goto {index + 1}")
        assert ("back" in at_hand(at_step.scene())) == (index > 0)
    assert {"into", "apply", "back"}.isdisjoint(at_hand(session.scene()))
    assert {"about", "legend", "next-phase"} <= set(at_hand(session.scene()))
    session.execute("goto hidden.a[1]")
    assert "into" in at_hand(session.scene()) and "about" not in at_hand(session.scene())
    session.execute("into")
    assert "into" not in at_hand(session.scene()) and "out" in at_hand(session.scene())
    session.execute("last")
    assert at_hand(session.scene())[0] == "apply" and "next" not in at_hand(session.scene())
    known = {command.word for command in COMMANDS}
    assert set(at_hand(session.scene())) <= known


async def test_the_last_row_follows_the_step() -> None:
    async with running(shipped()) as terminal:
        assert "into" not in terminal.screen.display[-1] and "] next" in terminal.screen.display[-1]
        await terminal.press(":", *"goto hidden.a[1]", "enter", "n", "p")
        assert "s into" in terminal.screen.display[-1]
        await terminal.press("end")
        assert terminal.screen.display[-1].startswith("✗") is False
        await terminal.press("p", "n")
        assert "a apply" in terminal.screen.display[-1]


async def test_what_the_update_has_made_of_the_loss_stays_in_the_header() -> None:
    async with running(shipped(), (100, 30)) as terminal:
        await terminal.press("end", "a")
        assert "update applied: loss 0.34 → 0.28" in terminal.screen.display[-1]
        for _ in range(3):
            await terminal.press("n")
            assert terminal.screen.display[0].rstrip().endswith("loss 0.34 → 0.28")


def test_the_header_says_which_loss_it_is() -> None:
    from nnhs_tui.present.panes.timeline import position_texts

    session = shipped("three-samples")
    assert position_texts(session.scene())[0].endswith("sample's loss ·")
    session.execute("last")
    assert "round's loss 0." in position_texts(session.scene())[0]


async def test_keys_that_come_in_one_piece_with_the_one_that_closes_it_are_the_debugger_s() -> None:
    session = shipped()
    async with running(session, files=KEEPING) as terminal:
        for key in ("colon", "g", "o", "t", "o", "space", "9", "enter", "n"):
            sign = {"colon": ":", "space": " ", "enter": "\r"}.get(key, key)
            terminal.app.post_message(events.Key(key, sign))
        await terminal.settle()
        terminal.read()
        assert session.index == 9


async def test_fresh_is_for_nobody_who_is_new() -> None:
    async with running(shipped(), files=Files(keeps_places=True, fresh=True)) as terminal:
        assert not is_covered(terminal)


def test_a_small_loss_in_the_header_is_not_0() -> None:
    from nnhs_tui.present.panes.timeline import position_texts

    session = shipped("training-loop")
    session.execute("train 100")
    # 0.0033903 is what plain Python finds for round 101.
    assert position_texts(session.scene())[0].endswith("loss 0.00345 → 0.00339")
