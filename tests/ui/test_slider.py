"""A slider: the loss and its slope where it is moved to, and what it takes back."""

from __future__ import annotations

import numpy as np
import pytest

from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.slider import RATE_PLACE, Slider, slider_at
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.ui.screens.slider import SliderScreen
from tests.ui.terminal import running


def shipped(name: str = "two-layer-sigmoid") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"), arithmetic="exact")


@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "softmax-cross-entropy"])
def test_the_loss_is_that_of_the_edited_round_and_the_slope_its_gradient(name: str) -> None:
    for place in range(shipped(name).tape.parameters):
        session = shipped(name)
        slider = Slider(session, place)
        slider.move(4)
        loss, slope = slider.at(float(slider.value))
        assert session.execute(slider.command).kind != REFUSED
        assert loss == pytest.approx(session.run.loss(0), rel=1e-12)
        gradient = float(session.run.round(0).accumulated[place])
        assert slope == pytest.approx(gradient, rel=1e-9, abs=1e-12)


def test_of_the_learning_rate_it_is_the_loss_after_the_update() -> None:
    session = shipped()
    slider = Slider(session, RATE_PLACE)
    for rate in (0.0, 0.5, 2.0):
        loss, slope = slider.at(rate)
        other = shipped()
        other.execute(f"edit lr = {rate}")
        other.run.round(1)
        assert loss == pytest.approx(other.run.loss(1), rel=1e-12)
        h = 1e-5
        ends = [slider.at(rate + sign)[0] for sign in (h, -h)]
        assert slope == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-8)
    assert slider.at(0.0)[1] == pytest.approx(-float(np.sum(slider.checks.total**2)))
    slider.move(-100)
    assert slider.value == slider.start, "it is never negative"


def test_what_cannot_be_moved_is_refused() -> None:
    session = shipped()
    with pytest.raises(Refusal, match="only weights, biases and the learning rate"):
        slider_at(session, "x1")
    assert slider_at(session, "lr").place == RATE_PLACE
    assert slider_at(session, "output.W[2,1]").name == "output.W[2,1]"
    none = 'title = "t"\n[graph]\ninputs = {x = 1}\nnodes = {f = "exp(x)"}\n'
    with pytest.raises(Refusal, match="nothing to move"):
        slider_at(Session(from_text(none, "t.toml")), "")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (160, 50)], ids=str)
async def test_it_is_moved_and_taken(size: tuple[int, int]) -> None:
    session = shipped()
    async with running(session, size) as terminal:
        await terminal.press(*":slide output.W[2,1]", "enter")
        screen = terminal.app.screen
        assert isinstance(screen, SliderScreen) and "L along output.W[2,1]" in terminal.text
        await terminal.press("right", "right")
        assert "output.W[2,1] = 2.1" in terminal.text and "at first 1.9" in terminal.text
        loss, slope = screen.slider.at(2.1)
        assert f"L = {loss:.4f}" in terminal.text and f"{slope:.4f}" in terminal.text
        await terminal.press("greater_than_sign", "left", "less_than_sign", "right")
        assert "output.W[2,1] = 1.2" in terminal.text
        await terminal.press("tab")
        assert "learning_rate" in terminal.text or "lr" in terminal.text
        await terminal.press("shift+tab", "0", "right", "enter")
        assert terminal.app.screen is terminal.app.screen_stack[0]
        assert [float(edit.value) for edit in session.edits] == [2.0]


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=str)
async def test_the_boundary_follows(size: tuple[int, int]) -> None:
    async with running(shipped("circle"), size) as terminal:
        await terminal.press("W")
        assert "the boundary" in terminal.text and "5 of 8 right" in terminal.text
        before = terminal.text
        await terminal.press("greater_than_sign", "left", "left", "left")
        assert "the boundary" in terminal.text and "5 of 8 right" not in terminal.text
        assert terminal.text != before


async def test_it_is_left_without_an_edit() -> None:
    session = shipped("chain-rule")
    async with running(session, (80, 24)) as terminal:
        await terminal.press("W", "right", "q")
        assert not session.edits
        await terminal.press("W", "enter")
        assert not session.edits
        await terminal.press(*":slide z", "enter")
        assert "✗ z: only weights" in terminal.text


async def test_where_there_is_no_loss_it_says_so() -> None:
    text = 'title = "t"\n[graph]\nparameters = {w = 1.0}\nnodes = {f = "log(w)"}\n'
    async with running(Session(from_text(text, "t.toml")), (80, 24)) as terminal:
        await terminal.press("W", "greater_than_sign", "left", "left")
        assert "logarithm" in terminal.text
        await terminal.press("right", "right")
        assert "f = 0.0000" in terminal.text
