"""Exact arithmetic is the same doubles on every Python."""

from __future__ import annotations

import builtins
import os
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnhs_tui.autodiff import gradcheck
from nnhs_tui.commands.panes import NAMES
from nnhs_tui.debugger.naming.reading import all_names
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.present.lists.where_from import where_listing
from nnhs_tui.present.panes.table import draw
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.trace_numbers import hashes

REPOSITORY = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("goldens") / "trace_numbers.txt"
OTHERS = sorted(REPOSITORY.glob(".venv-*/bin/python"))
"""The environments that `make versions` has made."""


@pytest.mark.second
def test_the_numbers_of_all_traces_are_those_that_are_kept() -> None:
    kept = dict(line.rsplit(" ", 1) for line in KEPT.read_text(encoding="utf-8").splitlines())
    assert hashes(portable=True) == kept


@pytest.mark.slow
@pytest.mark.skipif(not OTHERS, reason="`make versions` has made no environment")
def test_the_numbers_of_all_traces_are_the_same_on_every_python_found() -> None:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    own = [f"{what} {digest}" for what, digest in hashes(portable=False).items()]
    for python in OTHERS:
        command = [str(python), "-m", "tests.trace_numbers"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == own, python


def strict_sum(values: Iterable[Any], start: Any = 0) -> Any:
    """Python's `sum`, but of what is the same in every order alone."""
    total = start
    for each in values:
        assert not isinstance(each, float | np.ndarray), "a sum whose last bit depends on Python"
        total = total + each
    return total


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.toml")), ids=lambda p: p.stem)
def test_doubles_are_never_added_up_by_a_sum_that_depends_on_the_version(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtins, "sum", strict_sum)
    scenario = load(path)
    session = Session(scenario, arithmetic="exact")
    session.run.round(1)
    for place in range(min(session.schedule.total, 60)):
        session.execute(f"goto {place + 1}")
        for pane in NAMES:
            draw(pane, session.scene(), 100, 40)
        session.execute("from")
        where_listing(session)
    assert list(gradcheck.gradcheck(scenario))
    questions = Questions(scenario)
    marker = Marker(questions)
    answers = []
    for place, name in enumerate(all_names(questions.names, questions.schedule)):
        for full in (name, f"sample 2: {name}"):
            # Of several samples some names need one, others have none.
            with suppress(Refusal):
                answers.append((questions.question(full).name, str(0.37 + place)))
    assert len(marker.mark(answers)) == len(answers)
