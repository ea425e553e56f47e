"""The columns of `[data]` against the sizes of the network and the loss."""

from __future__ import annotations

from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.scenario.model import DataFile
from nnhs_tui.scenario.reading.faults import (
    Findings,
    quote,
)

_TOLD = 6
"""Words of a column that a message names."""


def check_sizes(
    data: dict[str, Any],
    beside: DataFile | None,
    inputs: int | None,
    outputs: int | None,
    findings: Findings,
) -> None:
    """Columns against the sizes of the network and the loss.

    Args:
        data: the decoded scenario.
        beside: what was made of its data file, if anything was.
        inputs: those of the network, where they are known.
        outputs: likewise.
        findings: where faults are noted.
    """
    asked = data["data"]
    if not isinstance(asked, dict):
        return
    columns, targets = asked.get("inputs"), asked.get("targets")
    if isinstance(columns, list) and inputs is not None and len(columns) != inputs:
        found = counted(len(columns), "column")
        findings.add(("data", "inputs"), found, f"expected {inputs:,}, one per input")
    path, is_onehot = ("data", "targets"), asked.get("onehot") is True
    if "targets" not in asked and (is_onehot or "loss" in data):
        why = "onehot is true" if is_onehot else "there is a [loss]"
        findings.add(path, "missing", f'expected their columns, targets = ["species"]: {why}')
    if not isinstance(targets, list):
        return
    found, count = counted(len(targets), "column"), len(targets)
    if is_onehot and count != 1:
        findings.add(path, found, "expected one column of words: onehot is true")
        return
    if is_onehot:
        if beside is None or not beside.words:
            return
        words = beside.words
        count, more = len(words), ", …" * (len(words) > _TOLD)
        found = f"{counted(count, 'word')} ({', '.join(map(quote, words[:_TOLD]))}{more})"
    if outputs is not None and count != outputs:
        findings.add(path, found, f"expected {outputs:,}, one per output")
