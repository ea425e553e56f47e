"""A layer's step of all samples as one matrix, a row a sample: beside the steps, which are those of
the samples one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.labels import counted
from nnhs_tui.operations.reductions import Reduction
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, cells, clip, fit, run, wrap

MOST_ROWS = 40
"""Of a matrix that is listed; of a larger one the first ones."""


def batch_page(session: Session) -> Page:
    """The layer of the step in work, for all samples of the update in work at once.

    Raises:
        Refusal: it is a graph, which has no layers.
    """
    if session.tape.is_graph:
        raise Refusal("a graph has no layers: its samples are stepped one after the other")
    layers = {layer.name: layer for layer in session.tape.layers}
    last = session.tape.layers[-1]
    layer = layers.get(session.layer_in_work, last)
    found = list(_matrices(session, layer))

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for told, matrix in found:
            role = "backward title" if told.startswith("d") else "title"
            lines += wrap((run(told, role),), width)
            lines += [clip(line, width) for line in _drawn(matrix)]
            lines.append(())
        return [*lines, *wrap((run(_note(session), "dim"),), width)]

    which = "all samples"
    if session.run.groups.updates > 1:
        which = f"the samples of update {session.scene().update + 1}"
    return Page(f"{layer.name}, {which} as one matrix", text)


def _note(session: Session) -> str:
    count, group = counted(len(session.run.samples), "sample"), session.scene().group
    rows = f"Row k belongs to sample k of {count}."
    if session.run.groups.updates > 1:
        rows = (
            f"The first row belongs to sample {group[0] + 1} of {count}, the last to sample "
            f"{group[-1] + 1}; behind it the parameters are updated."
        )
    return (
        f"{rows} This is a view of round {session.round + 1}: the "
        "steps, and what trace prints, go through the samples one after the other."
    )


def _matrices(session: Session, layer: LayerBlock) -> Iterator[tuple[str, list[list[str]]]]:
    """What each matrix is, and its entries as they are shown."""
    scene, run_, number = session.scene(), session.run, session.round
    # Only samples that go into the same update are worked with the same parameters.
    count, made = len(scene.group), scene.round
    records = [run_.record(number, place) for place in scene.group]
    values = np.array([record.value for record in records])
    gradients = np.array([record.gradient for record in records])
    inputs = [layer.source + i * layer.source_step for i in range(layer.n)]
    z, a = [layer.z(j) for j in range(layer.m)], [layer.a(j) for j in range(layer.m)]

    def shown(array: Any) -> list[list[str]]:
        return [[scene.show(entry) for entry in row] for row in np.asarray(array).tolist()]

    def size(rows: int, columns: int) -> str:
        return f"({rows}×{columns})"

    x_name = "X" if layer.index == 0 else "X = A of the layer before"
    bias = " + b, b added to each row" if layer.bias is not None else ""
    weights = layer.matrix(made.before)
    yield f"{x_name} {size(count, layer.n)}", shown(values[:, inputs])
    yield f"W {size(layer.n, layer.m)}", shown(weights)
    if layer.bias is not None:
        yield f"b {size(1, layer.m)}", shown([layer.vector(made.before)])
    yield f"Z = X·W{bias} {size(count, layer.m)}", shown(values[:, z])
    if layer.acts or layer.is_softmax:
        yield f"A = {layer.applied('Z')} {size(count, layer.m)}", shown(values[:, a])
    yield f"dZ {size(count, layer.m)}", shown(gradients[:, z])
    total = made.accumulated
    reduction = session.scenario.reduction
    yield (
        f"dW = {_reduced('Xᵀ·dZ', reduction, count)} {size(layer.n, layer.m)}",
        shown(layer.matrix(total)),
    )
    if layer.bias is not None:
        what = "the rows of dZ added up"
        yield (
            f"db = {_reduced(what, reduction, count)} {size(1, layer.m)}",
            shown([layer.vector(total)]),
        )
    yield f"dX = dZ·Wᵀ {size(count, layer.n)}", shown(gradients[:, inputs])


def _reduced(what: str, reduction: Reduction, count: int) -> str:
    """The sum as it stands, or divided by the number of samples."""
    divisor = reduction.divisor(count)
    return what if divisor == 1 else f"1/{divisor}·({what})"


def _drawn(matrix: Sequence[Sequence[str]]) -> Iterator[Line]:
    rows = list(matrix[:MOST_ROWS])
    wide = max((cells(entry) for row in rows for entry in row), default=1)
    for row in rows:
        yield (run("  [ " + "  ".join(fit(entry, wide, right=True) for entry in row) + " ]"),)
    if len(matrix) > MOST_ROWS:
        yield (run(f"  ⋮ {counted(len(matrix) - MOST_ROWS, 'row')} more", "dim"),)
