"""Samples of a network against its sizes and its loss."""

import math
from decimal import Decimal
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.losses import LOSSES, Targets
from nnhs_tui.scenario.reading.faults import Findings, describe_value

SUM_TOLERANCE = 1e-9
"""How far targets of cross_entropy may be from adding up to 1."""


def table(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The table under a key; empty where there is none or it is not sound."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def rows_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def check_samples(
    data: dict[str, Any], inputs: int | None, outputs: int | None, findings: Findings
) -> None:
    """Samples against the sizes of the network and the loss.

    Targets without a loss are allowed, they are shown as a remark; what arrives from in front
    is refused beside a loss, which computes it.
    """
    has_loss = "loss" in data
    if has_loss and "backward" in data:
        expected = "expected only one of them: a loss says itself what arrives"
        findings.add(("backward",), "[backward] beside [loss]", expected)
    upstream = table(data, "backward").get("upstream")
    _check_length(("backward", "upstream"), upstream, outputs, "output", findings)
    is_listed = "data" not in data
    checked: set[int] = set()
    if is_listed and "samples" not in data:
        findings.add(("samples",), "missing", "expected at least one, under [[samples]]")
    for place, sample in enumerate(rows_of(data.get("samples"))):
        if findings.full:
            break
        if not isinstance(sample, dict):
            continue
        path, targets = ("samples", place), sample.get("t")
        # Samples with the same word of a data file share their targets.
        if is_listed or id(targets) not in checked:
            _check_targets((*path, "t"), targets, table(data, "loss").get("kind"), findings)
            checked.add(id(targets))
        if not is_listed:
            continue
        _check_length((*path, "x"), sample.get("x"), inputs, "input", findings)
        _check_length((*path, "t"), sample.get("t"), outputs, "output", findings)
        _check_length((*path, "upstream"), sample.get("upstream"), outputs, "output", findings)
        if has_loss and "t" not in sample:
            findings.add((*path, "t"), "missing", "expected the target: there is a [loss]")
        if has_loss and "upstream" in sample:
            expected = "expected none: with a [loss] what arrives is computed"
            findings.add((*path, "upstream"), "upstream beside a loss", expected)


def _check_length(
    path: tuple[str | int, ...], value: object, wanted: int | None, per: str, findings: Findings
) -> None:
    if isinstance(value, list) and wanted is not None and len(value) != wanted:
        found = counted(len(value), "number") if value else "an empty list"
        findings.add(path, found, f"expected {wanted:,}, one per {per}")


def _check_targets(
    path: tuple[str | int, ...], targets: object, loss: object, findings: Findings
) -> None:
    row = LOSSES.get(loss) if isinstance(loss, str) else None
    if not isinstance(targets, list) or row is None:
        return
    sound = True
    for place, value in enumerate(targets):
        if not isinstance(value, int | Decimal):
            sound = False
        elif not row.targets.allows(value):
            sound = False
            expected = f"expected {row.targets.each}, for {loss}"
            findings.add((*path, place), describe_value(value), expected)
    total = math.fsum(map(float, targets)) if sound else 1.0
    if row.targets is Targets.DISTRIBUTION and targets and abs(total - 1) > SUM_TOLERANCE:
        expected = f"expected 1: the targets of {loss} are probabilities"
        findings.add(path, f"numbers that add up to {total:.10g}", expected)
