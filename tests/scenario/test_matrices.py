"""What is refused about matrices in graphs, and what their names may be besides."""

from __future__ import annotations

import pytest

from nnhs_tui.errors import ScenarioError
from nnhs_tui.scenario.model import Graph
from tests.random_scenarios import loaded

GIVEN = """
title = "shapes"
[graph]
inputs = { X = [[1, 2], [3, 4], [5, 6]], K = [[1, 2], [3, 4]], v = [1, 2, 3], s = 2 }
parameters = { W = [[0.5], [-0.3]] }
[graph.nodes]
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loaded(text)
    return [f"{each.where}: {each.found}; {each.expected}" for each in caught.value.faults]


UNFIT = {
    "X @ v": "X (3×2) @ v (1×3); expected as many columns on the left (2) as rows on the right (1)",
    "X + v": "X (3×2) + v (1×3); expected as many columns in each",
    "K - X": "K (2×2) - X (3×2); expected as many rows in each",
    "(X @ W) * X.T": "(3×1) * (2×3); expected as many rows in each",
    "max(X, v)": "max(X (3×2), v (1×3)); expected as many columns",
    "conv(W, K)": "conv(W (2×1), K (2×2)); expected a second matrix that is no larger",
    "concat(X, K)": "concat(X (3×2), K (2×2)); expected as many rows",
    "stack(X, v)": "stack(X (3×2), v (1×3)); expected as many columns",
    "X[4,1]": "[4,1] of X (3×2); expected indices from 1, at most [3,2]",
    "v[0]": "[0] of v (1×3); expected indices from 1, at most [3]",
    "X[:,3]": "[:,3] of X (3×2); expected indices",
    "s[2]": "[2] of s (1×1); expected indices from 1, at most [1]",
    "sum(X, K)": '"sum(X, K)" at column 1: sum of 2 values; expected one value',
    "stack(X)": '"stack(X)" at column 1: stack of 1 value; expected 2 or more',
    "X.Y": "\"X.Y\" at column 2: '.' behind a value; expected .T",
    "X[1;1]": "\"X[1;1]\" at column 2: '[' behind a value; expected .T",
}


@pytest.mark.parametrize("text", UNFIT)
def test_what_does_not_fit(text: str) -> None:
    found = faults(f'{GIVEN}A = "{text}"\nL = "sum(K)"\n')
    assert len(found) == 1
    assert found[0].startswith(f"graph.nodes.A: {UNFIT[text]}")


def test_all_faults_at_once_and_none_that_only_follows() -> None:
    text = GIVEN + 'A = "X @ v + K[3,1]"\nB = "A + 1"\nC = "K + v"\nL = "X"\n'
    text += "[[samples]]\nv = [1, 2]\nX = 3\n"
    where = [each.partition(": ")[0] for each in faults(text)]
    assert where == [
        *["graph.nodes.A"] * 2,
        "graph.nodes.C",
        "graph.nodes.L",
        "samples[1].v",
        "samples[1].X",
    ]


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("[]", "graph.inputs.q: an empty list; expected a number, a row"),
        ("[[1, 2], [3]]", "graph.inputs.q[2]: a row of 1 number; expected 2"),
        ("[[1], 2]", "graph.inputs.q[2]: 2; expected a row"),
        ('[1, "2"]', 'graph.inputs.q[2]: the text "2"; expected a number, without the quotes'),
        ("[[1, 2], [3, inf]]", "graph.inputs.q[2,2]: inf; expected a finite number"),
        ("[[]]", "graph.inputs.q[1]: an empty row"),
    ],
)
def test_what_is_no_matrix(value: str, fault: str) -> None:
    text = f'title = "t"\n[graph]\ninputs = {{ q = {value} }}\n[graph.nodes]\nL = "sum(q)"\n'
    assert faults(text)[0].startswith(fault)


def test_an_output_that_is_no_number_needs_what_arrives() -> None:
    text = GIVEN + 'L = "X"\n'
    assert faults(text) == [
        "graph.nodes.L: L is the output and 3×2; "
        "expected 1×1, or [backward] upstream that says what arrives"
    ]
    for fine in ("2", "[[1, 2], [3, 4], [5, 6]]"):
        loaded(f"{text}[backward]\nupstream = {fine}\n")
    (found,) = faults(f"{text}[backward]\nupstream = [1, 2]\n")
    assert found == "backward.upstream: 1×2; expected a number or 3×2, the shape of L"


def test_names_of_these_functions_may_be_given_to_something_else() -> None:
    text = 'title = "t"\n[graph]\ninputs = { sum = 2, T = 3 }\n[graph.nodes]\nmean = "sum * T"\n'
    text += 'L = "sum(mean) + sum"\n'
    model = loaded(text).model
    assert isinstance(model, Graph)
    assert [each.owner for each in model.expressions] == ["mean", "L"]


def test_one_value_has_no_largest_where_there_are_no_matrices() -> None:
    text = 'title = "t"\n[graph]\ninputs = { x = 2 }\n[graph.nodes]\nL = "max(x)"\n'
    assert "max of one value; expected two or more" in faults(text)[0]


def test_too_many_elementary_nodes_are_refused_before_they_are_made() -> None:
    row = str([1] * 1_100)
    text = f'title = "t"\n[graph]\ninputs = {{ v = {row} }}\n[graph.nodes]\nL = "sum(v.T @ v)"\n'
    assert "more than 1,000,000 elementary nodes" in faults(text)[0]


@pytest.mark.parametrize("formula", ["z @ z", "sum(z)", "z.T", "z[1]"])
def test_a_neurons_formula_has_no_matrices(formula: str) -> None:
    text = f"""
title = "t"
[network]
inputs = 1
[[network.layers]]
weights = [[1]]
activation = "{formula}"
[[samples]]
x = [1]
"""
    (found,) = faults(text)
    assert "is of matrices; expected operations on numbers: z is one number" in found
