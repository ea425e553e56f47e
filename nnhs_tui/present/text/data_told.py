"""What was made of the rows of a data file, in words: nobody steps through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nnhs_tui.errors import quoted
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import telling
from nnhs_tui.scenario.model import Scenario

MOST_TOLD = 6
"""Inputs or targets that are told one by one."""
MORE = 2
"""Decimals of a mean and a deviation beside those that are shown."""

_SCALED = {
    "standard": "the mean taken off, divided by the deviation",
    "unit": "the smallest taken off, divided by the largest less the smallest",
}


def data_told(
    scenario: Scenario, digits: int, name: Callable[[str, int], str] | None = None
) -> Iterator[str]:
    """Which file it is, what was made of its columns, and what the targets stand for.

    Args:
        scenario: one with a data file, else nothing is told.
        digits: decimals that are shown.
        name: what an input ("x") or a target ("t"), from 0, is called.
    """
    data = scenario.data
    if data is None:
        return
    called = name or (lambda letter, place: f"{letter}[{place + 1}]")
    rows = counted(len(scenario.samples), "row")
    yield f"{counted(len(scenario.samples), 'sample')}, {rows} of {Path(data.path).name}"
    more = ", …"
    if data.scaled:
        told = [
            f"{called('x', place)} = ({quoted(each.column)} {'+' if each.off < 0 else '-'} "
            f"{telling(abs(each.off), digits + MORE)}) / {telling(each.by, digits + MORE)}"
            for place, each in enumerate(data.scaled[:MOST_TOLD])
        ]
        yield f"{', '.join(told)}{more * (len(data.scaled) > MOST_TOLD)}: {_SCALED[data.scale]}"
    if data.words:
        told = [f"{called('t', n)} {quoted(word)}" for n, word in enumerate(data.words[:MOST_TOLD])]
        yield f"{', '.join(told)}{more * (len(data.words) > MOST_TOLD)}"
