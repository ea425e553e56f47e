"""What `import nnhs_tui` offers a notebook or a teacher's script; all else is private.

Nothing here is loaded before it is used. What a person can get wrong (a file, a command, the name
of a quantity) raises `NnhsError`, whose text says what was found and what was expected.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.session import Session as _Session
from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.operations.numerals import plain
from nnhs_tui.scenario.model import Scenario

__all__ = ["NnhsError", "Scenario", "Session", "from_text", "load", "mark", "mark_sheets", "trace"]


def load(name: str | os.PathLike[str]) -> Scenario:
    """A scenario: a shipped one or one's own by its name, or any file by its path.

    Raises:
        NnhsError: there is none, or something in it is wrong: all faults at once.

    >>> load("two-layer-sigmoid").title
    'Two layers with sigmoid (3→2→1)'
    """
    from nnhs_tui.scenario.library import find
    from nnhs_tui.scenario.loading import load as load_file

    return load_file(find(os.fspath(name)))


def from_text(text: str, name: str = "scenario") -> Scenario:
    """A scenario out of the text of a file.

    Args:
        text: TOML, as a scenario's file has it.
        name: what it is called, in messages too; a data file is looked for in its folder.

    Raises:
        NnhsError: something in it is wrong.
    """
    from nnhs_tui.scenario.loading import from_text as scenario_of

    return scenario_of(text, name)


def trace(
    scenario: Scenario | str, *, arithmetic: str = "", digits: int | None = None, **more: Any
) -> dict[str, Any]:
    """Every number and every step as plain data, in the schema `nnhs-trace/1`.

    Args:
        scenario: one that was loaded, or its name.
        arithmetic: "exact" or "hand"; "": as the scenario says.
        digits: decimals; None: as the scenario says.
        more: `level` ("layer", "neuron", "node"; else the scenario's) and `rounds`, how many.

    Raises:
        NnhsError: the scenario is none, or a round overflows.

    >>> trace("one-to-one")["rounds"][0]["steps"][0]["name"]
    'output.p[1,1]'
    """
    return Session(scenario, arithmetic=arithmetic, digits=digits).trace(**more)


def mark(
    scenario: Scenario | str,
    answers: Mapping[str, object] | Iterable[tuple[str, object]],
    *,
    arithmetic: str = "",
    digits: int | None = None,
) -> list[dict[str, Any]]:
    """Mark one person's answers, all together: what follows from a slip is found among them.

    Args:
        scenario: one that was loaded, or its name.
        answers: the names of quantities and what was found for them, as text or as numbers.
        arithmetic: "exact" or "hand" where only that one is accepted.
        digits: decimals that are asked for; None: as the scenario says.

    Returns:
        For each answer what the schema `nnhs-check/1` has for it: verdict, mistakes, message …

    Raises:
        NnhsError: a name is that of no quantity.

    >>> answers = {"hidden.z[1]": "-0.75", "hidden.a[1]": "0.68"}
    >>> [each["verdict"] for each in mark("two-layer-sigmoid", answers)]
    ['right', 'mistake']
    """
    from nnhs_tui.marking.marker import Marker
    from nnhs_tui.marking.questions import Questions
    from nnhs_tui.present.marking_report import answer_json

    pairs = answers.items() if isinstance(answers, Mapping) else answers
    questions = Questions(_scenario(scenario), digits)
    marked = Marker(questions, arithmetic).mark((name, str(each)) for name, each in pairs)
    return [answer_json(each) for each in marked]


def mark_sheets(
    scenario: Scenario | str,
    paths: Iterable[str | os.PathLike[str]],
    *,
    arithmetic: str = "",
    digits: int | None = None,
    seed: int | None = None,
    strict: bool = False,
) -> dict[str, Any]:
    """Mark the sheets of a class: CSV files with the columns quantity and answer.

    Args:
        scenario: one that was loaded, or its name.
        paths: the files.
        arithmetic: "exact" or "hand" where only that one is accepted.
        digits: decimals that are asked for; None: as the scenario says.
        seed: of the worksheets that do not say theirs.
        strict: whether `close` and `follows` do not count as right.

    Returns:
        The object of the schema `nnhs-check/1`: every sheet with every answer.
    """
    from nnhs_tui.marking.sheets.marked import SheetMarker
    from nnhs_tui.present.marking_report import SCHEMA, sheet_json

    known, files = _scenario(scenario), [os.fspath(path) for path in paths]
    marker = SheetMarker(
        known, digits=digits, arithmetic=arithmetic, seed=seed, strict=strict, beside=files
    )
    sheets = [sheet_json(sheet) for path in files for sheet in marker.marked(path)]
    return {"schema": SCHEMA, "scenario": known.name, "sheets": sheets}


class Session:
    """A scenario being stepped through by commands, the same as in the terminal.

    In a notebook it shows itself: the screen with its panes, as a picture.

    >>> session = Session("two-layer-sigmoid")
    >>> session.step, session.steps
    (1, 55)
    >>> session.do("goto hidden.a[1]")
    ''
    >>> round(session.value("hidden.z[1]"), 2)
    -0.75
    """

    def __init__(
        self, scenario: Scenario | str, *, arithmetic: str = "", digits: int | None = None
    ) -> None:
        """Open it at its first step.

        Args:
            scenario: one that was loaded, or its name.
            arithmetic: "exact" or "hand"; "": as the scenario says.
            digits: decimals; None: as the scenario says.

        Raises:
            NnhsError: there is no such scenario, or its first round overflows.
        """
        self._session = _Session(_scenario(scenario), arithmetic=arithmetic, digits=digits)

    def do(self, command: str) -> str:
        """Carry out a command: `next`, `goto hidden.a[1]`, `edit x[1] 2`, `train 100` …

        Returns:
            What there is to say about it; "" for nothing.

        Raises:
            NnhsError: it is refused, and why.
        """
        outcome = self._session.execute(command)
        if outcome.kind == REFUSED:
            raise Refusal(outcome.message)
        return outcome.message

    @property
    def scenario(self) -> Scenario:
        """What is stepped through."""
        return self._session.scenario

    @property
    def step(self) -> int:
        """The step one is at, from 1, in its round."""
        return self._session.index + 1

    @property
    def steps(self) -> int:
        """How many steps the round has."""
        return self._session.total

    @property
    def round(self) -> int:
        """The round one is in, from 1."""
        return self._session.round + 1

    def value(self, name: str) -> float | None:
        """What a quantity is worth at this step; None: it is not known yet.

        Raises:
            NnhsError: there is no quantity of this name, and what the nearest one is called.
        """
        session = self._session
        value = value_at(session.scene(), session.quantity(name))
        return None if value is None else float(value)

    def written(self, name: str) -> str:
        """The same as it stands in files and answers: all its decimals, none that are 0.

        Raises:
            NnhsError: there is no quantity of this name, or it is not known yet.
        """
        session = self._session
        value = value_at(session.scene(), session.quantity(name))
        if value is None:
            raise Refusal(f"{name} is not known yet")
        return plain(value)

    def trace(self, *, level: str = "", rounds: int | None = None) -> dict[str, Any]:
        """Every number and every step as plain data, what was edited included; see `trace`."""
        from nnhs_tui.present.trace import trace_json

        scenario = self._session.scenario
        return trace_json(self._session, level or scenario.level, rounds or scenario.rounds)

    def picture(
        self, *, size: tuple[int, int] = (100, 30), theme: str = "light", net: bool = False
    ) -> str:
        """The screen at this step, as SVG.

        Args:
            size: columns and rows.
            net: whether it is the net alone, as circles and lines.
            theme: "light", "dark", "high-contrast" or "colour-blind".
        """
        from nnhs_tui.ui.picture import picture

        # A notebook has a loop of its own, and two cannot run in one thread.
        with ThreadPoolExecutor(1) as own:
            drawn = own.submit(picture, self._session, (), size, theme, net_alone=net)
            return drawn.result()

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.picture()


def _scenario(scenario: Scenario | str) -> Scenario:
    return load(scenario) if isinstance(scenario, str) else scenario
