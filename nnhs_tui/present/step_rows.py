"""The steps of a run as rows: what `trace` prints, for tables, spreadsheets and paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.debugger.session import Session
from nnhs_tui.labels import PHASE
from nnhs_tui.present.panes.level_steps import level_steps
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.notation import shown_value
from nnhs_tui.present.trace import plain_number, scene_of_round

COLUMNS = ("round", "n", "sample", "phase", "name", "formula", "numbers", "value", "shown")
"""Of a table of steps; n counts within a round."""


@dataclass(frozen=True)
class StepRow:
    """One step."""

    round: int
    n: int
    sample: int | None
    phase: str
    name: str
    formula: str
    numbers: str
    value: str
    """In full: a number, or a list or matrix as JSON."""
    shown: str
    equals: str
    """The sign before what is shown: ≈ where only a rounded part of it is."""
    is_parameter: bool
    """Whether it is the gradient of a parameter, which is underlined."""

    @property
    def is_backward(self) -> bool:
        return self.phase == BACKWARD

    @property
    def told(self) -> str:
        """`= formula = numbers`, saying nothing twice."""
        parts = [self.formula, self.numbers] if self.numbers != self.formula else [self.formula]
        return " = ".join(part for part in parts if part and part != self.shown)


def step_rows(session: Session, rounds: int, level: str) -> Iterator[StepRow]:
    """All steps of the first rounds, at a level.

    Raises:
        ComputationError: a round cannot be computed.
    """
    tape, names = session.tape, session.names
    parameters = {f"grad {names.name(node)}" for node in range(tape.parameters)}
    families = {name.partition("[")[0] for name in parameters}
    for number in range(rounds):
        for n, step in enumerate(level_steps(scene_of_round(session, number), level), 1):
            value = plain_number(step.value)
            numbers = f"{step.numbers}; {step.running}" if step.running else step.numbers
            is_family = level != "node" and step.name.partition("[")[0] in families
            yield StepRow(
                number + 1,
                n,
                step.sample,
                step.phase,
                step.name,
                step.formula,
                numbers,
                json.dumps(value),
                shown_value(step.value, session.digits),
                step.equals,
                step.name in parameters or is_family,
            )


HEADS = ("", "phase", "quantity", "how it is found", "value")


def html_tables(session: Session, rounds: int, level: str) -> Iterator[str]:
    """The rows as one table a round: what goes back has the class `backward`, the gradient of a
    parameter `parameter` too."""
    at, has_several = 0, len(session.run.samples) > 1
    for row in step_rows(session, rounds, level):
        if row.round != at:
            if at:
                yield "</tbody></table>"
            at = row.round
            yield f"<h2>Round {at}</h2>"
            heads = "".join(f"<th>{head}</th>" for head in HEADS)
            yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
        phase = PHASE[row.phase]
        if has_several and row.sample is not None:
            phase += f", sample {row.sample}"
        classes = "shown" + " backward" * row.is_backward + " parameter" * row.is_parameter
        cells = f"<td>{row.n}</td><td>{escape(phase)}</td><td>{html_text(row.name)}</td>"
        cells += f'<td class="numbers">{html_text(row.told)}</td>'
        yield f'<tr>{cells}<td class="{classes}"><span>{html_text(row.shown)}</span></td></tr>'
    yield "</tbody></table>"
