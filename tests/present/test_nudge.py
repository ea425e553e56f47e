"""A gradient check worked out, number by number."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.present.pages.nudge import nudge_page
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def session_of(name: str = "two-layer-sigmoid") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


def told(session: Session, name: str) -> str:
    page = nudge_page(session, session.quantity(name))
    return "\n".join("".join(text for text, _ in line) for line in page.text(100))


def loss(weight: float) -> float:
    """The two-layer net in plain Python, with another hidden.W[2,1]."""
    from math import exp

    x = (2.0, 3.0, 0.5)
    first = ((0.5, 0.9), (weight, -1.1), (1.3, 0.3))
    hidden = [
        1 / (1 + exp(-sum(a * row[j] for a, row in zip(x, first, strict=True)))) for j in (0, 1)
    ]
    z = 1.2 * hidden[0] + 1.9 * hidden[1]
    return float((1 / (1 + exp(-z)) - 0.1) ** 2)


def test_every_number_is_what_plain_python_finds() -> None:
    text = told(session_of(), "w21")
    plus, minus = f"{loss(-0.79):.6f}", f"{loss(-0.81):.6f}"
    assert f"L(w21 + h) = L(-0.790000) = {plus}" in text
    assert f"L(w21 - h) = L(-0.810000) = {minus}" in text
    difference = Decimal(plus) - Decimal(minus)
    assert f"their difference = {plus} - {minus} = {difference}" in text
    assert f"over 2h = {difference} / 0.02 = {difference / Decimal('0.02'):.4f}" in text
    slope = (loss(-0.8 + 1e-6) - loss(-0.8 - 1e-6)) / 2e-6
    assert f"∂L/∂w21 by the chain rule = {slope:.6f}" in text and ": ok" in text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_subtracted_and_divided_comes_out_as_it_stands(path: Path) -> None:
    session = Session(load(path))
    for node in (0, session.tape.x[0] if not session.tape.is_graph else 0):
        text = told(session, session.names.name(int(node)))
        found = re.search(r"difference = (-?[\d.]+) - \(?(-?[\d.]+)\)? = (-?[\d.]+)", text)
        assert found is not None
        plus, minus, difference = map(Decimal, found.groups())
        assert plus - minus == difference
        slope = re.search(r"/ 0\.02 = (-?[\d.]+)", text)
        gradient = re.search(r"chain rule = (-?[\d.]+)", text)
        assert slope is not None and gradient is not None
        assert abs(Decimal(slope[1]) - difference / Decimal("0.02")) <= Decimal("0.00005")
        if "not differentiable" not in text:
            assert abs(Decimal(slope[1]) - Decimal(gradient[1])) < Decimal("0.002")


@pytest.mark.parametrize("name", ["hidden.z[1]", "loss", "t[1]", "lr", "new hidden.W[1,1]"])
def test_only_what_can_be_nudged_is(name: str) -> None:
    session = session_of()
    with pytest.raises(Refusal, match="can be nudged"):
        nudge_page(session, session.quantity(name))


def test_where_there_is_no_result_beside_it_that_is_said() -> None:
    text = 'title = "t"\n[graph]\ninputs = {x = 0.005}\nnodes = {f = "log(x)"}'
    session = Session(from_text(text, "t.toml"))
    with pytest.raises(Refusal, match="there is no result"):
        nudge_page(session, session.quantity("x"))
