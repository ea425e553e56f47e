"""The inside of an operation, as an explanation: the smaller steps a function is made of.

A function is one step: by hand it is rounded once, at its end. So the numbers inside are kept in
full, and the last of them is the value of the step itself, in both arithmetics.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import UPDATE, Step
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.operations.operation import SubStep
from nnhs_tui.operations.table import OPERATIONS


def can_open(tape: Tape, step: Step) -> bool:
    """Whether the operation of a step has an inside to look at."""
    if step.phase == UPDATE or step.is_join:
        return False
    return open_place(tape, step.node) is not None


def open_place(tape: Tape, node: int) -> int | None:
    """The operand that an operation is a function of, where all others are constants: 1/x, x + 4.

    None where several change it: it has no curve then.
    """
    operation = tape.operation(node)
    if operation is None:
        return None
    if operation.is_single:
        return 0
    if operation.is_listed or not (tape.is_graph or tape.is_in_formula(node)):
        return None
    first = tape.leaves - len(tape.constants)
    operands = tape.operands(node).tolist()
    free = [n for n, each in enumerate(operands) if not first <= each < tape.leaves]
    return free[0] if len(free) == 1 else None


def why_not(tape: Tape, step: Step) -> str:
    """Why there is nothing to open, in words."""
    if step.phase == UPDATE:
        return "this is one step of the update: there is nothing inside"
    if step.is_join or tape.opname(step.node) == "sum":
        return "this is a sum: there is nothing inside"
    operation = tape.operation(step.node)
    if operation is not None and operation.is_product:
        return "this is one multiplication: there is nothing inside"
    return "this is a single operation: there is nothing inside"


def inside(record: Record, node: int) -> list[SubStep]:
    """What happens inside an operation, forward; the last value is the operation's own."""
    operation, place = OPERATIONS[record.tape.opname(node)], open_place(record.tape, node) or 0
    if operation.is_single:
        steps = operation.sub_steps(record.value[record.tape.operands(node)[0]])
    else:
        steps = [SubStep("a", operation.formula(texts_of(record.tape, node, place)))]
    return _ending(steps, record.value[node])


def inside_slope(record: Record, node: int) -> list[SubStep]:
    """What the local derivative is made of; the last value is the local derivative."""
    operation, place = OPERATIONS[record.tape.opname(node)], open_place(record.tape, node) or 0
    if operation.is_single:
        steps = operation.slope_sub_steps(record.value[node])
    else:
        texts = texts_of(record.tape, node, place)
        steps = [SubStep("slope", operation.slope(place, "{a}", texts).strip("()"))]
    return _ending(steps, record.local(node, place))


def texts_of(tape: Tape, node: int, place: int, symbol: str = "{z}") -> list[str]:
    """The operands of an operation as text: that at a place by a symbol, the others, which are
    constants, by their numbers."""
    operands = tape.operands(node).tolist()
    return [symbol if n == place else tape.constant_text(each) for n, each in enumerate(operands)]


def _ending(steps: list[SubStep], value: Any) -> list[SubStep]:
    return [*steps[:-1], replace(steps[-1], value=value)]
