"""Matrices in graphs: values and gradients against plain numpy, by hand against plain decimals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.gradcheck import DISAGREES, gradcheck
from nnhs_tui.autodiff.levels import levels_of, spans
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.record import Record, run
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.operations.matrices.table import MATRIX_OPERATIONS, matrix_functions
from nnhs_tui.present.panes.explain import explain
from tests.random_scenarios import loaded

A = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
B = np.array([[0.5, 1.5], [-0.75, 2.0], [1.25, -0.5]])
R = np.array([[0.3, -0.7, 1.1]])
K = np.array([[1.5, -0.4]])
S = np.array([[1.7]])
GIVEN = {"A": A, "B": B, "r": R, "K": K, "s": S}

Numpy = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def slid(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    height, width = kernel.shape
    return np.array(
        [
            [
                (x[i : i + height, j : j + width] * kernel).sum()
                for j in range(x.shape[1] - width + 1)
            ]
            for i in range(x.shape[0] - height + 1)
        ]
    )


CASES: dict[str, Numpy] = {
    "A @ B": lambda a, b, r, k, s: a @ b,
    "(A @ B).T": lambda a, b, r, k, s: (a @ b).T,
    "A.T @ B.T - s": lambda a, b, r, k, s: a.T @ b.T - s,
    "A + r": lambda a, b, r, k, s: a + r,
    "A * r.T[1] / B.T": lambda a, b, r, k, s: a * r[0, 0] / b.T,
    "-A ** 2": lambda a, b, r, k, s: -(a**2),
    "exp(A) * tanh(s)": lambda a, b, r, k, s: np.exp(a) * np.tanh(s),
    "sum(A) * s": lambda a, b, r, k, s: a.sum(keepdims=True) * s,
    "mean(B)": lambda a, b, r, k, s: b.mean(keepdims=True),
    "max(A) - min(B)": lambda a, b, r, k, s: a.max(keepdims=True) - b.min(keepdims=True),
    "max(A, r, 0)": lambda a, b, r, k, s: np.maximum(np.maximum(a, r), 0),
    "rowsum(A * A)": lambda a, b, r, k, s: (a * a).sum(axis=1, keepdims=True),
    "rowmean(A)": lambda a, b, r, k, s: a.mean(axis=1, keepdims=True),
    "rowmax(A)": lambda a, b, r, k, s: a.max(axis=1, keepdims=True),
    "colsum(A)": lambda a, b, r, k, s: a.sum(axis=0, keepdims=True),
    "colmean(A * s)": lambda a, b, r, k, s: (a * s).mean(axis=0, keepdims=True),
    "colmax(A)": lambda a, b, r, k, s: a.max(axis=0, keepdims=True),
    "softmax(A)": lambda a, b, r, k, s: softmax(a),
    "softmax(A @ B) @ B.T": lambda a, b, r, k, s: softmax(a @ b) @ b.T,
    "concat(A, B.T, A)": lambda a, b, r, k, s: np.concatenate([a, b.T, a], axis=1),
    "stack(A, r)": lambda a, b, r, k, s: np.concatenate([a, r]),
    "conv(A, K)": lambda a, b, r, k, s: slid(a, k),
    "conv(B, A[:,1].T)": lambda a, b, r, k, s: slid(b, a[:, :1].T),
    "A[2,1] * B[3]": lambda a, b, r, k, s: a[1, 0] * b[2:3],
    "A[2] @ B[:,1] + r[3]": lambda a, b, r, k, s: a[1:2] @ b[:, :1] + r[0, 2],
    "B @ A @ A.T": lambda a, b, r, k, s: b @ a @ a.T,
    "2 @ s": lambda a, b, r, k, s: 2 * s,
}


def written(matrix: np.ndarray) -> str:
    return str(matrix.tolist())


def scenario(expression: str, arriving: np.ndarray, more: str = "") -> str:
    return f"""
title = "one expression"
{more}
[graph]
inputs = {{ A = {written(A)}, r = {written(R[0])}, s = 1.7 }}
parameters = {{ B = {written(B)}, K = {written(K)} }}
[graph.nodes]
Z = "{expression}"
[backward]
upstream = {written(arriving)}
"""


def recorded(text: str) -> Record:
    made = loaded(text)
    ar = arithmetic(made.arithmetic, made.digits)
    tape = compile_tape(made)
    return run(tape, ar, initial_parameters(made, ar), made.samples[0])


def block(record: Record, name: str, array: np.ndarray) -> np.ndarray:
    found = next(each for each in record.tape.blocks if each.name == name)
    return np.array(array[list(found.ids)]).reshape(found.shape)


@pytest.mark.parametrize("circuit", ["", 'sigmoid = "circuit"'])
@pytest.mark.parametrize("expression", CASES)
def test_values_and_gradients_are_numpys(expression: str, circuit: str) -> None:
    function = CASES[expression]
    wanted = function(*GIVEN.values())
    arriving = np.linspace(-1.0, 2.0, wanted.size).reshape(wanted.shape).round(2)
    record = recorded(scenario(expression, arriving, circuit))
    assert block(record, "Z", record.value) == pytest.approx(wanted, rel=1e-12)
    for name, matrix in GIVEN.items():
        gradient = block(record, name, record.gradient)
        for place in np.ndindex(matrix.shape):
            slope = 0.0
            for sign in (1, -1):
                moved = {key: each.copy() for key, each in GIVEN.items()}
                moved[name][place] += sign * 1e-6
                slope += sign * (arriving * function(*moved.values())).sum() / 2e-6
            assert gradient[place] == pytest.approx(slope, abs=1e-7)


def test_every_function_is_tried_here() -> None:
    for name in matrix_functions():
        assert any(f"{name}(" in each for each in CASES)
    assert set(MATRIX_OPERATIONS) - set(matrix_functions()) == {"matmul", "T"}


def test_sigmoids_of_matrices_may_be_four_nodes() -> None:
    text = scenario("sigmoid(A)", np.ones((2, 3)), 'sigmoid = "circuit"')
    names = compile_tape(loaded(text)).node_names
    assert [n for n in names if n.endswith("[1,1]")] == [
        "Z.1[1,1]",
        "Z.2[1,1]",
        "Z.3[1,1]",
        "Z[1,1]",
    ]
    record = recorded(text)
    assert block(record, "Z", record.value) == pytest.approx(1 / (1 + np.exp(-A)))
    share = 1 / (1 + np.exp(-A))
    assert block(record, "A", record.gradient) == pytest.approx(share * (1 - share))


BATCH = """
title = "a batch"
arithmetic = "hand"
[graph]
inputs = { X = [[1.0, 2.0], [0.5, -1.0]], T = [[1.0], [0.0]] }
parameters = { W = [[0.5], [-0.3]], b = [0.1] }
[graph.nodes]
Z = "X @ W + b"
A = "sigmoid(Z)"
L = "mean((A - T) ** 2)"
"""


def r(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_batch_by_hand() -> None:
    x = [[Decimal("1.0"), Decimal("2.0")], [Decimal("0.5"), Decimal("-1.0")]]
    w, b, t = [Decimal("0.5"), Decimal("-0.3")], Decimal("0.1"), [Decimal(1), Decimal(0)]
    z = [r(x[i][0] * w[0]) + r(x[i][1] * w[1]) + b for i in range(2)]
    a = [r(1 / (1 + (-each).exp())) for each in z]
    loss = r(sum(r((a[i] - t[i]) ** 2) for i in range(2)) / 2)
    half = r(Decimal(1) / 2)
    da = [r(half * r(2 * (a[i] - t[i]))) for i in range(2)]
    dz = [r(da[i] * r(a[i] * (1 - a[i]))) for i in range(2)]
    dw = [sum(r(dz[i] * x[i][j]) for i in range(2)) for j in range(2)]
    dx = [[r(dz[i] * w[j]) for j in range(2)] for i in range(2)]
    record = recorded(BATCH)
    assert block(record, "Z", record.value).ravel().tolist() == z
    assert block(record, "L", record.value).item() == loss
    assert block(record, "W", record.gradient).ravel().tolist() == dw
    assert block(record, "b", record.gradient).item() == sum(dz)
    assert block(record, "X", record.gradient).tolist() == dx


def test_names_are_those_of_the_contract() -> None:
    tape = compile_tape(loaded(BATCH))
    names = Names(tape)
    for name in ("Z[2,1]", "Z.1[2,1]", "Z.1.p[2,1,1]", "L", "L.3", "L.1[1,1]", "b", "W[2,1]"):
        node = names.id(name)
        assert node is not None and names.name(node) == name
    assert names.id("Z[2, 1]") == names.id("Z[2,1]")
    assert names.id("Z.p[1,1,1]") is None  # The product is inside, the node is its sum with b.


def test_gradients_go_back_entry_by_entry_in_order() -> None:
    schedule = Schedule(compile_tape(loaded(BATCH)), 1)
    names = Names(schedule.tape)
    weight = names.id("W[1,1]")
    assert weight is not None
    users = [names.name(each.node) for each in schedule.arrivals(weight)]
    assert users == ["Z.1.p[1,1,1]", "Z.1.p[2,1,1]"]


def test_levels_are_a_named_node_an_entry_and_an_operation() -> None:
    schedule = Schedule(compile_tape(loaded(BATCH)), 1)
    names = Names(schedule.tape)
    assert levels_of(schedule) == ("layer", "neuron", "node")
    ends = {
        level: [
            names.name(schedule.step(after - 1).node)
            for _, after in spans(schedule, 0, schedule.forward, level)
        ]
        for level in ("layer", "neuron")
    }
    assert ends["layer"] == ["Z[2,1]", "A[2,1]", "L"]
    assert ends["neuron"] == ["Z[1,1]", "Z[2,1]", "A[1,1]", "A[2,1]", "L"]
    updates = list(spans(schedule, schedule.update_start(0), schedule.total, "layer"))
    assert [after - first for first, after in updates] == [2, 1]


@pytest.mark.parametrize("arithmetic_name", ["exact", "hand"])
def test_the_gradient_check_agrees(arithmetic_name: str) -> None:
    text = BATCH.replace('"hand"', f'"{arithmetic_name}"')
    found = list(gradcheck(loaded(text)))
    assert len(found) == 9
    assert not [each for each in found if each.verdict == DISAGREES]


def test_a_frozen_matrix_and_a_frozen_entry() -> None:
    whole = loaded(BATCH + '[training]\nfrozen = ["W"]\n')
    entry = loaded(BATCH + '[training]\nfrozen = ["W[2,1]", "b"]\n')
    assert compile_tape(whole).frozen.tolist() == [True, True, False]
    assert compile_tape(entry).frozen.tolist() == [False, True, True]


def test_a_number_arrives_at_every_entry() -> None:
    text = scenario("A @ B", np.ones((2, 2))).replace("[[1.0, 1.0], [1.0, 1.0]]", "2.0")
    record = recorded(text)
    assert block(record, "A", record.gradient) == pytest.approx(2 * np.ones((2, 2)) @ B.T)


def test_a_sample_gives_an_input_another_matrix() -> None:
    text = BATCH + "[[samples]]\n[[samples]]\nX = [[0.0, 1.0], [1.0, 0.0]]\n"
    made = loaded(text)
    ar = arithmetic("exact", 2)
    second = run(compile_tape(made), ar, initial_parameters(made, ar), made.samples[1])
    assert block(second, "Z", second.value).ravel() == pytest.approx([-0.2, 0.6])


@pytest.mark.parametrize(("upstream", "letter"), [("", "y"), ("1.0", "y"), ("3.0", "f")])
def test_what_is_given_instead_of_1_differentiates_no_longer_the_output(
    upstream: str, letter: str
) -> None:
    text = 'title = "t"\n[graph]\nparameters = { w = 3.0 }\n[graph.nodes]\ny = "w * 2"\n'
    text += f"[backward]\nupstream = {upstream}\n" if upstream else ""
    session = Session(loaded(text))
    session.execute("goto grad w")
    assert explain(session.scene()).result == f"∂{letter}/∂w"
