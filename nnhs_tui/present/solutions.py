"""Worked solutions: formula, the numbers put in, the result.

At the level `node` a solution is what the screen says at the step that finds the answer. Above it
a neuron's sum, the gradient of a weight and that of an input are written in the numbers that are
asked, and what else has to be found on the way stands before, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import FORWARD, UPDATE, Step
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.quantities import home_of
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.marking.asked_quantities import is_asked
from nnhs_tui.operations.numerals import shown
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.panes.coming_out import equation_with_more
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.text.more_decimals import together
from nnhs_tui.present.text.notation import bracketed, equals, numeral, objective

Writer = Callable[[Scene], str]
"""A scene, which says with how many decimals → an equation."""

_sum = OPERATIONS["sum"].formula
"""Texts joined by +, the middle of very long sums left out."""


def without_result(line: str) -> str:
    """A line of a solution up to its result.

    >>> without_result("z1 = w11·x1 = 0.70·2.00 = 1.40"), without_result("a = σ(1) ≈ 0.73")
    ('z1 = w11·x1 = 0.70·2.00', 'a = σ(1)')
    """
    return line.rpartition(" ≈ " if " ≈ " in line else " = ")[0]


class Solver:
    """Works out the answers of one sheet, in the order in which they are asked.

    Args:
        names: how formulas call what they are made of; else as the screen does.
    """

    def __init__(self, session: Session, level: str, names: Names | None = None) -> None:
        self.session, self.level = session, level
        self.schedule, self.tape = session.schedule, session.tape
        self.names = names or session.names
        self._told: set[int] = set()
        """Steps that were written down on the way to an answer."""

    def lines(self, quantity: Quantity) -> tuple[str, ...]:
        """How an answer is found, a line for each result."""
        return tuple(line for line, _ in self.ways(quantity))

    def ways(self, quantity: Quantity) -> list[tuple[str, str]]:
        """(how a result is found, the same with more decimals where it does not come out)."""
        return [
            (write(scene), together((equation_with_more(scene, write),)))
            for scene, write in self._writers(quantity)
        ]

    def _writers(self, quantity: Quantity) -> list[tuple[Scene, Writer]]:
        if _is_of_all_samples(self.session, quantity):
            start = self.schedule.update_start(quantity.update or 0)
            scene = self._scene(self.schedule.step(min(start, self.schedule.total - 1)))
            return [(scene, lambda here: self._reduced(here, quantity))]
        near = self.schedule.sample_start(quantity.sample or 0)
        home = home_of(self.schedule, quantity, near)
        assert home is not None
        step = self.schedule.step(home)
        scene = self._scene(step)
        own = None if self.level == "node" else self._in_matrices(step)
        if own is not None:
            return [(scene, own)]
        before = [] if self.level == "node" else self._on_the_way(step)
        return [(scene, partial(_line, step=each)) for each in (*before, step)]

    def _scene(self, step: Step) -> Scene:
        session = self.session
        return Scene(session.scenario, session.run, self.names, 0, 1, step.index, session.digits)

    def _reduced(self, scene: Scene, quantity: Quantity) -> str:
        """The loss, or a gradient, of all samples together."""
        session, node, run = self.session, quantity.node, self.session.run
        update = quantity.update or 0
        samples = range(len(session.scenario.samples))
        if quantity.kind == VALUE:
            symbol, total = "loss", run.round(0).loss
            terms = [run.round(0).losses[each] for each in samples]
        else:
            symbol = self.names.gradient(self.names.name(node), objective(scene))
            total = run.updates(0)[update].accumulated[node]
            samples = self.schedule.samples_of(update)
            terms = [run.record(0, each).gradient[node] for each in samples]
        listed = _sum([bracketed(numeral(scene, each)) for each in terms])
        words = _sum([f"(sample {each + 1})" for each in samples])
        divisor = session.scenario.reduction.divisor(len(terms))
        if divisor > 1:
            words, listed = (f"({text})/{divisor}" for text in (words, listed))
        return _equation(scene, f"{symbol} of all", [words, listed], total)

    def _in_matrices(self, step: Step) -> Writer | None:
        """z, the gradient of a weight or of an input of a layer in the numbers asked for."""
        layer = next((each for each in self.tape.layers if each.name == step.group[0]), None)
        if layer is None or step.phase == UPDATE:
            return None
        if step.phase == FORWARD:
            j = step.group[1] - 1
            return partial(_neuron_sum, layer=layer, j=j) if step.node == layer.z(j) else None
        target = step.target
        assert target is not None
        if layer.weights <= target < layer.weights + layer.n * layer.m:
            return partial(_weight_gradient, layer=layer, weight=target)
        place, rest = divmod(target - layer.source, layer.source_step)
        if rest == 0 and 0 <= place < layer.n and target < layer.start:
            return partial(_input_gradient, layer=layer, i=place)
        return None

    def _on_the_way(self, step: Step) -> list[Step]:
        """Steps that are not asked and not told yet, and that this one needs, in their order."""
        found: dict[int, Step] = {}
        todo = [step]
        while todo:
            for index in self._needs(todo.pop()):
                before = self.schedule.step(index)
                fresh = index not in found and index not in self._told
                if fresh and not is_asked(self.schedule, self.level, before):
                    found[index] = before
                    todo.append(before)
        self._told.update(found)
        return [found[index] for index in sorted(found)]

    def _needs(self, step: Step) -> Iterator[int]:
        """The steps of the same pass that a step takes its numbers from."""
        if step.phase == UPDATE:
            return
        assert step.sample is not None
        start = self.schedule.sample_start(step.sample)
        if step.phase == FORWARD:
            for node in self.tape.operands(step.node).tolist():
                if node >= self.tape.leaves:
                    yield start + node - self.tape.leaves
            return
        behind = start + self.schedule.forward
        if step.is_join:
            assert step.target is not None
            yield from (behind + each.offset for each in self.schedule.arrivals(step.target))
            return
        settled = self.schedule.settled(step.node)
        if settled is not None:
            yield behind + settled


def _is_of_all_samples(session: Session, quantity: Quantity) -> bool:
    several = len(session.scenario.samples) > 1
    return several and quantity.sample is None and quantity.kind in (GRAD, VALUE)


def _line(scene: Scene, step: Step) -> str:
    told = explain_step(scene, step)
    return _equation(scene, told.result, [told.formula, told.numbers], told.value)


def _equation(scene: Scene, result: str, ways: Sequence[str], value: Any) -> str:
    """`z1 = w11·x1 + b1 = 0.50·2.00 + 0.10 = 1.10`, saying nothing twice."""
    number = shown(value, scene.digits)
    parts = list(dict.fromkeys(ways))
    text = " = ".join([result, *parts])
    return text if parts[-1] == number else f"{text} {equals(scene, value)} {number}"


def _neuron_sum(scene: Scene, layer: LayerBlock, j: int) -> str:
    value, symbol = scene.record.value, scene.names.symbol
    pairs = [(layer.w(i, j), layer.x(i)) for i in range(layer.n)]
    symbols = [f"{symbol(w, layer.name)}·{symbol(x, layer.name)}" for w, x in pairs]
    numbers = [_product(scene, value[w], value[x]) for w, x in pairs]
    products = [_put_in(scene, value[layer.product(i, j)]) for i in range(layer.n)]
    if layer.bias is not None:
        symbols.append(symbol(layer.bias + j, layer.name))
        for texts in (numbers, products):
            texts.append(_put_in(scene, value[layer.bias + j]))
    ways = [_sum(symbols), _sum(numbers)]
    if len(products) > 1:
        ways.append(_sum(products))
    z = layer.z(j)
    return _equation(scene, symbol(z, layer.name), ways, value[z])


def _weight_gradient(scene: Scene, layer: LayerBlock, weight: int) -> str:
    """∂L/∂w = ∂L/∂z · x."""
    i, j = divmod(weight - layer.weights, layer.m)
    record, of = scene.record, objective(scene)
    z, x = layer.z(j), layer.x(i)
    symbols = [scene.names.symbol(each, layer.name) for each in (weight, z, x)]
    numbers = _product(scene, record.gradient[z], record.value[x])
    target, arrives = (scene.names.gradient(each, of) for each in symbols[:2])
    ways = [f"{arrives}·{symbols[2]}", numbers]
    return _equation(scene, target, ways, record.gradient[weight])


def _input_gradient(scene: Scene, layer: LayerBlock, i: int) -> str:
    """∂L/∂x = the sum over the neurons of ∂L/∂z · w."""
    record, symbol, of = scene.record, scene.names.symbol, objective(scene)
    pairs = [(layer.z(j), layer.w(i, j)) for j in range(layer.m)]
    arrives = [scene.names.gradient(symbol(z, layer.name), of) for z, _ in pairs]
    weights = [symbol(w, layer.name) for _, w in pairs]
    symbols = [f"{gradient}·{w}" for gradient, w in zip(arrives, weights, strict=True)]
    numbers = [_product(scene, record.gradient[z], record.value[w]) for z, w in pairs]
    terms = [record.arriving(layer.product(i, j), 1) for j in range(layer.m)]
    ways = [_sum(symbols), _sum(numbers)]
    if len(terms) > 1:
        ways.append(_sum([_put_in(scene, each) for each in terms]))
    x = layer.x(i)
    target = scene.names.gradient(symbol(x, layer.name), of)
    return _equation(scene, target, ways, record.gradient[x])


def _put_in(scene: Scene, value: Any) -> str:
    return bracketed(numeral(scene, value))


def _product(scene: Scene, a: Any, b: Any) -> str:
    return f"{_put_in(scene, a)}·{_put_in(scene, b)}"
