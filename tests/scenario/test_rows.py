"""Weights with a row for each neuron: the same net, written the other way round."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ScenarioError
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.scenario.model import Network

NUMBERS = st.integers(-9, 9).map(lambda number: number / 10)


def text(rows: str, *matrices: list[list[float]], inputs: int) -> str:
    lines = ['title = "net"', "[network]", f"inputs = {inputs}", rows]
    for matrix in matrices:
        lines += ["[[network.layers]]", f"weights = {matrix}"]
    return "\n".join([*lines, "[[samples]]", f"x = {[0.5] * inputs}", ""])


def turned(matrix: list[list[float]]) -> list[list[float]]:
    return [list(row) for row in zip(*matrix, strict=True)]


@given(st.data(), st.lists(st.integers(1, 4), min_size=2, max_size=4))
def test_it_is_the_same_net(data: st.DataObject, sizes: list[int]) -> None:
    matrices = [
        data.draw(st.lists(st.lists(NUMBERS, min_size=m, max_size=m), min_size=n, max_size=n))
        for n, m in pairwise(sizes)
    ]
    by_inputs = from_text(text('rows = "inputs"', *matrices, inputs=sizes[0]), "a")
    plain = from_text(text("", *matrices, inputs=sizes[0]), "a")
    by_neurons = from_text(text('rows = "neurons"', *map(turned, matrices), inputs=sizes[0]), "a")
    assert by_inputs.model == plain.model == by_neurons.model


@pytest.mark.parametrize(
    ("matrix", "found", "expected"),
    [
        (
            [[1.0, 2.0], [3.0, 4.0]],
            "rows of 2 numbers",
            "expected 3 numbers in each, one per input",
        ),
        (
            [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
            "rows of 2 numbers",
            'one per input (it looks transposed: without rows = "neurons" it is read so)',
        ),
    ],
)
def test_what_does_not_fit_is_told_in_its_own_rows(
    matrix: list[list[float]], found: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        from_text(text('rows = "neurons"', matrix, inputs=3), "a")
    (fault,) = caught.value.faults
    assert fault.found == found and expected in fault.expected


def test_what_rows_may_be_is_told() -> None:
    with pytest.raises(ScenarioError, match=r'expected .*"inputs".*"neurons"'):
        from_text(text('rows = "columns"', [[1.0]], inputs=1), "a")


def test_an_edit_is_saved_in_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_text(
        text('rows = "neurons"', [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], inputs=3), encoding="utf-8"
    )
    session = Session(load(tmp_path / "net.toml"))
    session.execute("edit layer1.W[3,1] 0.9")
    session.execute(f"save {tmp_path / 'new.toml'}")
    saved = (tmp_path / "new.toml").read_text(encoding="utf-8")
    assert "[[0.1, 0.2, 0.9], [0.4, 0.5, 0.6]]" in saved
    model = load(tmp_path / "new.toml").model
    assert isinstance(model, Network) and float(model.layers[0].weights[2][0]) == 0.9  # type: ignore[index]


def test_drawn_weights_are_spelled_out_in_its_rows(tmp_path: Path) -> None:
    lines = text('rows = "neurons"', inputs=3).replace(
        "[[samples]]", "[[network.layers]]\nneurons = 2\n[[samples]]"
    )
    (tmp_path / "net.toml").write_text(lines, encoding="utf-8")
    session = Session(load(tmp_path / "net.toml"))
    session.execute("edit layer1.W[3,1] 0.9")
    session.execute(f"save {tmp_path / 'new.toml'}")
    model = load(tmp_path / "new.toml").model
    assert isinstance(model, Network) and float(model.layers[0].weights[2][0]) == 0.9  # type: ignore[index]
    assert (model.layers[0].inputs, model.layers[0].neurons) == (3, 2)
