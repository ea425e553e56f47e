"""What stands on a sheet in words: how to round, and what is calculated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.autodiff.tape import CODE, LayerBlock, LossBlock, Tape
from nnhs_tui.debugger.session import Session
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import plain, shown
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.operations.update_rules import symbol
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.explain_update import exact_text
from nnhs_tui.present.panes.matrix_steps import equations
from nnhs_tui.present.text.data_told import data_told
from nnhs_tui.present.text.notation import objective

FIND = (
    "Somebody has filled this in and made one mistake; what comes after goes on rightly from it. "
    "Which is the first wrong number, what should it be, and what was the mistake?"
)
"""What is to be done with a sheet that has a mistake in it."""
MOST_LISTED = 6
"""Samples that are listed by their numbers."""

_CIRCUIT = "1/C, where A = -z, B = exp(A), C = 1 + B"

_SHIFT = "; if an exp(z) is over 10^12, or all round to 0, first take the largest z off each z"
"""What hand arithmetic does where the exponentials alone cannot be carried on (softmax.py)."""


def rules(digits: int, arithmetic: str) -> tuple[str, ...]:
    """How answers are to be rounded.

    >>> rules(2, "exact")[0]
    'Give 2 decimals; round half away from zero (0.285 → 0.29).'
    """
    wanted = "whole numbers" if not digits else counted(digits, "decimal")
    example = Decimal(285).scaleb(-digits - 1)
    first = f"Give {wanted}; round half away from zero ({plain(example)} → "
    first += f"{shown(example, digits)})."
    if arithmetic == "hand":
        return (
            first,
            "Hand arithmetic: round every result before you use it again, each product and "
            "each slope too; a slope such as a·(1 - a) is rounded once, when it is finished.",
        )
    return (
        first,
        "Exact arithmetic: calculate with all the decimals you have; round only what you write.",
    )


def facts(
    session: Session, level: str, phases: Collection[str], *, by_neurons: bool = False
) -> tuple[str, ...]:
    """The formulas of the model and of the training, and what the names mean."""
    scene, tape = session.scene(), session.tape
    by_hand = session.arithmetic_name == "hand"
    layers = [_layer(each, by_hand, by_neurons) for each in tape.layers]
    found = _operations(session, level) if tape.is_graph else layers
    found += _definitions(tape)
    if tape.loss is not None:
        found.append(_loss(tape.loss))
    elif not tape.is_graph and BACKWARD in phases:
        found.append("There is no loss: the gradient that arrives at the outputs is given.")
    if BACKWARD in phases or UPDATE in phases:
        found.append(f"grad q is ∂{objective(scene)}/∂q, for any quantity q.")
    if UPDATE in phases and tape.parameters:
        found.append(_update(session, f"∂{objective(scene)}/∂w"))
    if told := list(data_told(session.scenario, session.digits)):
        found.append(f"Given are {'; '.join(told)}.")
    found += _about_samples(session)
    if UPDATE in phases and session.scenario.frozen:
        frozen = ", ".join(sorted(session.scenario.frozen))
        found.append(f"Frozen, so the update leaves them as they are: {frozen}.")
    return (*found, *_names(session, level, phases, by_neurons))


def _update(session: Session, gradient: str) -> str:
    """The rule, and what it keeps from update to update."""
    scenario = session.scenario
    optimizer, rate = scenario.optimizer, plain(scenario.learning_rate)
    text = f"Update: new w = w - {optimizer.whole_step(gradient)}, with lr = {rate}"
    if optimizer.schedule is not None:
        text += f", or of later updates {optimizer.schedule.told(rate, 'k')}, k updates done"
    numbers = [f"{symbol(name)} = {exact_text(each)}" for name, each in optimizer.numbers.items()]
    if optimizer.weight_decay:
        numbers.append(f"λ = {exact_text(optimizer.weight_decay)}, not for biases")
    if optimizer.rule.is_corrected:
        numbers.append("k = 1 in the first update, 2 in the second and so on")
    return "; ".join([text, *optimizer.told(gradient), *numbers])


def _definitions(tape: Tape) -> list[str]:
    """What the signs in the formulas stand for."""
    used = dict.fromkeys(tape.op.tolist())
    rows = [OPERATIONS[name] for name in map(CODE.names.__getitem__, used) if name in OPERATIONS]
    return [row.definition for row in rows if row.definition]


def _layer(layer: LayerBlock, by_hand: bool, by_neurons: bool) -> str:
    bias = " + b" if layer.bias is not None else ""
    product = "z = W·x" if by_neurons else "Z = X·W"
    text = f"{layer.name} ({layer.n}→{layer.m}): {product}{bias}"
    if not layer.called:
        return text
    formula = _CIRCUIT if layer.is_circuit else layer.applied("z")
    if layer.operation is not None and not layer.is_circuit:
        formula = layer.operation.short
    return f"{text}; of each neuron a = {formula}" + _SHIFT * (by_hand and layer.is_softmax)


def _loss(block: LossBlock) -> str:
    loss = block.loss
    count = f", with n = {block.n}" if loss.divided_by is None else ""
    term = loss.term_formula.format(o="o", t="t")
    divisor = loss.divisor(block.n)
    divided = f", divided by {divisor}" if divisor > 1 else ""
    return (
        f"Loss, {loss.title}: L = {loss.convention}{count}; loss[k] is the term {term} of output k "
        f"and its target, and loss is the sum of these terms{divided}"
    )


def _operations(session: Session, level: str) -> list[str]:
    """A graph's operations as formulas, several on a line; above them, of matrices, equations."""
    if session.tape.has_matrices and level != "node":
        return list(equations(session.tape))
    scene, schedule = session.scene(), session.schedule
    told = [explain_step(scene, schedule.step(index)) for index in range(schedule.forward)]
    formulas = [f"{each.result} = {each.formula}" for each in told]
    lines, line = [], ""
    for formula in formulas:
        if line and len(line) + len(formula) > 80:
            lines.append(line)
            line = ""
        line += f";  {formula}" if line else formula
    lines.append(line)
    return lines


def _about_samples(session: Session) -> list[str]:
    scenario = session.scenario
    if len(scenario.samples) == 1:
        return []
    way = f"their {scenario.reduction.name}"
    if scenario.update is not None:
        every = session.schedule.per_update
        behind = "each sample" if every == 1 else f"every {every} samples"
        several = "" if every == 1 else f", from {way}"
        return [
            f"There are {len(scenario.samples)} samples. The parameters are updated behind {behind}"
            f"{several}; what comes next begins with the new ones. The loss of all is {way}."
        ]
    return [
        f"There are {len(scenario.samples)} samples. The loss and the gradients of all of them "
        f"are {way}; the update uses those."
    ]


def _names(session: Session, level: str, phases: Collection[str], by_neurons: bool) -> list[str]:
    """How to read the names of matrices' entries."""
    if session.tape.is_graph:
        return []
    name = session.tape.layers[0].name
    place = "row j, column i" if by_neurons else "row i, column j"
    texts = [f"{name}.W[i,j] is the weight from input i to neuron j: {place} of W"]
    if level == "node" and FORWARD in phases:
        texts.append(f"{name}.p[i,j] is that weight times its input")
    if level == "node" and BACKWARD in phases:
        texts.append(f"“via {name}.z[j]” is the part of a gradient that comes back along that path")
    return ["Names: " + "; ".join(texts) + "."]


def heading(session: Session, phase: str, sample: int | None) -> str:
    """The title of a phase of a sample (from 0)."""
    tape = session.tape
    end = f"the output {objective(session.scene())}" if tape.is_graph else "the outputs"
    end = "the loss" if tape.loss is not None else end
    words = {
        FORWARD: f"Forward: from the inputs to {end}",
        BACKWARD: f"Backward: from {end} to the inputs",
        UPDATE: "Update: the new parameters",
    }[phase]
    if sample is None or len(session.scenario.samples) == 1:
        return words
    return f"Sample {sample + 1}. {words}"


def others_title(samples: Sequence[int]) -> str:
    """The title of what is given of the samples that are not asked (from 0).

    >>> others_title([1]), others_title([1, 2, 3]), others_title([0, 2])
    ('Sample 2 (given)', 'Samples 2 to 4 added up (given)', 'Samples 1 and 3 added up (given)')
    """
    if len(samples) == 1:
        return f"Sample {samples[0] + 1} (given)"
    first, last = samples[0] + 1, samples[-1] + 1
    if len(samples) > 2 and last - first == len(samples) - 1:
        return f"Samples {first} to {last} added up (given)"
    if len(samples) > MOST_LISTED:
        return "The samples that are not asked, added up (given)"
    numbers = [str(each + 1) for each in samples]
    return f"Samples {', '.join(numbers[:-1])} and {numbers[-1]} added up (given)"


def unseen_told(mistakes: Iterable[str]) -> list[str]:
    """What a key says of the mistakes, in words, that its sheet cannot show; nothing of none."""
    told = "; ".join(mistakes)
    return [f"On this sheet it makes no difference that shows whether {told}."] if told else []
