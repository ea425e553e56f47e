"""The lists: what stands above their rows, and which rows belong together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.lists.by_name import LISTINGS
from nnhs_tui.present.lists.listing import Listing, Row, draw_listing, moved_place, place_at
from nnhs_tui.present.text.charset import CONSOLE
from nnhs_tui.present.text.lines import Line
from nnhs_tui.present.text.signs import spelled_text
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.round_checks import round_checks
from tests.random_scenarios import loaded


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"), arithmetic="exact")
    for command in commands:
        assert session.execute(command).kind != REFUSED, command
    return session


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_where_from_says_which_factor_is_which() -> None:
    told = "each part: what arrives · local derivative"
    session = session_of("three-samples", "goto new hidden.W[1,2]", "from")
    listing = LISTINGS["where"](session)
    assert told in texts(listing.above)
    first = texts((listing.rows[2].line,))[0]
    session.execute("goto sample 1: grad hidden.W[1,2]")
    scene = session.scene()
    node = scene.step.node
    upstream, local = scene.record.upstream(node), scene.record.local(node, 0)
    assert f"sample 1: ({scene.show(upstream)}) · {scene.show(local)} = " in first.replace(
        f": {scene.show(upstream)} ·", f": ({scene.show(upstream)}) ·"
    )
    session.execute("from hidden.z[1]")
    assert told not in texts(LISTINGS["where"](session).above)


def test_rows_that_go_on_with_one_are_chosen_with_it() -> None:
    rows = [Row((), "a"), Row((), "a", follows=True), Row((), "b"), Row((), "b", follows=True)]
    listing = Listing("list", rows)
    assert [moved_place(listing, *move) for move in [(0, 1), (2, 1), (2, -1), (0, -1)]] == [
        2,
        2,
        0,
        0,
    ]
    assert [place_at(listing, 20, 10, 0, row) for row in range(6)] == [None, 0, 0, 2, 2, None]


def advice(session: Session) -> str:
    """What stands above the training's rows."""
    return texts(LISTINGS["training"](session).above)[0]


def test_a_smaller_learning_rate_is_advised_where_an_update_raised_the_loss_lately() -> None:
    helps = "a smaller learning rate helps"
    session = session_of("three-samples", "train 20", "edit hidden.W[1,2] 2")
    assert session.run.losses()[-1] > session.run.losses()[0] / 2
    assert helps not in advice(session), "an edit raised it"
    session.execute("train 3")
    assert helps not in advice(session), "and it has fallen since"
    session = session_of("two-layer-linear", "edit learning_rate 30", "train 2")
    assert f"the update of round 2 raised it: {helps}" in advice(session)
    session = session_of("three-samples", "train 3")
    assert helps not in advice(session)


def test_dots_become_blocks_where_there_are_no_dots() -> None:
    assert spelled_text("x ⠁⡀⠇⠏", CONSOLE) == "x ▀▄██"


def test_on_the_smallest_screen_a_list_shows_its_chosen_row() -> None:
    session = session_of("three-samples", "edit hidden.W[1,2] 2", "compare", "gradcheck")
    for name in ("compare", "gradcheck"):
        listing = LISTINGS[name](session)
        lines = texts(tuple(draw_listing(listing, "d", 40, 5, 2)))
        assert len(lines) == 5
        assert any(line.startswith("►") for line in lines), lines
        assert "1–0" not in lines[0]


def test_a_large_difference_is_written_with_an_exponent() -> None:
    session = session_of("three-samples", "edit learning_rate 1e11", "train 2", "compare 1")
    rows = texts(tuple(row.line for row in LISTINGS["compare"](session).rows))
    assert any("e+" in row for row in rows)
    for row in rows:
        # The name, then three numbers that do not run into each other.
        columns = row.removeprefix("sample 1: ").rsplit(maxsplit=3)
        assert len(columns) == 4 and [float(each.lstrip("*")) for each in columns[1:]], row
        assert len(columns[3]) <= 12, row


def test_the_list_of_gradients_says_what_cannot_be_tried_and_why() -> None:
    """And its summary counts right, wrong, kinks, and these apart, as `gradcheck` does."""
    text = (
        'title = "g"\n[graph]\ninputs = { y = 0, u = 1.5 }\nparameters = { x = 0 }\n'
        '[graph.nodes]\nA = "x ** 1.5"\nB = "relu(y)"\nC = "A + B + u"\n'
    )
    session = Session(loaded(text))
    assert session.execute("gradcheck").kind != REFUSED
    listing = LISTINGS["gradcheck"](session)
    told = texts(listing.above)[0]
    assert told == (
        "1 of 1 agree with central differences, "
        "1 at a place without a derivative, 1 cannot be tried"
    )
    first, second, third = (texts((row.line,))[0] for row in listing.rows)
    assert "NaN" in first and "cannot be tried here: beside it, A is " in first
    assert second.endswith("  not differentiable here") and third.endswith("  ok")


def test_how_often_a_breakpoint_was_hit_is_counted() -> None:
    session = session_of("three-samples", "break hidden.z[1]", "continue")
    row = texts((LISTINGS["breakpoints"](session).rows[0].line,))[0]
    assert row.endswith("  1 hit")
    session.execute("continue")
    assert texts((LISTINGS["breakpoints"](session).rows[0].line,))[0].endswith("  2 hits")


@pytest.mark.parametrize(("later", "is_said"), [(4, True), (5, False)])
def test_what_raised_the_loss_five_updates_ago_is_still_said(later: int, is_said: bool) -> None:
    """The rate is 0 from then on: the loss stays where that update has left it."""
    commands = ("edit learning_rate 30", "train 1", "edit learning_rate 0", f"train {later}")
    told = advice(session_of("two-layer-linear", *commands))
    assert ("the update of round 1 raised it" in told) == is_said


@pytest.mark.parametrize(
    ("paths", "way"), [(3, "(o.z1 + o.z2 + o.z3)"), (4, "(o.z1 + o.z2 + o.z3 + …)")]
)
def test_of_paths_that_join_three_are_named(paths: int, way: str) -> None:
    text = f"""
title = "fan"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[0.5]]
activation = "tanh"
[[network.layers]]
name = "o"
weights = [[{", ".join(["0.5"] * paths)}]]
[loss]
kind = "half_sse"
[[samples]]
x = [1]
t = [{", ".join(["0"] * paths)}]
"""
    session = Session(loaded(text))
    for command in ("last", "from grad h.z[1]"):
        session.execute(command)
    rows = texts(tuple(row.line for row in LISTINGS["where"](session).rows))
    assert f"a1 ← {way} ← " in rows[1]


def test_a_gradient_that_disagrees_is_marked_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = replace(OPERATIONS["tanh"], local=lambda ar, y, x: (0.5 - y,))
    session = Session(
        loaded('title = "g"\n[graph]\ninputs = { x = 1 }\n[graph.nodes]\ny = "tanh(x)"')
    )
    monkeypatch.setitem(OPERATIONS, "tanh", broken)
    session.execute("gradcheck")
    (row,) = LISTINGS["gradcheck"](session).rows
    assert texts((row.line,))[0].endswith("  ✗ disagrees")


def test_gradients_are_checked_in_the_order_of_their_pane() -> None:
    """W[1,1], W[2,1], W[1,2] as in the update, each once, and the inputs behind them."""
    session = session_of("two-layer-bias", "gradcheck")
    order = [step.node for step in map(session.schedule.step, range(session.total))]
    order = order[session.schedule.update_start(0) :]
    rows = LISTINGS["gradcheck"](session).rows
    acts = [row.act for row in rows]
    parameters = [f"nudge grad {session.names.name(node)}" for node in order]
    assert acts[: len(parameters)] == parameters and parameters != sorted(parameters)
    assert len(set(acts)) == len(acts) == len(round_checks(session.run, 0))
