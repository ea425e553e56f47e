"""Training on the real screen: the bar, breaking off, and the pane of the losses."""

from __future__ import annotations

from textual.events import Key

from nnhs_tui.core.library import shipped_folder
from nnhs_tui.core.scenario import load
from nnhs_tui.core.session import Session
from tests.ui.terminal import Terminal, running, wait_for


def three() -> Session:
    return Session(load(shipped_folder() / "three-samples.toml"))


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


async def test_a_training_shows_its_bar_and_can_be_broken_off() -> None:
    session = three()
    async with running(session) as terminal:
        await begin(terminal)
        assert "Esc stops" in last_row(terminal) and "loss 0." in last_row(terminal)
        assert session.round == 0
        hit(terminal, "escape")
        await wait_for(terminal.pilot, lambda: "broken off" in last_row(terminal))
        assert session.round > 0 and session.rounds == session.round + 1
        assert "0 training" in terminal.text and "‖∂L/∂w‖" in terminal.text
        reached = session.round
        await terminal.press("n")
        assert (session.round, session.index) == (reached, 1)


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
