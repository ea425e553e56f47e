"""What commands say of what they have done."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.present.panes.explain import explain
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused", command
    return session


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("delete all", "all breakpoints deleted"),
        ("delete 1", "breakpoint 1 deleted"),
        ("disable all", "all breakpoints are off"),
        ("disable 2", "breakpoint 2 is off"),
        ("enable all", "all breakpoints are on"),
    ],
)
def test_what_is_done_to_all_breakpoints_is_said_in_a_sentence(command: str, told: str) -> None:
    session = session_of("two-layer-sigmoid", "break hidden.z[1]", "break hidden.z[2]")
    assert session.execute(command).message == told


def test_another_learning_rate_is_said_to_change_the_update() -> None:
    """The loss of the round is the same whatever the learning rate is."""
    session = session_of("three-samples")
    told = session.execute("edit learning_rate 30").message
    assert "changes the update" in told and "loss 0" not in told
    assert "loss " in session.execute("edit hidden.W[1,1] 3").message


def test_a_loss_s_slope_is_told_in_a_sentence() -> None:
    assert LOSSES["half_sse"].title.startswith("half")
    session = session_of("one-to-one")
    told = []
    for index in range(session.total):
        session.execute(f"goto {index + 1}")
        told.append(explain(session.scene()).why)
    assert any("The derivative of half the sum" in why for why in told)
    assert not any("the half" in why for why in told)
