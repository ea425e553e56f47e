"""Names of quantities, one for each value, and the short symbols of formulas.

A name such as `hidden.W[2,1]` is what tables, files, watches and answer sheets use, as
docs/scenario-format.md has it. A symbol such as `w21` is what a formula in that layer uses; from
another layer it keeps its layer: `hidden.a1`.
"""

from __future__ import annotations

import re
from functools import cached_property

from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.scenario.model import Network

_INDEX = r"[0-9]{1,9}(?:,[0-9]{1,9})?"
_INDEXED = re.compile(rf"^(?:(?P<layer>\w+)\.)?(?P<letter>\w+)\[(?P<index>{_INDEX})\]$")
_IN_BRACKETS = re.compile(r"\[[\d, ]*\]")


class Names:
    """Ids to names and back, for one tape."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        model = tape.scenario.model
        self._inputs = model.input_names if isinstance(model, Network) else ()
        self._layers = {layer.name: layer for layer in tape.layers}

    @cached_property
    def _graph(self) -> tuple[str, ...]:
        """Of a graph the names of all ids."""
        tape = self._tape
        return (*tape.leaf_names, *[""] * len(tape.constants), *tape.node_names)

    @cached_property
    def _graph_ids(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._graph) if name}

    def name(self, node: int) -> str:
        """The name of a value. Constants have none: ""."""
        if self._tape.is_graph:
            return self._graph[node]
        layer, letter, index = self._place(node)
        if letter == "x" and self._inputs:
            return self._inputs[index[0] - 1]
        prefix = f"{layer}." if layer else ""
        return f"{prefix}{letter}" + (f"[{','.join(map(str, index))}]" if index else "")

    def symbol(self, node: int, within: str = "") -> str:
        """The short form of a name in a formula of the layer `within`."""
        if self._tape.is_graph:
            return self._graph[node]
        layer, letter, index = self._place(node)
        if letter == "x" and self._inputs:
            return self._inputs[index[0] - 1]
        joiner = "," if any(each > 9 for each in index) else ""
        short = letter.lower() if letter == "W" else letter
        prefix = f"{layer}." if layer and layer != within and len(self._layers) > 1 else ""
        if letter[-1:].isdigit():
            return f"{prefix}{letter}[{index[0]}]"
        return prefix + short + joiner.join(map(str, index))

    def gradient(self, symbol: str, of: str) -> str:
        """How a formula writes the gradient of what it writes so.

        Args:
            of: what is differentiated.
        """
        return f"∂{of}/∂{symbol}"

    def id(self, name: str) -> int | None:
        """The id of a named value, or None where there is no such value."""
        name = name.strip()
        name = _IN_BRACKETS.sub(lambda found: found[0].replace(" ", ""), name)
        if self._tape.is_graph:
            return self._graph_ids.get(name)
        if name in self._inputs:
            return self._tape.x[self._inputs.index(name)]
        if name == "loss":
            return self._tape.loss.total if self._tape.loss else None
        found = _INDEXED.match(name)
        if found is None:
            return None
        index = tuple(int(each) - 1 for each in found["index"].split(","))
        if min(index) < 0:
            return None
        if found["layer"] is not None:
            layer = self._layers.get(found["layer"])
            return None if layer is None else _layer_id(layer, found["letter"], index)
        return self._unprefixed_id(found["letter"], index)

    def _unprefixed_id(self, letter: str, index: tuple[int, ...]) -> int | None:
        loss = self._tape.loss
        ids = {
            "x": self._tape.x,
            "t": self._tape.t,
            "loss": range(loss.start, loss.total) if loss else range(0),
        }.get(letter, range(0))
        return ids[index[0]] if len(index) == 1 and index[0] < len(ids) else None

    def _place(self, node: int) -> tuple[str, str, tuple[int, ...]]:
        """(layer, letter, indices from 1) of a network's value."""
        tape = self._tape
        if node < tape.parameters:
            layer = next(each for each in reversed(tape.layers) if node >= each.weights)
            if layer.bias is not None and node >= layer.bias:
                return layer.name, "b", (node - layer.bias + 1,)
            i, j = divmod(node - layer.weights, layer.m)
            return layer.name, "W", (i + 1, j + 1)
        if node in tape.x:
            return "", "x", (node - tape.x.start + 1,)
        if node in tape.t:
            return "", "t", (node - tape.t.start + 1,)
        if node < tape.leaves:
            return "", "", ()
        if tape.loss is not None and node >= tape.loss.start:
            return "", "loss", () if node == tape.loss.total else (node - tape.loss.start + 1,)
        layer = next(each for each in reversed(tape.layers) if node >= each.start)
        if node >= layer.rows_stop:
            return layer.name, "a", (node - layer.rows_stop + 1,)
        j, column = divmod(node - layer.start, layer.row)
        if column < layer.n:
            return layer.name, "p", (column + 1, j + 1)
        behind = column - layer.n
        if behind == 0:
            return layer.name, "z", (j + 1,)
        return layer.name, layer.inner(node) or "a", (j + 1,)


class FullNames(Names):
    """Formulas with names in place of symbols, for where those of all layers stand together."""

    def symbol(self, node: int, within: str = "") -> str:
        return self.name(node)

    def gradient(self, symbol: str, of: str) -> str:
        return f"grad {symbol}"


def _layer_id(layer: LayerBlock, letter: str, index: tuple[int, ...]) -> int | None:
    """The id of a layer's value; indices from 0."""
    if letter in ("W", "p"):
        if len(index) != 2 or index[0] >= layer.n or index[1] >= layer.m:
            return None
        return layer.w(*index) if letter == "W" else layer.product(*index)
    if len(index) != 1 or index[0] >= layer.m:
        return None
    j = index[0]
    if letter == "z":
        return layer.z(j)
    if letter == "a":
        return layer.a(j)
    if letter == "b":
        return None if layer.bias is None else layer.bias + j
    if letter in layer.tail.letters:
        return layer.z(j) + 1 + layer.tail.letters.index(letter)
    return None
