"""In which order gradients go back through a graph."""

from __future__ import annotations

import numpy as np

from nnhs_tui.autodiff.tape import Tape


def back_order(tape: Tape) -> np.ndarray:
    """(operations,) int32: places of the operations in the order in which gradients go back.

    The named nodes from the last to the first. In one of matrices entry by entry, and for each
    entry from its result back, what stands side by side in the order of the file's rows, so that
    gradients are added up row by row. Where entries share what they are made of, that comes when
    all of them are done. A node of numbers, and all of a graph without matrices, is just reversed.
    """
    places = np.arange(len(tape.op), dtype=np.int32)
    if not tape.has_matrices:
        return places[::-1]
    height, entry = _heights(tape), tape.entry.copy()
    entry[_shares_entries(tape)[tape.owner]] = 0
    order: np.ndarray = np.lexsort((places, height, entry, -tape.owner)).astype(np.int32)
    return order


def _heights(tape: Tape) -> np.ndarray:
    """(operations,) how many operations of the same named node stand between it and a result.

    Of a node of numbers each one behind the other: it is gone through in reverse.
    """
    height = [0] * len(tape.op)
    owners, firsts, inputs = tape.owner.tolist(), tape.first.tolist(), tape.inputs.tolist()
    is_matrix = [bool(each.own_names) for each in tape.expressions]
    for place in range(len(height) - 1, -1, -1):
        owner, next_height = owners[place], height[place] + 1
        if not is_matrix[owner]:
            if place and owners[place - 1] == owner:
                height[place - 1] = next_height
            continue
        for each in inputs[firsts[place] : firsts[place + 1]]:
            operand = each - tape.leaves
            if operand >= 0 and owners[operand] == owner and height[operand] < next_height:
                height[operand] = next_height
    return np.array(height, np.int32)


def _shares_entries(tape: Tape) -> np.ndarray:
    """(named nodes,) bool: in which an entry uses what was worked out for another."""
    user = np.repeat(np.arange(len(tape.op)), np.diff(tape.first))
    operand = tape.inputs - tape.leaves
    user, operand = user[operand >= 0], operand[operand >= 0]
    is_shared = (tape.owner[user] == tape.owner[operand]) & (
        tape.entry[user] != tape.entry[operand]
    )
    found = np.zeros(len(tape.owners), bool)
    found[tape.owner[user[is_shared]]] = True
    return found
