"""The two ways through a graph in doubles: by the rules one by one, and the quick one."""

from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff import graph_passes
from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.graph_passes import DoublesPass, GraphPass
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.operations.table import OPERATIONS
from tests.effort import examples
from tests.random_scenarios import graphs, loaded

ARRAYS = ("value", "gradient", "terms", "slopes")

GRAPH = """
title = "all operations"
sigmoid = "{sigmoid}"
[graph]
inputs = {{ x = 0.7, y = -1.3 }}
parameters = {{ w = 0.1, unused = 3.0 }}
output = "f"
[graph.nodes]
a = "-x * y / w + 2 - w - 0.5"
b = "exp(y) + log(x) + sqrt(x) + sin(a) + cos(a) + sigmoid(y) + tanh(w) + tan(w) + abs(y)"
c = "relu(y) + relu(x) + max(x, y, 2, b) + min(a, 3, y) + x ** y + x ** 2 + 2 ** y"
d = "a"
left_out = "a * b / 0.001"
f = "c * d - b * 0 + x - x"
g = "f + left_out"
"""


def differences(text: str, block: int) -> list[str]:
    """The arrays in which the two passes differ, in a single bit."""
    tape, ar = compile_tape(loaded(text)), Exact()
    parameters = initial_parameters(tape.scenario, ar)
    passes = GraphPass(tape, ar), DoublesPass(tape, ar)
    # The second sample finds what the first one left.
    for sample in tape.scenario.samples * 2:
        with ar.protected(), patch.object(graph_passes, "BLOCK", block):
            for each in passes:
                prepared = Samples(tape, ar).prepared(sample)
                each.load(parameters, prepared)
                each.forward()
                each.backward(prepared)
    slow, quick = passes
    return [n for n in ARRAYS if getattr(slow, n).tobytes() != getattr(quick, n).tobytes()]


@settings(max_examples=examples(100))
@given(graphs(nodes=6), st.integers(1, 20))
def test_both_find_the_same_bits(text: str, block: int) -> None:
    assert differences(text, block) == []


def test_both_find_the_same_bits_for_every_operation() -> None:
    for sigmoid in ("shortcut", "circuit"):
        text = GRAPH.format(sigmoid=sigmoid)
        assert differences(text, 7) == []
    tape = compile_tape(loaded(GRAPH.format(sigmoid="shortcut")))
    quick = {e.name for e in OPERATIONS.values() if e.operator or e.slopes_at_once}
    assert quick <= {tape.opname(node) for node in range(tape.leaves, tape.size)}


def test_what_the_output_does_not_need_and_constants_have_no_gradient() -> None:
    tape, ar = compile_tape(loaded(GRAPH.format(sigmoid="shortcut"))), Exact()
    work = DoublesPass(tape, ar)
    sample = Samples(tape, ar)[0]
    work.load(initial_parameters(tape.scenario, ar), sample)
    work.forward()
    work.backward(sample)
    assert not work.gradient[~tape.reached].any()
    assert not work.gradient[tape.constant_ids].any()
    assert np.count_nonzero(~tape.reached) == 5
