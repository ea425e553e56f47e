"""Steps of a graph with matrices above the level of single operations: the matrix equation of a
named node with its shapes, or one entry of it, row times column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnhs_tui.autodiff.matrices import Block
from nnhs_tui.autodiff.schedule import FORWARD, UPDATE, Step
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.matrices.shapes import told
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.text.notation import chain, operand_text, shown_value

Row = tuple[str, str, str, Any]
"""name, formula, numbers, value."""

LARGEST = 64
"""Entries of a matrix that is written out; of a larger one its shape is."""


def whole_node(scene: Scene, steps: Sequence[Step]) -> Row | None:
    """The step of a whole matrix; None where a named node of single numbers is in work."""
    tape = scene.run.tape
    block = block_of(tape, steps[0])
    if block is None:
        return None
    if steps[0].phase == FORWARD:
        return _forward(scene, block)
    if steps[0].phase == UPDATE:
        return _update(scene, block) if block.is_matrix else None
    return _backward(scene, block, steps)


def block_of(tape: Tape, step: Step) -> Block | None:
    """The parameter, or the named node, that a step belongs to, where matrices are in it."""
    name = step.group[0].partition("[")[0]
    found = next((each for each in tape.blocks if each.name == name), None)
    if found is None or found.is_matrix or step.phase == UPDATE:
        return found
    return found if any(each.is_matrix for each in used(tape, name)) else None


def used(tape: Tape, owner: str) -> list[Block]:
    """What a named node uses, each once, in the order of its expression."""
    expression = next((each for each in tape.expressions if each.owner == owner), None)
    if expression is None:
        return []
    by_name = {each.name: each for each in tape.blocks}
    return [by_name[name] for name in expression.uses]


def one_entry(scene: Scene, steps: Sequence[Step]) -> Row:
    """Forward an entry: its products stand in their sum, row times column."""
    tape = scene.run.tape
    products: dict[int, tuple[str, str]] = {}
    formulas, numbers = [], []
    for step in steps:
        found = explain_step(scene, step)
        operands = tape.operands(step.node).tolist()
        operation = tape.operation(step.node)
        if operation is not None and operation.in_sum:
            products[step.node] = found.formula, found.numbers
            continue
        formula, put_in = found.formula, found.numbers
        if products and all(each in products for each in operands):
            formula = " + ".join(products[each][0] for each in operands)
            put_in = chain(" + ".join(products[each][1] for each in operands), put_in)
        formulas.append(f"{found.result} = {formula}")
        numbers.append(chain(put_in, shown_value(found.value, scene.digits)))
    last = steps[-1].node
    value = scene.record.value[last]
    return scene.names.name(last), "; ".join(formulas), "; ".join(numbers), [value]


def listed(block: Block, array: np.ndarray) -> list[Any]:
    """A number as a list, a row as a list, a matrix as a list of rows."""
    entries = [array[each] for each in block.ids]
    return entries if block.shape[0] == 1 else block.rows(entries)


def equations(tape: Tape) -> Iterator[str]:
    """Every named node as it is written, with the shapes: `Z (2×1) = X (2×2) @ W (2×1) + b`."""
    for expression in tape.expressions:
        block = next(each for each in tape.blocks if each.name == expression.owner)
        yield equation(tape, block)


def equation(tape: Tape, block: Block) -> str:
    """One of them."""
    expression = next(each for each in tape.expressions if each.owner == block.name)
    return f"{with_shape(block)} = {_with_shapes(expression.text, used(tape, block.name))}"


def _forward(scene: Scene, block: Block) -> Row:
    value, tape = scene.record.value, scene.run.tape
    formula = equation(tape, block)
    parts = [f"{each.name} = {_text(scene, each, value)}" for each in used(tape, block.name)]
    numbers = "; ".join([*parts, f"{block.name} = {_text(scene, block, value)}"])
    return block.name, formula, numbers, listed(block, value)


def with_shape(block: Block) -> str:
    """`Z (2×1)`; of a number the name."""
    return f"{block.name} ({told(block.shape)})" if block.is_matrix else block.name


def _with_shapes(text: str, blocks: Sequence[Block]) -> str:
    shapes = {each.name: with_shape(each) for each in blocks}
    return re.sub(r"[^\W\d]\w*", lambda word: shapes.get(word[0], word[0]), text)


def _text(scene: Scene, block: Block, array: np.ndarray) -> str:
    if len(block.ids) > LARGEST:
        return f"({told(block.shape)})"
    if not block.is_matrix:
        return operand_text(scene, array[block.ids[0]])
    return operand_text(scene, listed(block, array))


def _backward(scene: Scene, block: Block, steps: Sequence[Step]) -> Row:
    """What a node hands back to what it uses: the sum of its own terms, entry by entry."""
    record, tape = scene.record, scene.run.tape
    nothing = record.arithmetic.one * 0
    sent: dict[int, Any] = {}
    for step in steps:
        if step.place is not None and step.target is not None:
            term = record.arriving(step.node, step.place)
            sent[step.target] = sent.get(step.target, nothing) + term
    into = [each for each in used(tape, block.name) if any(node in sent for node in each.ids)]
    names = ", ".join(f"grad {with_shape(each)}" for each in into)
    numbers = [f"grad {block.name} = {_text(scene, block, record.gradient)}"]
    values: list[Any] = []
    for each in into:
        found = [sent.get(node, nothing) for node in each.ids]
        values += found
        rows = found if each.shape[0] == 1 else each.rows(found)
        is_short = len(found) <= LARGEST
        shown = shown_value(rows if each.is_matrix else found[0], scene.digits)
        numbers.append(f"to {each.name} {shown if is_short else told(each.shape)}")
    formula = f"from grad {with_shape(block)} back to {names}"
    return f"backward {block.name}", formula, "; ".join(numbers), values


def _update(scene: Scene, block: Block) -> Row:
    before, taken, after = scene.round.before, scene.taken, scene.round.after
    rule = scene.scenario.optimizer
    name = block.name
    numbers = f"{_text(scene, block, before)} - {_text(scene, block, taken)}"
    numbers += f" = {_text(scene, block, after)}"
    frozen = [scene.names.name(each) for each in block.ids if scene.run.tape.frozen[each]]
    formula = f"new {name} = {name} - {rule.short('lr', f'd{name}')}"
    formula += f"; frozen: {', '.join(frozen)}" if frozen else ""
    return f"new {name}", formula, numbers, listed(block, after)
