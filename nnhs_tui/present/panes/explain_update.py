"""One step of an update in words: what the rule works out of a parameter, and its new value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nnhs_tui.autodiff.schedule import Step
from nnhs_tui.debugger.quantity import DECAY, NEW, NORM, STEP, G
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.numerals import as_decimal, plain
from nnhs_tui.operations.optimizer import BY_NORM, BY_VALUE
from nnhs_tui.present.panes.explanation import Explanation
from nnhs_tui.present.text.notation import bracketed, numeral, objective

LONG = 10
"""Characters from which on a learning rate that a schedule makes is written as its formula."""
LEAST = -4
"""Places behind the point from which on a small number of a file is written with an exponent."""


def explain_update(scene: Scene, step: Step) -> Explanation:
    """Explain a step of the update the scene is in."""
    if step.part == NORM:
        return _norm(scene)
    node, within = step.node, step.group[0]
    symbol = scene.names.symbol(node, within)
    name = f"{step.part} {scene.names.name(node)}"
    if scene.run.tape.frozen[node]:
        why = f"{scene.names.name(node)} is frozen: its gradient is shown, its value stays."
        formula, put_in = symbol, numeral(scene, scene.round.before[node])
    else:
        formula, put_in, why = _found(scene, step, symbol)
    count, optimizer = len(scene.group), scene.scenario.optimizer
    is_first = step.part == optimizer.steps[0] or scene.run.tape.frozen[node]
    if count > 1 and is_first:
        why += (
            f" The {count} samples' gradients add up to {numeral(scene, scene.round.total[node])}."
        )
    value = scene.round.number(step.part, node)
    return Explanation(name, f"{step.part} {symbol}", formula, put_in, value, why)


def rate_text(scene: Scene, symbol: str = "") -> str:
    """The learning rate of the update; of a schedule its formula, where the number is long.

    Args:
        symbol: how the rate is called in the formula; else its number.
    """
    optimizer, text = scene.scenario.optimizer, plain(scene.learning_rate)
    if optimizer.schedule is None:
        return symbol or text
    written = plain(scene.run.written_rate(scene.round_number))
    done = str(scene.round.given.count - 1)
    formula = f"({optimizer.schedule.told(symbol or written, 'k' if symbol else done)})"
    return formula if symbol or len(text) > LONG else text


def exact_text(number: Decimal) -> str:
    """A number of a file in full, a very small one with an exponent.

    >>> exact_text(Decimal("0.90")), exact_text(Decimal("0.00000001"))
    ('0.9', '1e-8')
    """
    if number and number.adjusted() < LEAST:
        digits, exponent = f"{number.normalize():e}".split("e")
        return f"{digits}e{int(exponent)}"
    return plain(number)


def _found(scene: Scene, step: Step, symbol: str) -> tuple[str, str, str]:
    """Formula, numbers and the sentence of a step of a parameter that is not frozen."""
    optimizer, node = scene.scenario.optimizer, step.node
    smaller = "the loss" if scene.run.tape.loss else objective(scene)
    gradient = _gradient_symbol(scene, node, step.group[0])
    if step.part == G:
        return _changed_gradient(scene, node, symbol, gradient)
    symbols = optimizer.symbols(gradient)
    if step.part != NEW:
        part = optimizer.part(step.part)
        assert part is not None
        formula = optimizer.formula(step.part, symbols)
        return formula, _with_division(scene, step), part.why
    decay = f"lr · λ · {symbol} - " if optimizer.decays_beside else ""
    formula = f"{symbol} - {decay}{optimizer.formula(STEP, symbols)}"
    why = optimizer.rule.why.format(smaller=smaller)
    if decay:
        why += " Weight decay shrinks the weight beside it."
    if optimizer.schedule is not None:
        why += f" The learning rate is lr = {_rate_told(scene)}, k updates done."
    return formula, _stepped(scene, step), why + _without_squares(scene, node)


def _rate_told(scene: Scene) -> str:
    """`0.1 · 0.5^⌊k/10⌋ = 0.05`."""
    text = plain(scene.learning_rate)
    formula = rate_text(scene, plain(scene.run.written_rate(scene.round_number)))[1:-1]
    return f"{formula} = {text}" if len(text) <= LONG else formula


def _gradient_symbol(scene: Scene, node: int, within: str) -> str:
    """`∂L/∂w11`; of several samples their sum, divided where it is."""
    count = len(scene.group)
    symbol = scene.names.gradient(scene.names.symbol(node, within), objective(scene))
    divisor = scene.scenario.reduction.divisor(count)
    if count > 1:
        symbol = f"Σ {symbol}"
    return f"({symbol})/{divisor}" if count > 1 and divisor > 1 else symbol


def _numbers(scene: Scene, step: Step, gradient: str | None = None) -> dict[str, str]:
    """The numbers that a formula of a step needs, as text; before it what is kept is the old."""
    optimizer, round_, node = scene.scenario.optimizer, scene.round, step.node
    known = {name: exact_text(each) for name, each in optimizer.numbers.items()}
    new = {name: array[node] for name, array in round_.numbers.items()}
    old = {name: each[node] for name, each in zip(optimizer.keeps, round_.state, strict=True)}
    for name, each in new.items():
        value = old[name] if name == step.part and name in old else each
        known[name] = bracketed(numeral(scene, value))
    if not optimizer.has_g:
        known[G] = gradient or bracketed(numeral(scene, round_.accumulated[node]))
    return {**known, "lr": rate_text(scene), "k": str(round_.given.count)}


def _with_division(scene: Scene, step: Step) -> str:
    """The numbers put in; for the mean of samples first with the division, at the first step."""
    optimizer, count = scene.scenario.optimizer, len(scene.group)
    kind = STEP if step.part == NEW else step.part
    text = optimizer.formula(kind, _numbers(scene, step))
    divisor = scene.scenario.reduction.divisor(count)
    if count == 1 or divisor == 1 or step.part != optimizer.steps[0]:
        return text
    total = bracketed(numeral(scene, scene.round.total[step.node]))
    return f"{optimizer.formula(kind, _numbers(scene, step, f'{total}/{divisor}'))} = {text}"


def _stepped(scene: Scene, step: Step) -> str:
    """`0.50 - 0.1 · 0.20 = 0.50 - 0.02`: the old value less what is taken off, then worked out."""
    optimizer, round_, node = scene.scenario.optimizer, scene.round, step.node
    before = numeral(scene, round_.before[node])
    decayed = worked_decay = ""
    if optimizer.decays_beside:
        amount = exact_text(optimizer.weight_decay) if scene.run.tape.decays[node] else "0"
        decayed = f"{rate_text(scene)} · {amount} · {bracketed(before)} - "
        worked_decay = f"{bracketed(scene.show(round_.numbers[DECAY][node]))} - "
    ways = [f"{before} - {decayed}{text}" for text in _with_division(scene, step).split(" = ")]
    worked = f"{before} - {worked_decay}{bracketed(scene.show(round_.step[node]))}"
    return " = ".join([*ways, worked])


def _changed_gradient(scene: Scene, node: int, symbol: str, gradient: str) -> tuple[str, str, str]:
    """`g`: the gradient clipped, and weight decay added."""
    optimizer, round_ = scene.scenario.optimizer, scene.round
    used = round_.accumulated[node]
    formula, put_in, why = gradient, bracketed(numeral(scene, used)), ""
    divisor = scene.scenario.reduction.divisor(len(scene.group))
    if len(scene.group) > 1 and divisor > 1:
        put_in = f"{bracketed(numeral(scene, round_.total[node]))}/{divisor}"
    clip = optimizer.clip
    if clip is not None:
        limit, is_over = exact_text(clip.limit), _is_over(scene, node)
        if is_over and clip.kind == BY_NORM:
            formula = f"{gradient} · {limit} / n"
            put_in = (
                f"{bracketed(numeral(scene, used))} · {limit} / {scene.show(round_.given.norm)}"
            )
            why = (
                f"All gradients together have the size n, over {limit}: each is made smaller alike."
            )
        elif is_over:
            formula = put_in = f"-{limit}" if used < 0 else limit
            why = f"The gradient {numeral(scene, used)} is cut off at {formula}."
        else:
            why = f"The gradient stays as it is: clipping begins at {limit}."
    if optimizer.adds_decay:
        decays = bool(scene.run.tape.decays[node])
        if decays:
            formula = f"{formula} + λ · {symbol}"
            before = bracketed(numeral(scene, round_.before[node]))
            put_in = f"{put_in} + {exact_text(optimizer.weight_decay)} · {before}"
        told = "Weight decay adds λ times the weight, so that the weight shrinks."
        why = f"{why} {told if decays else 'Biases do not decay.'}".strip()
    return formula, put_in, why


def _is_over(scene: Scene, node: int) -> bool:
    """Whether clipping changes a gradient."""
    clip, round_ = scene.scenario.optimizer.clip, scene.round
    assert clip is not None
    size = abs(round_.accumulated[node]) if clip.kind == BY_VALUE else round_.given.norm
    return bool(as_decimal(size) > clip.limit)


MOST_SQUARES = 8
"""Squares that are written out; of more the first."""


def _norm(scene: Scene) -> Explanation:
    """The size of all gradients together."""
    round_, clip = scene.round, scene.scenario.optimizer.clip
    assert clip is not None
    gradients = round_.accumulated[~scene.run.tape.frozen]
    listed = [f"{bracketed(numeral(scene, each))}²" for each in gradients[:MOST_SQUARES].tolist()]
    text = " + ".join([*listed, *(["…"] if len(gradients) > MOST_SQUARES else [])])
    symbol = scene.names.gradient("w", objective(scene))
    norm, limit = round_.given.norm, exact_text(clip.limit)
    is_over = bool(as_decimal(norm) > clip.limit)
    told = (
        f"It is over {limit}, so that all are made smaller."
        if is_over
        else (f"It is not over {limit}, so that all stay as they are.")
    )
    why = f"The size of all gradients together, the root of their squares' sum. {told}"
    return Explanation(NORM, "n", f"√(Σ ({symbol})²)", f"√({text})", norm, why)


def _without_squares(scene: Scene, node: int) -> str:
    """What has happened where the squares are 0 by rounding and the gradient is not."""
    optimizer, round_ = scene.scenario.optimizer, scene.round
    squares = optimizer.rule.squares
    if not squares or round_.numbers[squares][node] != 0 or not _used(scene, node):
        return ""
    epsilon = exact_text(optimizer.numbers["epsilon"])
    result = "the step is very large" if round_.step[node] else "above it 0 is left too"
    return (
        f" {squares} is 0 though the gradient is not: {scene.digits} decimals lose its square."
        f" Only ε = {epsilon} is left below the line, and {result}: carry more decimals."
    )


def _used(scene: Scene, node: int) -> Any:
    """The gradient that the rule uses."""
    round_ = scene.round
    return round_.numbers[G][node] if G in round_.numbers else round_.accumulated[node]
