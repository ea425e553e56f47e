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
    operation = tape.operation(step.node)
    return operation is not None and operation.is_single


def why_not(tape: Tape, step: Step) -> str:
    """Why there is nothing to open, in words."""
    if step.phase == UPDATE:
        return "this is one subtraction: there is nothing inside"
    if step.is_join or tape.opname(step.node) == "sum":
        return "this is a sum: there is nothing inside"
    operation = tape.operation(step.node)
    if operation is not None and operation.is_product:
        return "this is one multiplication: there is nothing inside"
    return "this is a single operation: there is nothing inside"


def inside(record: Record, node: int) -> list[SubStep]:
    """What happens inside an operation, forward; the last value is the operation's own."""
    z = record.value[record.tape.operands(node)[0]]
    steps = OPERATIONS[record.tape.opname(node)].sub_steps(z)
    return _ending(steps, record.value[node])


def inside_slope(record: Record, node: int) -> list[SubStep]:
    """What the local derivative is made of; the last value is the local derivative."""
    steps = OPERATIONS[record.tape.opname(node)].slope_sub_steps(record.value[node])
    return _ending(steps, record.local(node, 0))


def _ending(steps: list[SubStep], value: Any) -> list[SubStep]:
    return [*steps[:-1], replace(steps[-1], value=value)]
