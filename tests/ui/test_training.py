"""Training on the real screen: the bar, breaking off, and the pane of the losses."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Key

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes import table as panes
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.rounds import Run
from nnhs_tui.ui.debugger import sliced_work
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from tests.ui.terminal import Terminal, running, wait_for


def three() -> Session:
    return Session(load(shipped_folder() / "three-samples.toml"), arithmetic="exact")


def last_row(terminal: Terminal) -> str:
    terminal.read()
    return str(terminal.screen.display[-1])


def hit(terminal: Terminal, key: str) -> None:
    """Press a key without waiting for everything to be drawn: the bar never stands still."""
    terminal.app.post_message(Key(key, key if len(key) == 1 else None))


async def begin(terminal: Terminal) -> None:
    """A training that takes long, with its bar on the screen."""
    await terminal.press("T", *"100000")
    hit(terminal, "enter")
    await wait_for(terminal.pilot, lambda: "of 100000 rounds" in last_row(terminal))


@pytest.mark.second
async def test_a_training_shows_its_bar_and_can_be_broken_off() -> None:
    session = three()
    async with running(session) as terminal:
        await begin(terminal)
        assert "Esc stops" in last_row(terminal) and "loss 0." in last_row(terminal)
        assert session.round == 0
        hit(terminal, "escape")
        await wait_for(terminal.pilot, lambda: "broken off" in last_row(terminal))
        assert session.round > 0 and session.rounds == session.round + 1
        assert "0 training" in terminal.text and "size of the gradient" in terminal.text
        reached = session.round
        await terminal.press("n")
        assert (session.round, session.index) == (reached, 1)


@pytest.mark.second
async def test_any_other_step_breaks_it_off_too() -> None:
    session = three()
    async with running(session) as terminal:
        await begin(terminal)
        hit(terminal, "n")
        await wait_for(terminal.pilot, lambda: session.round > 0)
        assert session.index == 1


async def test_the_pane_shows_curve_and_layers() -> None:
    session = three()
    async with running(session, (120, 40)) as terminal:
        await terminal.press("0")
        assert "T trains" in terminal.text
        await terminal.press(":", *"train 40", "enter")
        await wait_for(terminal.pilot, lambda: session.round == 40)
        await wait_for(terminal.pilot, lambda: "round 1 " in terminal.text)
        assert any(0x2800 < ord(sign) < 0x2900 for sign in terminal.text)
        await terminal.press("enter")
        assert session.names.name(session.schedule.step(session.index).target) == "hidden.W[1,1]"


async def test_what_cannot_be_trained_is_refused() -> None:
    session = three()
    async with running(session) as terminal:
        await terminal.press(":", *"train ten", "enter")
        assert "✗ 'ten' is no goal" in terminal.text and "train 100" in terminal.text


@pytest.mark.second
async def test_a_busy_machine_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Textual's timers one for so short a time is left out where somebody else computes."""
    monkeypatch.setattr(DebuggerScreen, "set_timer", lambda *_arguments, **_keywords: None)
    session = three()
    async with running(session) as terminal:
        await terminal.press("T", *"3000")
        hit(terminal, "enter")
        await wait_for(terminal.pilot, lambda: session.round == 3000)


def trained() -> Session:
    """Rounds that another arithmetic has to run as well."""
    session = three()
    session.execute("train 40")
    return session


async def broken_off(terminal: Terminal, session: Session, *keys: str) -> None:
    """Begin a command, and break it off with Esc: nothing has changed."""
    before = (session.branch, session.digits, session.cursor, session.rounds)
    for key in keys:
        hit(terminal, key)
    await wait_for(terminal.pilot, lambda: "Esc stops" in last_row(terminal))
    assert (session.branch, session.digits, session.cursor, session.rounds) == before
    hit(terminal, "escape")
    await wait_for(terminal.pilot, lambda: "as it was" in last_row(terminal))
    assert (session.branch, session.digits, session.cursor, session.rounds) == before


@pytest.mark.parametrize("keys, name, digits", [(["m"], "hand", 2), (["minus"], "hand", 1)])
@pytest.mark.second
async def test_another_arithmetic_is_run_in_slices_and_can_be_broken_off(
    keys: list[str], name: str, digits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sliced_work, "AT_ONCE", 0.0)
    monkeypatch.setattr(sliced_work, "SLICE", 0.0)
    session = trained()
    if keys != ["m"]:
        session.execute("arithmetic hand")
    async with running(session) as terminal:
        await broken_off(terminal, session, *keys)
        monkeypatch.setattr(sliced_work, "SLICE", 1.0)
        await terminal.press(*keys)
        await wait_for(terminal.pilot, lambda: session.digits == digits)
        await wait_for(terminal.pilot, lambda: session.arithmetic_name == name)
        assert session.round == 40 and len(session.run) > 40


async def test_an_undo_and_a_redo_too(monkeypatch: pytest.MonkeyPatch) -> None:
    session = three()
    for command in ("edit x[1] 1", "train 40", "arithmetic hand"):
        session.execute(command)
    monkeypatch.setattr(sliced_work, "AT_ONCE", 0.0)
    monkeypatch.setattr(sliced_work, "SLICE", 0.0)
    session.runs._runs.pop(session.branch.unedited)
    async with running(session) as terminal:
        await broken_off(terminal, session, "u")
        monkeypatch.setattr(sliced_work, "SLICE", 1.0)
        await terminal.press("u")
        await wait_for(terminal.pilot, lambda: not session.edits)


async def test_a_condition_that_never_holds_can_be_broken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = trained()
    session.execute("round 1")
    session.execute("break loss > 1000")
    monkeypatch.setattr(sliced_work, "AT_ONCE", 0.0)
    monkeypatch.setattr(sliced_work, "SLICE", 0.0)
    async with running(session) as terminal:
        hit(terminal, "c")
        await wait_for(terminal.pilot, lambda: "Esc stops" in last_row(terminal))
        assert "looking" in last_row(terminal) and "of 41 rounds" in last_row(terminal)
        hit(terminal, "escape")
        await wait_for(terminal.pilot, lambda: "broken off after" in last_row(terminal))
        assert (session.round, session.index) == (0, 0)
        monkeypatch.setattr(sliced_work, "SLICE", 1.0)
        await terminal.press("c")
        await wait_for(terminal.pilot, lambda: "no breakpoint ahead" in last_row(terminal))
        assert session.index > 0


@pytest.mark.second
async def test_playing_breaks_a_training_off() -> None:
    session = three()
    async with running(session) as terminal:
        await begin(terminal)
        hit(terminal, "space")
        await wait_for(terminal.pilot, lambda: session.index == 1)
        assert session.round > 0


async def test_a_pane_there_is_no_memory_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    session = three()
    draw = panes.draw

    def fails(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name == "net":
            raise MemoryError
        return draw(name, *arguments, **keywords)

    async with running(session) as terminal:
        monkeypatch.setattr(panes, "draw", fails)
        await terminal.press("n")
        assert "not enough memory to draw this" in terminal.text and session.index == 1
        monkeypatch.setattr(panes, "draw", draw)
        await terminal.press("n")
        assert "not enough memory" not in terminal.text and session.index == 2


async def test_what_finds_no_memory_is_refused_and_the_rounds_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = three()
    session.execute("train 5")

    def fails(*_arguments: Any) -> None:
        raise MemoryError

    async with running(session) as terminal:
        with monkeypatch.context() as patch:
            patch.setattr(Run, "extend", fails)
            await terminal.press(":", *"train 9", "enter")
            await wait_for(terminal.pilot, lambda: "not enough memory" in terminal.text)
            await terminal.press("m")
            await wait_for(terminal.pilot, lambda: "✗" in terminal.text)
        assert (session.round, session.arithmetic_name) == (5, "exact")
        await terminal.press("n")
        assert (session.round, session.index) == (5, 1)
