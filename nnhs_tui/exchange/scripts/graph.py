"""The pieces of a script that computes a graph, one line for each elementary operation."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.exchange.scripts.language import Language, Lines, literal, shown
from nnhs_tui.exchange.scripts.parts import Parts, Trained
from nnhs_tui.operations.spellings import SPELLINGS
from nnhs_tui.scenario.model import Graph, Scenario


def graph_parts(scenario: Scenario, tape: Tape, language: Language) -> Parts:
    """The pieces of a graph's script."""
    model = scenario.model
    assert isinstance(model, Graph)
    parameters: Lines = []
    for name, value in model.parameters.items():
        written = literal(value)
        if language.finds_gradients:
            written = f"torch.tensor({written}, requires_grad=True)"
        parameters.append(f"{language.names(name)} = {written}")
    trained = tuple(_trained(tape, language, place) for place in range(tape.parameters))
    inputs = list(model.inputs)
    has_upstream = any(each.upstream is not None for each in scenario.samples)
    names = [*map(language.names, inputs), *(["upstream"] if has_upstream else [])]
    samples = [f"samples = [  # {', '.join(names)}"]
    for sample in scenario.samples:
        here = model.inputs | sample.overrides
        values = [here[name] for name in inputs]
        values += sample.upstream or () if has_upstream else ()
        samples.append(f"    ({''.join(f'{literal(each)}, ' for each in values).rstrip()}),")
    samples.append("]")
    writer = _Sample(tape, language, inputs, has_upstream)
    of_sample = ", ".join(names) if len(names) > 1 else f"({''.join(f'{n},' for n in names)})"
    return Parts(True, parameters, trained, samples, of_sample, list(writer.lines()), False)


def _trained(tape: Tape, language: Language, place: int) -> Trained:
    name = tape.leaf_names[place]
    return Trained(
        name,
        language.names(name),
        language.names(f"grad {name}"),
        language.names(f"total {name}"),
        True,
        bool(tape.frozen[place]),
    )


class _Sample:
    """Writes what is computed for one sample."""

    def __init__(
        self, tape: Tape, language: Language, inputs: list[str], has_upstream: bool
    ) -> None:
        self._tape, self._language, self._inputs = tape, language, inputs
        self._start = "upstream" if has_upstream else "1.0"
        self._quantities = [*tape.leaf_names, *([""] * len(tape.constants)), *tape.node_names]

    def lines(self) -> Iterator[str]:
        """All of it, and what is printed."""
        tape, names, finds = self._tape, self._language.names, self._language.finds_gradients
        nodes = range(tape.leaves, tape.size)
        yield "# Forward"
        if finds:
            for name in map(names, self._inputs):
                yield f"{name} = torch.tensor({name}, requires_grad=True)"
            yield from (f"{self._name(n)}.grad = None" for n in range(tape.parameters))
        for node in nodes:
            operation = tape.opname(node)
            given = [self._operand(operation, n) for n in tape.operands(node).tolist()]
            yield f"{self._name(node)} = {self._language.result(operation, given)}"
            if finds:
                yield f"{self._name(node)}.retain_grad()"
        yield from shown(self._language, [(self._quantities[n], self._name(n)) for n in nodes])
        yield "# Backward: PyTorch finds the gradients itself." if finds else "# Backward"
        yield from self._found() if finds else self._backward()

    def _name(self, value: int) -> str:
        return self._language.names(self._quantities[value])

    def _grad(self, value: int) -> str:
        return self._language.names(f"grad {self._quantities[value]}")

    def _operand(self, operation: str, value: int) -> str:
        """A name or a number."""
        constants = self._tape.constant_ids
        if value not in constants:
            return self._name(value)
        return self._language.number(operation, self._tape.constants[value - constants.start])

    def _values(self) -> list[int]:
        """All that has a gradient, from the output to the leaves."""
        leaves = range(self._tape.leaves - len(self._tape.constants))
        return [*range(self._tape.size - 1, self._tape.leaves - 1, -1), *leaves]

    def _found(self) -> Iterator[str]:
        output = self._name(int(self._tape.outputs[0]))
        yield f"({self._start} * {output}).backward()"
        for place in range(self._tape.parameters):
            # What takes one of several does not know the others.
            found = f"{self._name(place)}.grad"
            yield f"{self._grad(place)} = torch.tensor(0.0) if {found} is None else {found}"
        pairs = [(f"grad {self._quantities[n]}", f"{self._name(n)}.grad") for n in self._values()]
        yield from shown(self._language, pairs)

    def _backward(self) -> Iterator[str]:
        tape, language = self._tape, self._language
        output, reached = int(tape.outputs[0]), tape.reached
        begun = {output}
        yield f"{self._grad(output)} = {self._start}"
        for node in range(output, tape.leaves - 1, -1):
            if not reached[node]:
                continue
            operation, ids = tape.opname(node), tape.operands(node).tolist()
            given = [language.factor(self._operand(operation, n)) for n in ids]
            for place, operand in enumerate(ids):
                if operand in tape.constant_ids:
                    continue
                slope = SPELLINGS[operation].slope(place, self._name(node), given)
                # Not +=, which would change another array that it may be the same as.
                before = f"{self._grad(operand)} + " if operand in begun else ""
                begun.add(operand)
                part = language.times(self._grad(node), slope)
                yield f"{self._grad(operand)} = {before}{part}"
        none = [n for n in self._values() if n not in begun]
        yield from (f"{self._grad(n)} = 0.0" for n in none)
        pairs = [(f"grad {self._quantities[n]}", self._grad(n)) for n in self._values()]
        yield from shown(self._language, pairs)
