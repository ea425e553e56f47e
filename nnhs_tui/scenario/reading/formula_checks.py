"""An activation that is a formula in z: `z ** 2`, `max(z, 0.1*z)`."""

from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.table import NODE_OPERATIONS
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.expression import parse
from nnhs_tui.scenario.reading.faults import Findings, Path, quote
from nnhs_tui.scenario.reading.formulas import SUM, is_formula
from nnhs_tui.scenario.reading.graph_checks import elementary_count
from nnhs_tui.scenario.reading.limits import MAX_ELEMENTARY

_OF_NUMBERS = {each.name for each in NODE_OPERATIONS}
_WRITTEN = {"matmul": "@", "T": ".T"}


def check_formula(path: Path, activation: str, findings: Findings) -> Expression | None:
    """Notes what is wrong with a formula; the operations of one that is right."""
    parsed = parse(SUM, activation)
    for problem in parsed.problems:
        findings.add(path, problem.found, problem.expected)
    others = [name for name in parsed.names if name != SUM]
    for name in others:
        expected = f"expected {SUM}, the neuron's sum, and numbers, as in {quote('z ** 2')}"
        findings.add(path, f"{quote(activation, 60)}: unknown name {quote(name)}", expected)
    if not parsed.problems and not parsed.names:
        found = f"{quote(activation, 60)}, a formula without {SUM}"
        findings.add(path, found, f"expected a formula in {SUM}, as in {quote('z ** 2')}")
    of_matrices = _of_matrices(parsed.expression)
    for op in of_matrices:
        expected = f"expected operations on numbers: {SUM} is one number"
        findings.add(path, f"{quote(activation, 60)}: {op} is of matrices", expected)
    return None if others or of_matrices or not parsed.names else parsed.expression


def _of_matrices(expression: Expression | None) -> list[str]:
    """The operations that are none of numbers, as they are written, each once."""
    ops = () if expression is None else dict.fromkeys(expression.ops)
    return [_WRITTEN.get(op, op) for op in ops if op not in _OF_NUMBERS]


def check_formulas(
    layers: list[dict[str, Any]], neurons: list[int | None], circuit: bool, findings: Findings
) -> None:
    """Notes what is wrong with the formulas of a network, and where they are too many nodes.

    Args:
        neurons: of each layer; None is not known.
        circuit: whether a sigmoid in a formula is four nodes.
    """
    total = 0
    for place, (layer, count) in enumerate(zip(layers, neurons, strict=True)):
        activation, path = layer.get("activation"), ("network", "layers", place, "activation")
        if not isinstance(activation, str) or not is_formula(activation):
            continue
        expression = check_formula(path, activation, findings)
        if expression is None or count is None:
            continue
        before, nodes = total, elementary_count(expression, circuit)
        total += count * nodes
        if total > MAX_ELEMENTARY >= before:
            found = f"a formula of {counted(nodes, 'node')} in {counted(count, 'neuron')}"
            expected = f"expected at most {MAX_ELEMENTARY:,} nodes in all formulas together"
            findings.add(path, found, expected)
