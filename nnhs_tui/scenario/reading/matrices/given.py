"""What a graph is given, and the shapes of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from nnhs_tui.labels import counted
from nnhs_tui.operations.matrices.shapes import SINGLE, Shape, entries_of, told
from nnhs_tui.operations.matrices.table import size_of
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.faults import Findings, Path
from nnhs_tui.scenario.reading.limits import MAX_PARAMETERS
from nnhs_tui.scenario.reading.matrices.expand import expanded, is_of_matrices, shaped
from nnhs_tui.scenario.reading.matrices.values import shape_of


class Elementary(NamedTuple):
    """An expression in elementary operations."""

    expression: Expression | None
    """None where its shapes do not fit, or are not known, and where it is too large."""
    is_too_large: bool = False


@dataclass
class Given:
    """The shapes of a graph's inputs, parameters and, one after the other, its nodes."""

    shapes: dict[str, Shape | None] = field(default_factory=dict)
    """None where a fault keeps it from being known."""
    parameters: int = 0
    """How many numbers an update may change."""
    own: frozenset[str] = frozenset()
    """The parameters."""
    has_matrices: bool = False
    """Whether something so far is no single number."""

    @staticmethod
    def of(graph: dict[str, Any], findings: Findings) -> Given:
        """What a decoded graph is given; notes when it is too much."""
        given = Given()
        for kind in ("inputs", "parameters"):
            values = graph.get(kind)
            shapes = (
                {name: shape_of(each) for name, each in values.items()}
                if isinstance(values, dict)
                else {}
            )
            count = sum(size_of(each) for each in shapes.values() if each)
            if count > MAX_PARAMETERS and len(shapes) <= MAX_PARAMETERS:
                found = f"{counted(count, 'number')} in all"
                findings.add(("graph", kind), found, f"expected at most {MAX_PARAMETERS:,}")
            given.parameters, given.own = count, frozenset(shapes)
            given.shapes |= shapes
        given.has_matrices = any(each != SINGLE for each in given.shapes.values())
        return given

    def is_entry(self, name: object) -> bool:
        """Whether a name is one entry of a parameter: `W[2,1]`."""
        if not isinstance(name, str) or not name.endswith("]"):
            return False
        whole = name.partition("[")[0]
        shape = self.shapes.get(whole)
        return whole in self.own and shape is not None and name in entries_of(whole, shape)

    def check_override(self, path: Path, name: str, value: object, findings: Findings) -> None:
        """Notes an input of a sample that has another shape than the graph's."""
        wanted, found = self.shapes.get(name), shape_of(value)
        if name not in self.own and wanted and found and wanted != found:
            expected = f"expected {told(wanted)}, the shape that {name} has in the graph"
            findings.add(path, told(found), expected)

    def elementary(
        self, expression: Expression, text: str, room: int, circuit: bool, findings: Findings
    ) -> Elementary:
        """An expression in elementary operations; its shape is known from here on.

        Args:
            expression: as it was read.
            text: as it is written.
            room: how many operations it may have.
            circuit: whether sigmoids are stepped as their four nodes.
            findings: where shapes that do not fit are noted.
        """
        owner = expression.owner
        self.shapes[owner] = None
        known = {leaf: self.shapes.get(leaf) for leaf in expression.leaves if isinstance(leaf, str)}
        shapes = {name: shape for name, shape in known.items() if shape is not None}
        if len(shapes) < len(known):
            return Elementary(None)
        if not is_of_matrices(expression, shapes):
            self.shapes[owner] = SINGLE
            return Elementary(
                replace(expression, text=text, uses=tuple(known))
                if self.has_matrices
                else expression
            )
        found = shaped(expression, shapes, circuit=circuit)
        for problem in found.problems:
            findings.add(("graph", "nodes", owner), problem.found, problem.expected)
        self.shapes[owner] = found.shape
        self.has_matrices = True
        if found.shape is None or found.size > room:
            return Elementary(None, found.shape is not None)
        made = expanded(expression, shapes, circuit=circuit)
        return Elementary(replace(made, text=text, uses=tuple(known)))


def check_arriving(
    data: dict[str, Any], graph: dict[str, Any], given: Given, findings: Findings
) -> None:
    """Notes an output that is no number without anything that arrives, or that does not fit it."""
    nodes = graph.get("nodes")
    last = next(reversed(nodes), None) if isinstance(nodes, dict) else None
    output = graph.get("output", last)
    shape = given.shapes.get(output) if isinstance(output, str) else None
    if shape is None or not isinstance(nodes, dict) or output not in nodes:
        return
    backward = data.get("backward")
    if "backward" not in data:
        if shape != SINGLE:
            path = ("graph", "output") if "output" in graph else ("graph", "nodes", str(output))
            expected = "expected 1×1, or [backward] upstream that says what arrives"
            findings.add(path, f"{output} is the output and {told(shape)}", expected)
    elif isinstance(backward, dict) and "upstream" in backward:
        arriving = shape_of(backward["upstream"])
        if arriving is not None and arriving not in (SINGLE, shape):
            expected = f"expected a number or {told(shape)}, the shape of {output}"
            findings.add(("backward", "upstream"), told(arriving), expected)
