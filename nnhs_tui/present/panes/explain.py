"""One step in words: its name, its formula in symbols and in numbers, and the sentence why."""

from __future__ import annotations

from nnhs_tui.autodiff.schedule import FORWARD, UPDATE, Step
from nnhs_tui.debugger.naming.reading import path_node
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.losses import LOSSES, Loss
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.softmax import softmax_exponentials
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.panes.explain_update import explain_update
from nnhs_tui.present.panes.explanation import Explanation
from nnhs_tui.present.text.notation import bracketed, chain, factor, numeral, objective, tidy


def explain(scene: Scene, index: int | None = None) -> Explanation:
    """Explain the step at `index` of the scene's round (default: the scene's own)."""
    step = scene.step if index is None else scene.run.schedule.step(index)
    return explain_step(scene, step)


def explain_step(scene: Scene, step: Step) -> Explanation:
    """Explain a step of the sample (or the update) the scene is in."""
    if step.phase == FORWARD:
        return _forward(scene, step)
    if step.phase == UPDATE:
        return explain_update(scene, step)
    return _join(scene, step) if step.is_join else _backward(scene, step)


def step_name(scene: Scene, step: Step) -> str:
    """The name of the quantity a step finds."""
    if step.phase == FORWARD:
        return scene.names.name(step.node)
    if step.phase == UPDATE:
        return step.part if step.node < 0 else f"{step.part} {scene.names.name(step.node)}"
    assert step.target is not None
    name = f"grad {scene.names.name(step.target)}"
    if step.is_join or len(scene.run.schedule.arrivals(step.target)) == 1:
        return name
    return f"{name} via {scene.names.name(path_node(scene.run.schedule, step.node))}"


def _symbols(scene: Scene, step: Step, node: int) -> list[str]:
    within, constants = step.group[0], scene.run.tape.constant_ids
    return [
        _constant(scene, each) if each in constants else scene.names.symbol(each, within)
        for each in scene.run.tape.operands(node).tolist()
    ]


def _numbers(scene: Scene, node: int) -> list[str]:
    value, constants = scene.record.value, scene.run.tape.constant_ids
    return [
        bracketed(_constant(scene, each))
        if each in constants
        else _starred(bracketed(numeral(scene, value[each])), scene.value_differs(each))
        for each in scene.run.tape.operands(node).tolist()
    ]


def _constant(scene: Scene, node: int) -> str:
    """A number of a formula: `2`, or `pi` by its name."""
    tape = scene.run.tape
    named = tape.constants[node - tape.constant_ids.start].name
    return named or plain(scene.record.value[node])


def _starred(text: str, differs: bool) -> str:
    """A number inside a formula; a star says that it is another one than without the edits."""
    return f"*{text}" if differs else text


def _gradient_symbol(scene: Scene, node: int, within: str) -> str:
    return scene.names.gradient(scene.names.symbol(node, within), objective(scene))


def _forward(scene: Scene, step: Step) -> Explanation:
    node = step.node
    value = scene.record.value[node]
    symbols, numbers = _symbols(scene, step, node), _numbers(scene, node)
    opname = scene.run.tape.opname(node)
    kind, _, part = opname.partition(".")
    if part == "term":
        template = LOSSES[kind].term_formula
        formula, put_in = (template.format(o=t[0], t=t[1]) for t in (symbols, numbers))
        why = LOSSES[kind].why
        if LOSSES[kind].skips_zeros and _is_no_term(scene, node):
            put_in = "0"
    elif part == "total":
        loss = LOSSES[kind]
        formula, put_in = (_total(loss, texts) for texts in (symbols, numbers))
        why = f"The loss, {loss.title}: L = {loss.convention}."
    else:
        operation = OPERATIONS[opname]
        formula, put_in = operation.formula(symbols), tidy(operation.formula(numbers))
        if operation.of_layer:
            formula, put_in = _softmax(scene, node, symbols)
        in_graph = operation.what_in_graph if scene.run.tape.is_graph else ""
        why = in_graph or operation.what
    return Explanation(
        scene.names.name(node),
        scene.names.symbol(node, step.group[0]),
        formula,
        put_in,
        value,
        why,
    )


def _is_no_term(scene: Scene, node: int) -> bool:
    """Whether the target of a term of the loss is 0."""
    return bool(scene.record.value[scene.run.tape.operands(node)[1]] == 0)


SHIFTED = " - max z"
"""Behind each z of a softmax from which the largest was taken off."""


def _softmax(scene: Scene, node: int, symbols: list[str]) -> tuple[str, str]:
    """exp(z1) / (exp(z1) + exp(z2)), and the same with the exponentials as numbers."""
    ar = scene.run.arithmetic
    place = node - int(scene.run.tape.outputs[0])
    with ar.protected():
        e, shifted = softmax_exponentials(ar, scene.record.value[scene.run.tape.operands(node)])
    off = SHIFTED if shifted and ar.name == "hand" else ""
    if shifted and ar.name == "exact":
        # The same shares; these are the numbers one would work out by hand.
        with ar.protected():
            plain_e = ar.function("exp", scene.record.value[scene.run.tape.operands(node)])
        usable = bool(ar.all_finite(plain_e)) and bool(plain_e.sum() > 0)
        e, off = (plain_e, "") if usable else (e, SHIFTED)
    powers, numbers = [f"exp({z}{off})" for z in symbols], [scene.show(each) for each in e]
    formula = OPERATIONS[scene.run.tape.opname(node)].formula
    return formula([powers[place], *powers]), formula([numbers[place], *numbers])


def _total(loss: Loss, texts: list[str]) -> str:
    total, divisor = OPERATIONS["sum"].formula(texts), loss.divisor(len(texts))
    bracketed_total = f"({total})" if len(texts) > 1 else total
    return f"1/{divisor}·{bracketed_total}" if divisor > 1 else total


def _backward(scene: Scene, step: Step) -> Explanation:
    assert step.target is not None and step.place is not None
    record, within = scene.record, step.group[0]
    local_value, upstream = record.local(step.node, step.place), record.upstream(step.node)
    value = record.arriving(step.node, step.place)
    slope, slope_numbers, why = _slope(scene, step)
    # A slope that is a whole number by its nature needs no decimals.
    is_whole = slope in ("1", "-1")
    local_text = slope if is_whole else numeral(scene, local_value)
    local_differs = not is_whole and scene.differs_beside(
        lambda here: here.record.local(step.node, step.place)  # type: ignore[arg-type]
    )
    target = scene.names.symbol(step.target, within)
    is_loss = within == "loss" and not scene.run.tape.is_graph
    node = "L" if is_loss else scene.names.symbol(step.node, within)
    arrives = scene.names.gradient(node, objective(scene))
    return Explanation(
        step_name(scene, step),
        _gradient_symbol(scene, step.target, within) + _via(scene, step),
        slope if is_loss else f"{arrives} · {factor(slope)}",
        slope_numbers
        if is_loss
        else " · ".join(
            (
                _starred(bracketed(numeral(scene, upstream)), scene.gradient_differs(step.node)),
                _starred(bracketed(local_text), local_differs),
            )
        ),
        value,
        why,
        local=chain(f"∂{node}/∂{target}", slope, slope_numbers, local_text),
        arrives=f"{arrives} = {numeral(scene, upstream)}",
        running=_running(scene, step),
    )


def _via(scene: Scene, step: Step) -> str:
    """` via z1` where several paths join."""
    assert step.target is not None
    if len(scene.run.schedule.arrivals(step.target)) == 1:
        return ""
    return f" via {scene.names.symbol(path_node(scene.run.schedule, step.node), step.group[0])}"


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
        template = loss.slope_formula
        texts = [template.format(o=t[0], t=t[1], n=tape.loss.n) for t in (symbols, numbers)]
        if loss.skips_zeros and _is_no_term(scene, node):
            texts[1] = "0"
        if tape.loss.n == 1:
            texts = [t.replace("(2/1)", "2").removesuffix(" / 1") for t in texts]
        why = f"The derivative of {loss.article}{loss.title}, L = {loss.convention}."
        return texts[0], texts[1], why
    operation = OPERATIONS[opname]
    result = scene.names.symbol(node, step.group[0])
    result_number = bracketed(numeral(scene, scene.record.value[node]))
    place = step.place
    if operation.of_layer:
        others = [0 if each == node else each for each in tape.outputs.tolist()]
        symbols = [scene.names.symbol(a, step.group[0]) if a else "" for a in others]
        value = scene.record.value
        numbers = [bracketed(numeral(scene, value[a])) if a else "" for a in others]
    slope = operation.slope(place, result, symbols)
    # A choice between 1 and 0 is read in symbols; its outcome is the number.
    is_choice = " if " in slope
    return (
        slope,
        slope if is_choice else tidy(operation.slope(place, result_number, numbers)),
        operation.why(place, result, symbols),
    )


def _running(scene: Scene, step: Step) -> str:
    """The sum so far where several paths join, or several samples; "" where there is only one."""
    assert step.target is not None
    arrivals = scene.run.schedule.arrivals(step.target)
    if len(arrivals) == 1:
        return _over_samples(scene, step.target)
    paths = scene.record.joined(step.target, arrivals)
    assert step.place is not None
    count = paths.place[step.node, step.place] + 1
    # Of a long sum only the ends are shown; thousands of numbers need not be written for that.
    ends = [*range(min(count, 16)), *range(max(count - 2, 16), count)]
    texts = [""] * count
    for each in ends:
        texts[each] = bracketed(numeral(scene, paths.terms[each]))
    total = numeral(scene, paths.sums[count - 1])
    listed = OPERATIONS["sum"].formula(texts)
    return f"0 + {listed} = {total}   ({count} of {len(arrivals)} paths)"


def _over_samples(scene: Scene, target: int) -> str:
    """A parameter's gradient added to those of the samples before."""
    count, place = len(scene.group), scene.sample - scene.group[0]
    if count == 1 or target >= scene.run.tape.parameters:
        return ""
    before, own = scene.earlier[target], scene.record.gradient[target]
    first = "0" if place == 0 else bracketed(numeral(scene, before))
    total = numeral(scene, before + own)
    own_text = bracketed(numeral(scene, own))
    return f"{first} + {own_text} = {total}   ({place + 1} of {count} samples)"


def _join(scene: Scene, step: Step) -> Explanation:
    assert step.target is not None
    within, record = step.group[0], scene.record
    arrivals = scene.run.schedule.arrivals(step.target)
    symbol = _gradient_symbol(scene, step.target, within)
    paths = [
        scene.names.symbol(path_node(scene.run.schedule, each.node), within) for each in arrivals
    ]
    terms = [record.arriving(each.node, each.place) for each in arrivals]
    listed = OPERATIONS["sum"].formula
    target = scene.names.symbol(step.target, within)
    return Explanation(
        step_name(scene, step),
        symbol,
        listed([f"(via {path})" for path in paths]),
        listed([bracketed(numeral(scene, each)) for each in terms]),
        record.gradient[step.target],
        running=_over_samples(scene, step.target),
        why=f"{target} is used {len(paths)} times, so what comes back along the paths is added up.",
    )
