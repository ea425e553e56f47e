"""One step in words: its name, its formula in symbols and in numbers, and the sentence why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nnhs_tui.core.arithmetic import as_decimal, plain, shown
from nnhs_tui.core.losses import LOSSES
from nnhs_tui.core.ops import OPERATIONS
from nnhs_tui.core.scene import Scene
from nnhs_tui.core.schedule import FORWARD, UPDATE, Step


@dataclass(frozen=True)
class Explanation:
    """A step at node level. Texts are data: they may hold any character a file may hold."""

    name: str
    """The quantity, as scenario-format.md names it."""
    result: str
    """Its symbol: z1, ∂L/∂w21, new w21."""
    formula: str
    """The right-hand side in symbols."""
    numbers: str
    """The right-hand side with the numbers put in."""
    value: Any
    why: str
    local: str = ""
    """Backward: the local derivative, `∂p21/∂w21 = x2 = 2.00`."""
    arrives: str = ""
    """Backward: what arrives, `∂L/∂p21 = 0.12`."""
    running: str = ""
    """Where paths join: the sum so far, `0 + 0.12 - 0.05 = 0.07`."""


def explain(scene: Scene, index: int | None = None) -> Explanation:
    """Explain the step at `index` of the scene's round (default: the scene's own)."""
    step = scene.step if index is None else scene.run.schedule.step(index)
    return explain_step(scene, step)


def explain_step(scene: Scene, step: Step) -> Explanation:
    """Explain a step of the sample (or the update) the scene is in."""
    if step.phase == FORWARD:
        return _forward(scene, step)
    if step.phase == UPDATE:
        return _update(scene, step)
    return _join(scene, step) if step.is_join else _backward(scene, step)


def step_name(scene: Scene, step: Step) -> str:
    """The name of the quantity a step finds."""
    if step.phase == FORWARD:
        return scene.names.name(step.node)
    if step.phase == UPDATE:
        return f"new {scene.names.name(step.node)}"
    assert step.target is not None
    name = f"grad {scene.names.name(step.target)}"
    if step.is_join or len(scene.run.schedule.arrivals(step.target)) == 1:
        return name
    return f"{name} via {scene.names.name(_path(scene, step.node))}"


def objective(scene: Scene) -> str:
    """What is differentiated: L with a loss, a graph's output, f for a given upstream gradient."""
    tape = scene.run.tape
    if tape.is_graph:
        return scene.names.name(int(tape.outputs[0]))
    return "L" if tape.loss else "f"


def numeral(scene: Scene, value: Any) -> str:
    """A number inside a formula.

    In hand arithmetic numbers as written in the file may have more decimals than are carried;
    they are used in full, so they are shown in full.
    """
    if scene.run.arithmetic.name == "hand" and value is not None:
        written = -int(as_decimal(value).normalize().as_tuple().exponent)
        if written > scene.digits:
            return plain(value)
    return scene.show(value)


def bracketed(text: str) -> str:
    """A negative number inside a formula wears brackets."""
    return f"({text})" if text.startswith("-") else text


def _path(scene: Scene, node: int) -> int:
    """The value a path is named after: for a product the z of its neuron."""
    tape = scene.run.tape
    if not tape.is_graph and tape.opname(node) == "product":
        layer = next(each for each in tape.layers if each.start <= node < each.rows_stop)
        return layer.z((node - layer.start) // layer.row)
    return node


def _symbols(scene: Scene, step: Step, node: int) -> list[str]:
    within, constants = step.group[0], scene.run.tape.constant_ids
    return [
        plain(scene.record.value[each]) if each in constants else scene.names.symbol(each, within)
        for each in scene.run.tape.operands(node).tolist()
    ]


def _numbers(scene: Scene, node: int) -> list[str]:
    value, constants = scene.record.value, scene.run.tape.constant_ids
    return [
        bracketed(plain(value[each]) if each in constants else numeral(scene, value[each]))
        for each in scene.run.tape.operands(node).tolist()
    ]


def _tidy(formula: str) -> str:
    """exp((-1.00)) as exp(-1.00)."""
    return re.sub(r"\(\((-[^()]*)\)\)", r"(\1)", formula)


def _gradient_symbol(scene: Scene, node: int, within: str) -> str:
    return f"∂{objective(scene)}/∂{scene.names.symbol(node, within)}"


def _forward(scene: Scene, step: Step) -> Explanation:
    node = step.node
    value = scene.record.value[node]
    symbols, numbers = _symbols(scene, step, node), _numbers(scene, node)
    opname = scene.run.tape.opname(node)
    kind, _, part = opname.partition(".")
    if part == "term":
        template = LOSSES[kind].term_formula
        formula, put_in = (template.format(o=t[0], t=t[1]) for t in (symbols, numbers))
        if kind == "cross_entropy" and scene.record.value[scene.run.tape.operands(node)[1]] == 0:
            formula, put_in = "0", "no term, as the target is 0"
        why = "How far this output is from its target."
    elif part == "total":
        loss = LOSSES[kind]
        formula, put_in = (_total(loss.factor, texts) for texts in (symbols, numbers))
        why = f"The loss, {loss.title}: L = {loss.convention}."
    else:
        operation = OPERATIONS[opname]
        if opname == "softmax":
            place = node - scene.run.tape.outputs[0]
            symbols, numbers = [symbols[place]], [numbers[place]]
        formula, put_in = operation.formula(symbols), _tidy(operation.formula(numbers))
        why = operation.what
    return Explanation(
        scene.names.name(node),
        scene.names.symbol(node, step.group[0]),
        formula,
        put_in,
        value,
        why,
    )


def _total(factor: str, texts: list[str]) -> str:
    total = OPERATIONS["sum"].formula(texts)
    if factor == "1/n":
        return f"1/{len(texts)}·({total})" if len(texts) > 1 else total
    return f"1/2·({total})" if factor else total


def _backward(scene: Scene, step: Step) -> Explanation:
    assert step.target is not None and step.place is not None
    record, within = scene.record, step.group[0]
    local_value, upstream = record.local(step.node, step.place), record.upstream(step.node)
    value = record.arriving(step.node, step.place)
    slope, slope_numbers, why = _slope(scene, step)
    # A slope that is a number in the formula already (1, -1) needs no decimals.
    local_text = slope if slope == slope_numbers else numeral(scene, local_value)
    target = scene.names.symbol(step.target, within)
    is_loss = within == "loss" and not scene.run.tape.is_graph
    node = "L" if is_loss else scene.names.symbol(step.node, within)
    arrives = f"∂{objective(scene)}/∂{node}"
    return Explanation(
        step_name(scene, step),
        _gradient_symbol(scene, step.target, within) + _via(scene, step),
        slope if is_loss else f"{arrives} · {_factor(slope)}",
        slope_numbers
        if is_loss
        else f"{bracketed(numeral(scene, upstream))} · {bracketed(local_text)}",
        value,
        why,
        local=_chain(f"∂{node}/∂{target}", slope, slope_numbers, local_text),
        arrives=f"{arrives} = {numeral(scene, upstream)}",
        running=_running(scene, step),
    )


def _via(scene: Scene, step: Step) -> str:
    """` via z1` where several paths join."""
    assert step.target is not None
    if len(scene.run.schedule.arrivals(step.target)) == 1:
        return ""
    return f" via {scene.names.symbol(_path(scene, step.node), step.group[0])}"


def _chain(*texts: str) -> str:
    """a = b = c, without saying the same thing twice."""
    kept: list[str] = []
    for text in texts:
        if not kept or text.strip("()") != kept[-1].strip("()"):
            kept.append(text)
        elif not text.startswith("("):
            kept[-1] = text
    return " = ".join(kept)


def _factor(slope: str) -> str:
    """A local derivative as a factor: brackets where it is a sum, a quotient or negative."""
    bare = slope.startswith("-") or " " in slope or "/" in slope
    return f"({slope})" if bare and not slope.startswith("(") else slope


def _slope(scene: Scene, step: Step) -> tuple[str, str, str]:
    """The local derivative of a backward step: symbols, numbers, and why."""
    assert step.place is not None
    node, tape = step.node, scene.run.tape
    opname = tape.opname(node)
    if opname == "sum":
        # A neuron may add up hundreds of products; its slope is 1 whatever they are.
        return "1", "1", OPERATIONS[opname].why(step.place, "", ())
    symbols, numbers = _symbols(scene, step, node), _numbers(scene, node)
    kind, _, part = opname.partition(".")
    if part:
        loss = LOSSES[kind]
        assert tape.loss is not None
        if tape.loss.fused:
            why = "Softmax and cross-entropy together: output minus target, in one step."
            return f"{symbols[0]} - {symbols[1]}", f"{numbers[0]} - {numbers[1]}", why
        texts = [
            loss.slope_formula.format(o=t[0], t=t[1], n=tape.loss.n) for t in (symbols, numbers)
        ]
        return texts[0], texts[1], f"The derivative of the {loss.title}, L = {loss.convention}."
    operation = OPERATIONS[opname]
    result = scene.names.symbol(node, step.group[0])
    result_number = bracketed(numeral(scene, scene.record.value[node]))
    place = step.place
    if opname == "softmax":
        symbols = [s.replace("z", "a") for s in symbols]
        numbers = [bracketed(numeral(scene, scene.record.value[a])) for a in tape.outputs]
    return (
        operation.slope(place, result, symbols),
        _tidy(operation.slope(place, result_number, numbers)),
        operation.why(place, result, symbols),
    )


def _running(scene: Scene, step: Step) -> str:
    """The sum so far where several paths join; "" where there is only one."""
    assert step.target is not None
    arrivals = scene.run.schedule.arrivals(step.target)
    if len(arrivals) == 1:
        return ""
    terms = []
    for arrival in arrivals:
        terms.append(scene.record.arriving(arrival.node, arrival.place))
        if arrival.node == step.node and arrival.place == step.place:
            break
    total = sum(terms[1:], terms[0])
    listed = OPERATIONS["sum"].formula([bracketed(numeral(scene, each)) for each in terms])
    return f"0 + {listed} = {numeral(scene, total)}   ({len(terms)} of {len(arrivals)} paths)"


def _join(scene: Scene, step: Step) -> Explanation:
    assert step.target is not None
    within, record = step.group[0], scene.record
    arrivals = scene.run.schedule.arrivals(step.target)
    symbol = _gradient_symbol(scene, step.target, within)
    paths = [scene.names.symbol(_path(scene, each.node), within) for each in arrivals]
    terms = [record.arriving(each.node, each.place) for each in arrivals]
    listed = OPERATIONS["sum"].formula
    target = scene.names.symbol(step.target, within)
    return Explanation(
        step_name(scene, step),
        symbol,
        listed([f"(via {path})" for path in paths]),
        listed([bracketed(numeral(scene, each)) for each in terms]),
        record.gradient[step.target],
        f"{target} is used {len(paths)} times, so what comes back along the paths is added up.",
    )


def _update(scene: Scene, step: Step) -> Explanation:
    node, within = step.node, step.group[0]
    round_, tape = scene.round, scene.run.tape
    symbol, gradient = scene.names.symbol(node, within), _gradient_symbol(scene, node, within)
    before = numeral(scene, round_.before[node])
    count = len(scene.run.samples)
    mean = count > 1 and scene.scenario.reduction == "mean"
    if tape.frozen[node]:
        formula, put_in = symbol, before
        why = f"{scene.names.name(node)} is frozen: its gradient is shown, its value stays."
    else:
        rate = plain(scene.run.arithmetic.number(scene.scenario.learning_rate))
        whole = bracketed(numeral(scene, round_.accumulated[node]))
        formula = f"{symbol} - lr · {gradient}"
        put_in = (
            f"{before} - {rate} · {whole} = {before} - {bracketed(scene.show(round_.step[node]))}"
        )
        why = "Against the gradient, by the learning rate: the step that makes " + (
            "the loss smaller." if tape.loss else f"{objective(scene)} smaller."
        )
    if count > 1:
        total = numeral(scene, round_.total[node])
        why += f" The {count} samples' gradients add up to {total}" + (
            f"; divided by {count}: {numeral(scene, round_.accumulated[node])}." if mean else "."
        )
    return Explanation(
        step_name(scene, step), f"new {symbol}", formula, put_in, round_.after[node], why
    )


def shown_value(value: Any, digits: int) -> str:
    """A number, a list or a matrix as one line of text."""
    if isinstance(value, list):
        return "[" + " ".join(shown_value(each, digits) for each in value) + "]"
    return shown(value, digits)
