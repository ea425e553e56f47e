"""What stands in the circle of an operation where it is drawn."""

from __future__ import annotations

from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.operations.losses import LOSSES


def sign_of(tape: Tape, node: int) -> str:
    """The sign of an operation, the constants of its formula in it: `+`, `1/`, `^2`, `σ`."""
    kind, _, part = tape.opname(node).partition(".")
    if part == "term":
        return LOSSES[kind].sign
    operands = tape.operands(node).tolist()
    if part == "total":
        divisor = LOSSES[kind].divisor(len(operands))
        return "Σ" * (len(operands) > 1) + f"/{divisor}" * (divisor > 1) or "="
    operation = tape.operation(node)
    sign = kind if operation is None else operation.sign or operation.name
    numbers = [_written(tape, each) for each in operands]
    if len(numbers) != 2 or not any(numbers):
        return sign
    return f"{numbers[0]}{sign}{numbers[1]}"


def _written(tape: Tape, node: int) -> str:
    """A constant as it stands in the file; "" for any other value."""
    return tape.constant_text(node) if node in tape.constant_ids else ""
