"""The pieces of a script that computes a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nnhs_tui.autodiff.compiler import initial_parameters
from nnhs_tui.autodiff.tail import Z, constant_place
from nnhs_tui.autodiff.tape import LayerBlock, LossBlock, Tape
from nnhs_tui.exchange.scripts.language import Language, matrix, row, shown
from nnhs_tui.exchange.scripts.parts import Parts, Trained
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.operations.spellings import LOSS_SPELLINGS, SPELLINGS
from nnhs_tui.scenario.model import Network, Scenario


def network_parts(scenario: Scenario, tape: Tape, language: Language) -> Parts:
    """The pieces of a network's script."""
    assert isinstance(scenario.model, Network)
    last = "t" if tape.loss is not None else "upstream"
    numbers = initial_parameters(scenario, arithmetic(scenario.arithmetic, scenario.digits))
    parameters = [line for layer in tape.layers for line in _parameters(layer, numbers, language)]
    trained = tuple(each for layer in tape.layers for each in _trained(layer, tape, language))
    writer = _Sample(tape, language, trained)
    return Parts(
        False,
        parameters,
        trained,
        list(_samples(scenario, language, last)),
        f"x, {last}",
        list(writer.lines()),
        tape.loss is not None,
        any(layer.is_softmax for layer in tape.layers),
    )


def _parameters(layer: LayerBlock, numbers: np.ndarray, language: Language) -> Iterator[str]:
    """A layer's W and b."""
    yield f"# {layer.name}: a row for each input, a column for each neuron"
    first, *rest, last = matrix(layer.matrix(numbers))
    begin, end = language.vector("|").split("|")
    grad = ", requires_grad=True" if language.finds_gradients else ""
    end = end.removesuffix(")") + grad + ")"
    yield f"{language.names(f'{layer.name}.W')} = {begin}{first}"
    yield from (f"    {line.strip()}" for line in rest)
    yield f"{last}{end}"
    if layer.bias is not None:
        bias = row(layer.vector(numbers))
        yield f"{language.names(f'{layer.name}.b')} = {begin}{bias}{end}"
    yield ""


def _trained(layer: LayerBlock, tape: Tape, language: Language) -> Iterator[Trained]:
    """A layer's parameters, as what is trained."""
    frozen = {"W": layer.matrix(tape.frozen), "b": layer.vector(tape.frozen)}
    for letter in "W" if layer.bias is None else "Wb":
        quantity = f"{layer.name}.{letter}"
        mask = frozen[letter]
        some = () if mask.all() else tuple(map(_index, np.argwhere(mask).tolist()))
        yield Trained(
            quantity,
            language.names(quantity),
            language.names(f"grad {quantity}"),
            language.names(f"total {quantity}"),
            letter == "W",
            bool(mask.all()),
            some,
        )


def _index(places: list[int]) -> str:
    return ", ".join(map(str, places))


def _samples(scenario: Scenario, language: Language, last: str) -> Iterator[str]:
    yield f"samples = [  # x, {last}"
    for sample in scenario.samples:
        behind = sample.t if last == "t" else sample.upstream
        x, also = language.vector(row(sample.x)), language.vector(row(behind or ()))
        yield f"    ({x}, {also}),"
    yield "]"


class _Sample:
    """Writes what is computed for one sample."""

    def __init__(self, tape: Tape, language: Language, trained: tuple[Trained, ...]) -> None:
        self._tape, self._language, self._trained = tape, language, trained
        self._names, self._layers = language.names, tape.layers

    def lines(self) -> Iterator[str]:
        """All of it, and what is printed."""
        finds = self._language.finds_gradients
        values = [pair for layer in self._layers for pair in self._values(layer)]
        yield "# Forward"
        if finds:
            yield "x.requires_grad_()"
            yield f"for each in [{', '.join(['x', *(each.name for each in self._trained)])}]:"
            yield "    each.grad = None"
        source = "x"
        for layer in self._layers:
            yield from self._forward(layer, source)
            source = self._name(layer, "a")
        if finds:
            yield f"for each in [{', '.join(dict.fromkeys(name for _, name in values))}]:"
            yield "    each.retain_grad()"
        if self._tape.loss is not None:
            yield from self._loss(self._tape.loss)
            values.append(("loss", "loss"))
        yield from shown(self._language, values)
        yield "# Backward" if not finds else "# Backward: PyTorch finds the gradients itself."
        yield from self._found() if finds else self._backward()

    def _name(self, layer: LayerBlock, letter: str) -> str:
        return self._names(f"{layer.name}.{letter}")

    def _grad(self, layer: LayerBlock, letter: str) -> str:
        return self._names(f"grad {layer.name}.{letter}")

    def _letters(self, layer: LayerBlock) -> list[str]:
        """The values of a layer, in order."""
        return ["z", *layer.tail.letters, "a"]

    def _of(self, layer: LayerBlock, target: int) -> str:
        """The letter of z or of an operation behind it."""
        return "z" if target == Z else [*layer.tail.letters, "a"][target]

    def _given(self, layer: LayerBlock, op: int) -> list[str]:
        """The operands of an operation behind z."""
        tail, language = layer.tail, self._language
        return [
            self._name(layer, self._of(layer, each))
            if each >= Z
            else language.number(tail.ops[op], tail.constants[constant_place(each)])
            for each in tail.operands[op]
        ]

    def _values(self, layer: LayerBlock) -> list[tuple[str, str]]:
        return [(f"{layer.name}.{each}", self._name(layer, each)) for each in self._letters(layer)]

    def _forward(self, layer: LayerBlock, source: str) -> Iterator[str]:
        language = self._language
        z = language.product(source, self._name(layer, "W"))
        if layer.bias is not None:
            z = f"{z} + {self._name(layer, 'b')}"
        yield f"{self._name(layer, 'z')} = {language.rounded(z)}"
        a = self._name(layer, "a")
        if layer.is_softmax:
            # It rounds for itself.
            write = language.forward(SPELLINGS[layer.function])
            assert write is not None
            yield f"{a} = {write([self._name(layer, 'z')])}"
        elif not layer.acts:
            yield f"{a} = {self._name(layer, 'z')}"
        for op, operation in enumerate(layer.tail.ops):
            result = language.result(operation, self._given(layer, op))
            yield f"{self._name(layer, self._of(layer, op))} = {result}"

    def _ends(self, loss: LossBlock) -> dict[str, str]:
        last = self._layers[-1]
        return {
            "o": self._name(last, "a"),
            "z": self._name(last, "z"),
            "t": "t",
            "n": str(loss.n),
        }

    def _loss(self, block: LossBlock) -> Iterator[str]:
        language, spelled = self._language, LOSS_SPELLINGS[block.loss.name]
        is_fused = block.fused and language.finds_gradients and spelled.fused
        term = (spelled.fused if is_fused else language.term(spelled)).format(**self._ends(block))
        yield f"terms = {language.rounded(term)}"
        divisor = block.loss.divisor(block.n)
        total = f"terms.sum() / {divisor}" if divisor != 1 else "terms.sum()"
        yield f"loss = {language.rounded(total)}"

    def _found(self) -> Iterator[str]:
        """The gradients as PyTorch finds them."""
        last = self._name(self._layers[-1], "a")
        start = "loss" if self._tape.loss is not None else f"(upstream * {last}).sum()"
        yield f"{start}.backward()"
        yield from (f"{each.gradient} = {each.name}.grad" for each in self._trained)
        written = self._gradients(lambda layer, each: f"{self._name(layer, each)}.grad", "x.grad")
        yield from shown(self._language, written)

    def _backward(self) -> Iterator[str]:
        language, block = self._language, self._tape.loss
        last = self._layers[-1]
        if block is None:
            yield f"{self._grad(last, 'a')} = upstream"
        elif block.fused:
            difference = "{o} - {t}".format(**self._ends(block))
            yield f"{self._grad(last, 'z')} = {language.rounded(difference)}"
        else:
            slope = LOSS_SPELLINGS[block.loss.name].slope.format(**self._ends(block))
            yield f"{self._grad(last, 'a')} = {language.rounded(slope)}"
        for place in range(len(self._layers) - 1, -1, -1):
            layer = self._layers[place]
            if not (block is not None and block.fused and layer is last):
                yield from self._through(layer)
            before = self._layers[place - 1] if place else None
            source = "x" if before is None else self._name(before, "a")
            arriving = "grad_x" if before is None else self._grad(before, "a")
            dz = self._grad(layer, "z")
            products = f"np.outer({source}, {dz})"
            yield f"{self._grad(layer, 'W')} = {language.rounded(products)}"
            if layer.bias is not None:
                yield f"{self._grad(layer, 'b')} = {dz}"
            yield f"{arriving} = {language.product(dz, self._name(layer, 'W') + '.T')}"
        yield from shown(self._language, self._gradients(self._grad, "grad_x"))

    def _through(self, layer: LayerBlock) -> Iterator[str]:
        """From the gradient of a to that of z."""
        language = self._language
        da, dz, a = self._grad(layer, "a"), self._grad(layer, "z"), self._name(layer, "a")
        if layer.is_softmax:
            slope = SPELLINGS[layer.function].slope(0, a, [self._name(layer, "z")])
            yield f"slopes = {language.rounded(slope)}"
            yield f"{dz} = {language.product(da, 'slopes')}"
        elif not layer.acts:
            yield f"{dz} = {da}"
        begun = False
        for step in layer.tail.steps:
            if step.place is None:
                continue
            given = [language.factor(each) for each in self._given(layer, step.op)]
            result = self._of(layer, step.op)
            spelled = SPELLINGS[layer.tail.ops[step.op]]
            slope = spelled.slope(step.place, self._name(layer, result), given)
            part = language.times(self._grad(layer, result), slope)
            # A formula may use z several times: the paths add up.
            before = f"{dz} + " if begun and step.target == Z else ""
            begun = begun or step.target == Z
            yield f"{self._grad(layer, self._of(layer, step.target))} = {before}{part}"

    def _gradients(
        self, written: Callable[[LayerBlock, str], str], of_x: str
    ) -> list[tuple[str, str]]:
        """What is printed of the way back, from the last layer to the inputs."""
        block, found = self._tape.loss, list[tuple[str, str]]()
        for layer in reversed(self._layers):
            letters = self._letters(layer)[::-1]
            if block is not None and block.fused and layer is self._layers[-1]:
                letters = ["z"]
            letters += ["W"] if layer.bias is None else ["W", "b"]
            found += [(f"grad {layer.name}.{each}", written(layer, each)) for each in letters]
        return [*found, ("grad x", of_x)]
